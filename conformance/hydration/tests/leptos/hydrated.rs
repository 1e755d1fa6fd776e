//! A page that takes over what was sent.

use leptos::mount::hydrate_from;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use store_context_conformance::{Node, SentPage, Stage, behaviours, browser, each_behaviour_of_a_sent_page};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::page::LeptosPage;
use crate::tree::{App, Scene};

wasm_bindgen_test_configure!(run_in_browser);

impl SentPage for LeptosPage {
    fn hydrate(stage: &Stage, tree: Vec<Node>, html: &str) -> Self {
        let scene = Scene::new(stage);
        let root: HtmlElement = browser::sent(html).unchecked_into();
        let shown = scene.clone();
        let handle = hydrate_from(root.clone(), move || view! { <App scene=shown tree/> }.into_any());
        Self { scene, root, handle: Some(handle) }
    }
}

macro_rules! case {
    ($name:ident) => {
        #[wasm_bindgen_test]
        async fn $name() {
            behaviours::$name::<LeptosPage>(include_str!("sent.html")).await;
        }
    };
}
each_behaviour_of_a_sent_page!(case);
