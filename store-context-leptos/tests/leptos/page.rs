//! A page without a document: an owner whose effects are what a view's closures are in a browser.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use any_spawner::Executor;
use leptos::prelude::*;
use reactive_graph::effect::Effect;
use store_context::StoreRegistry;
use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};

pub(crate) const CACHE: Duration = Duration::from_secs(60);

pub(crate) struct Page {
    pub(crate) host: TestHost,
    pub(crate) registry: StoreRegistry,
    pub(crate) data: Scripted,
    owner: Option<Owner>,
    shown: Arc<Mutex<Vec<String>>>,
}

impl Page {
    /// A registry that is driven by hand, provided to the page.
    pub(crate) fn new() -> Self {
        let _ = Executor::init_tokio();
        let host = TestHost::new();
        let registry = host.registry().cache_time(CACHE).build();
        let owner = Owner::new();
        owner.with(|| store_context::leptos::provide_store_registry(registry.clone()));
        let data = Scripted::new(Sqlite::in_memory());
        Self { host, registry, data, owner: Some(owner), shown: Arc::default() }
    }

    pub(crate) fn owner(&self) -> Owner {
        self.owner.clone().expect("it is mounted")
    }

    /// Runs the body of a component.
    pub(crate) fn with<T>(&self, component: impl FnOnce() -> T) -> T {
        self.owner().with(component)
    }

    /// Renders a text whenever what it reads changes.
    pub(crate) fn render(&self, text: impl Fn() -> String + Send + Sync + 'static) {
        let shown = Arc::clone(&self.shown);
        self.with(|| Effect::new(move |_| shown.lock().unwrap().push(text())));
    }

    /// What was rendered since the last call, when nothing is left to do.
    pub(crate) async fn rendered(&self) -> Vec<String> {
        self.idle().await;
        std::mem::take(&mut *self.shown.lock().unwrap())
    }

    /// Lets the stores' threads and the page's tasks run until neither has anything to do.
    pub(crate) async fn idle(&self) {
        for _ in 0..8 {
            self.host.run();
            for _ in 0..8 {
                tokio::task::yield_now().await;
                Executor::tick().await;
            }
        }
    }

    pub(crate) fn unmount(&mut self) {
        if let Some(owner) = self.owner.take() {
            owner.cleanup();
        }
    }
}

/// Runs a test as a browser does: one thread, and tasks that need not be `Send`.
pub(crate) fn on_one_thread(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, test);
}
