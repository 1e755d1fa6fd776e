//! A page that takes over what was sent.

use store_context_conformance::{Node, SentPage, Stage, behaviours, browser, each_behaviour_of_a_sent_page};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use yew::Renderer;

use crate::page::YewPage;
use crate::tree::{App, Scene};

wasm_bindgen_test_configure!(run_in_browser);

impl SentPage for YewPage {
    fn hydrate(stage: &Stage, tree: Vec<Node>, html: &str) -> Self {
        let (scene, root) = (Scene::new(stage, tree), browser::sent(html));
        let app = Renderer::<App>::with_root_and_props(root.clone(), scene.clone()).hydrate();
        Self { scene, root, app: Some(app) }
    }
}

macro_rules! case {
    ($name:ident) => {
        #[wasm_bindgen_test]
        async fn $name() {
            behaviours::$name::<YewPage>(include_str!("sent.html")).await;
        }
    };
}
each_behaviour_of_a_sent_page!(case);
