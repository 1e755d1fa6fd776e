//! A page without a document: a `VirtualDom` on stores that are driven by hand.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dioxus::prelude::*;
use dioxus_core::NoOpMutations;
use store_context::StoreRegistry;
use store_context::dioxus::DocumentSetter;
use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};

use crate::{App, AppProps, Project, ProjectKey, ProjectStore, View};

pub(crate) const CACHE: Duration = Duration::from_secs(60);

/// What a page is given. All of a test is one page, so that none differs from another.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) below: fn() -> Element,
    pub(crate) registry: Option<StoreRegistry>,
    pub(crate) data: Scripted,
    pub(crate) boundary: Rc<RefCell<Option<ErrorContext>>>,
    pub(crate) renders: Arc<AtomicUsize>,
}

impl Setup {
    /// A page that shows this.
    pub(crate) fn of(below: fn() -> Element) -> Self {
        let data = Scripted::new(Sqlite::in_memory());
        Self { below, registry: None, data, boundary: Rc::default(), renders: Arc::default() }
    }
}

impl PartialEq for Setup {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

pub(crate) struct Page {
    pub(crate) host: TestHost,
    pub(crate) registry: StoreRegistry,
    pub(crate) data: Scripted,
    setup: Setup,
    dom: VirtualDom,
    is_built: bool,
}

impl Page {
    /// Runs a test on a page that shows this.
    pub(crate) fn run(below: fn() -> Element, test: impl AsyncFnOnce(Self)) {
        let host = TestHost::new();
        let registry = host.registry().cache_time(CACHE).build();
        let setup = Setup { registry: Some(registry.clone()), ..Setup::of(below) };
        let dom = VirtualDom::new_with_props(App, AppProps { setup: setup.clone() });
        let page = Self { host, registry, data: setup.data.clone(), setup, dom, is_built: false };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(test(page));
    }

    /// What is shown when nothing is left to do, and how often it was rendered since the last call.
    pub(crate) async fn shown(&mut self) -> (String, usize) {
        if !std::mem::replace(&mut self.is_built, true) {
            self.dom.rebuild_in_place();
        }
        // Nothing tells that a page has nothing to do, so a moment in which nothing happens stands for it.
        let mut quiet = 0;
        while quiet < 3 {
            self.host.run();
            let work = tokio::time::timeout(Duration::from_millis(2), self.dom.wait_for_work()).await;
            quiet = if work.is_ok() { 0 } else { quiet + 1 };
            self.dom.render_immediate(&mut NoOpMutations);
        }
        (dioxus_ssr::render(&self.dom), self.setup.renders.swap(0, Ordering::Relaxed))
    }

    /// Writes signals.
    pub(crate) fn set(&self, write: impl FnOnce()) {
        self.dom.in_runtime(write);
    }

    pub(crate) fn reset_boundary(&self) {
        let boundary = self.setup.boundary.borrow().clone().expect("it showed an error");
        self.dom.in_runtime(|| boundary.clear_errors());
    }

    pub(crate) fn mounted(&self, id: &str) -> Mounted<Project> {
        self.registry.get(&id.parse::<ProjectKey>().unwrap()).unwrap()
    }

    pub(crate) fn store(&self, id: &str) -> ProjectStore {
        self.mounted(id).read().unwrap().ready().expect("it runs")
    }

    /// The ids of the stores that are open.
    pub(crate) fn stores(&self) -> Vec<String> {
        self.registry.snapshot().stores.iter().map(|store| store.name.id.to_string()).collect()
    }
}

thread_local! {
    static SETTER: RefCell<Option<DocumentSetter<Project, View>>> = const { RefCell::new(None) };
}

/// Hands a component's setter to the test.
pub(crate) fn keep(setter: DocumentSetter<Project, View>) {
    SETTER.with(|kept| *kept.borrow_mut() = Some(setter));
}

pub(crate) fn kept() -> DocumentSetter<Project, View> {
    SETTER.with(|kept| kept.borrow().clone()).expect("the component was rendered")
}
