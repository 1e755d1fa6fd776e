//! [`Stage`]: the stores that a page is on, driven by hand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};
use store_context::{Provider, StoreRegistry};

use crate::schema::{Notes, NotesProvider, Project, ProjectProvider, created};

/// The cache time of a page's stores.
pub const CACHE: Duration = Duration::from_secs(60);

/// A registry on a host that is driven by hand, and what each store is kept on. Clones are the same.
#[derive(Clone)]
pub struct Stage {
    /// Runs the registry.
    pub host: TestHost,
    /// Given to the page's `StoreRegistryProvider`.
    pub registry: StoreRegistry,
    data: Arc<Mutex<HashMap<String, Scripted>>>,
    /// Projects begin with an issue.
    is_filled: bool,
}

impl PartialEq for Stage {
    fn eq(&self, other: &Self) -> bool {
        self.registry == other.registry
    }
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stage")
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

impl Stage {
    /// No store is mounted.
    #[must_use]
    pub fn new() -> Self {
        let host = TestHost::new();
        let registry = host.registry().cache_time(CACHE).build();
        Self { host, registry, data: Arc::default(), is_filled: false }
    }

    /// With an issue in each project.
    #[must_use]
    pub fn filled() -> Self {
        Self { is_filled: true, ..Self::new() }
    }

    /// As a server has it: real threads, no cache time, and an issue in each project.
    #[must_use]
    pub fn of_a_server() -> Self {
        let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
        Self { registry, ..Self::filled() }
    }

    /// What the store with this id is kept on, which may be told to hang or to fail.
    #[must_use]
    pub fn data(&self, id: &str) -> Scripted {
        let mut data = self.data.lock().expect("no test panicked here");
        data.entry(id.to_owned()).or_insert_with(|| Scripted::new(Sqlite::in_memory())).clone()
    }

    /// Provides a project.
    pub fn project(&self, id: &str) -> Provider<Project, Scripted> {
        let is_filled = self.is_filled;
        ProjectProvider::new().adapter(self.data(id)).store_id(id).on_boot(move |store| {
            if is_filled {
                store.commit(created(1))?;
            }
            Ok(())
        })
    }

    /// Provides the notes.
    pub fn notes(&self) -> Provider<Notes, Scripted> {
        NotesProvider::new().adapter(self.data("notes"))
    }
}
