//! A page that takes over what was sent.

use dioxus::prelude::*;
use dioxus_fullstack_core::serialize_context;
use store_context_conformance::{Node, SentPage, Stage, behaviours, browser, each_behaviour_of_a_sent_page};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::page::DioxusPage;
use crate::tree::{App, AppProps, Scene};

wasm_bindgen_test_configure!(run_in_browser);

/// What a server sends is numbered, and the route of the page is first. In an application, dioxus-web reads it with its
/// feature `document`, whose scripts a test page does not load.
#[allow(non_snake_case)]
fn SentApp(AppProps { scene, tree }: AppProps) -> Element {
    use_hook(|| _ = serialize_context().create_entry::<String>());
    rsx! { App { scene, tree } }
}

impl SentPage for DioxusPage {
    fn hydrate(stage: &Stage, tree: Vec<Node>, html: &str) -> Self {
        let (scene, sent) = (Scene::new(stage), browser::sent(html));
        let root = sent.query_selector("#main").expect("it is a selector").expect("it was sent");
        let dom = VirtualDom::new_with_props(SentApp, AppProps { scene: scene.clone(), tree });
        let config = dioxus_web::Config::new().hydrate(true).rootelement(root.clone());
        dioxus_web::launch::launch_virtual_dom(dom, config);
        Self { scene, root }
    }
}

macro_rules! case {
    ($name:ident) => {
        #[wasm_bindgen_test]
        async fn $name() {
            behaviours::$name::<DioxusPage>(include_str!("sent.html")).await;
        }
    };
}
each_behaviour_of_a_sent_page!(case);
