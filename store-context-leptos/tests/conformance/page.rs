//! A page of a browser.

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use store_context_conformance::{Node, Page, Prop, Stage, browser};

use crate::tree::{App, Scene};

pub(crate) struct LeptosPage {
    pub(crate) scene: Scene,
    pub(crate) root: HtmlElement,
    pub(crate) handle: Option<UnmountHandle<AnyViewState>>,
}

impl Page for LeptosPage {
    fn mount(stage: &Stage, tree: Vec<Node>) -> Self {
        let scene = Scene::new(stage);
        let root: HtmlElement = browser::root().unchecked_into();
        let shown = scene.clone();
        let handle = mount_to(root.clone(), move || view! { <App scene=shown tree/> }.into_any());
        Self { scene, root, handle: Some(handle) }
    }

    fn set(&mut self, prop: Prop, value: &'static str) {
        self.scene.prop(prop).set(value);
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
        self.handle = None;
    }
}
