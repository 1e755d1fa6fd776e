//! A page without a document: a `VirtualDom`.

use dioxus::prelude::*;
use dioxus_core::NoOpMutations;
use futures::FutureExt;
use store_context_conformance::{Node, Page, Prop, Stage, behaviours, each_behaviour, each_behaviour_with_threads};

use crate::tree::{App, AppProps, Scene, without_markup};

struct DioxusPage {
    scene: Scene,
    dom: Option<VirtualDom>,
}

impl Page for DioxusPage {
    fn mount(stage: &Stage, tree: Vec<Node>) -> Self {
        let scene = Scene::new(stage);
        let mut dom = VirtualDom::new_with_props(App, AppProps { scene: scene.clone(), tree });
        dom.rebuild_in_place();
        Self { scene, dom: Some(dom) }
    }

    fn set(&mut self, prop: Prop, value: &'static str) {
        self.scene.set(prop, value);
    }

    fn act(&mut self, action: impl FnOnce()) {
        let Some(dom) = &self.dom else { return action() };
        dom.in_runtime(action);
    }

    async fn turn(&mut self) {
        let Some(dom) = &mut self.dom else { return };
        while dom.wait_for_work().now_or_never().is_some() {
            dom.render_immediate(&mut NoOpMutations);
        }
    }

    fn text(&self) -> String {
        self.dom.as_ref().map(|dom| without_markup(&dioxus_ssr::render(dom))).unwrap_or_default()
    }

    fn unmount(&mut self) {
        self.dom = None;
    }
}

macro_rules! case {
    ($name:ident) => {
        #[test]
        fn $name() {
            futures::executor::block_on(behaviours::$name::<DioxusPage>());
        }
    };
}
each_behaviour!(case);
each_behaviour_with_threads!(case);
