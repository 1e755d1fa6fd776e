//! A page of a browser.

use dioxus::prelude::*;
use dioxus_core::RuntimeGuard;
use store_context_conformance::{Node, Page, Prop, Stage, browser};
use web_sys::Element;

use crate::tree::{App, AppProps, Scene};

pub(crate) struct DioxusPage {
    pub(crate) scene: Scene,
    pub(crate) root: Element,
}

impl Page for DioxusPage {
    fn mount(stage: &Stage, tree: Vec<Node>) -> Self {
        let (scene, root) = (Scene::new(stage), browser::root());
        let dom = VirtualDom::new_with_props(App, AppProps { scene: scene.clone(), tree });
        let config = dioxus_web::Config::new().rootelement(root.clone());
        dioxus_web::launch::launch_virtual_dom(dom, config);
        Self { scene, root }
    }

    fn set(&mut self, prop: Prop, value: &'static str) {
        self.scene.set(prop, value);
    }

    fn act(&mut self, action: impl FnOnce()) {
        let _guard = RuntimeGuard::new(self.scene.runtime());
        action();
    }

    async fn turn(&mut self) {
        browser::turn().await;
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    fn unmount(&mut self) {
        // A page of Dioxus is there as long as its tab: what is in it goes.
        self.scene.empty();
    }
}
