//! A page of a browser.

use store_context_conformance::{Node, Page, Prop, Stage, browser};
use web_sys::Element;
use yew::{AppHandle, Renderer};

use crate::tree::{App, Scene};

pub(crate) struct YewPage {
    pub(crate) scene: Scene,
    pub(crate) root: Element,
    pub(crate) app: Option<AppHandle<App>>,
}

impl Page for YewPage {
    fn mount(stage: &Stage, tree: Vec<Node>) -> Self {
        let (scene, root) = (Scene::new(stage, tree), browser::root());
        let app = Renderer::<App>::with_root_and_props(root.clone(), scene.clone()).render();
        Self { scene, root, app: Some(app) }
    }

    fn set(&mut self, prop: Prop, value: &'static str) {
        self.scene.set(prop, value);
        if let Some(app) = &mut self.app {
            app.update(self.scene.clone());
        }
    }

    fn act(&mut self, action: impl FnOnce()) {
        action();
    }

    async fn turn(&mut self) {
        browser::turn().await;
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    fn unmount(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
    }
}
