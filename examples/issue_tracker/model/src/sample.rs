//! [`Stores`]: where the stores are, and what is in them when they are opened for the first time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store_context::prelude::*;

use crate::project::{Priority, ProjectEvent, ProjectProvider, ProjectStore, Status};
use crate::workspace::{WorkspaceProvider, WorkspaceStore, created};

/// The adapter of all stores, which mounts them by name. Clones are the same.
#[derive(Clone, Debug)]
pub struct Stores {
    data: Sqlite,
    /// Whether the project `import` was opened before.
    tried: Arc<AtomicBool>,
}

impl PartialEq for Stores {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tried, &other.tried)
    }
}

/// Stores in memory, with some projects in them.
#[must_use]
pub fn sample_stores() -> Stores {
    Stores { data: Sqlite::in_memory(), tried: Arc::default() }
}

impl Stores {
    /// The workspace.
    #[must_use]
    pub fn workspace(&self) -> WorkspaceProvider<Sqlite> {
        WorkspaceProvider::new().adapter(self.data.clone()).on_boot(fill_workspace)
    }

    /// The project with this id. The one called `import` does not open the first time, so that you see how an error looks.
    #[must_use]
    pub fn project(&self, id: &str) -> ProjectProvider<Sqlite> {
        let (tried, is_import, own) = (Arc::clone(&self.tried), id == "import", id.to_owned());
        ProjectProvider::new().adapter(self.data.clone()).store_id(id).on_boot(move |store| {
            if is_import && !tried.swap(true, Ordering::Relaxed) {
                return Err("the file to import is not there yet".into());
            }
            fill_project(&own, store)
        })
    }
}

type Filled = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn fill_workspace(store: &WorkspaceStore) -> Filled {
    if !store.projects().exists().get()? {
        store.commit(["Atlas", "Compass", "Ledger", "Import"].map(created))?;
    }
    Ok(())
}

fn fill_project(id: &str, store: &ProjectStore) -> Filled {
    if !store.issues().exists().get()? {
        let added = |(title, status, priority): &(&str, Status, Priority)| ProjectEvent::Added {
            title: (*title).to_owned(),
            status: *status,
            priority: *priority,
        };
        store.commit(issues_of(id).iter().map(added).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn issues_of(id: &str) -> &'static [(&'static str, Status, Priority)] {
    use Priority::{High, Low, Normal};
    use Status::{Doing, Done, Todo};
    match id {
        "atlas" => &[
            ("Draw the map in tiles", Done, High),
            ("Zoom to where the pointer is", Done, Normal),
            ("Labels overlap in narrow streets", Doing, Normal),
            ("Search for an address", Doing, High),
            ("Print a section on one sheet", Todo, Low),
            ("Offline areas for a journey", Todo, High),
            ("Contrast of the night map", Todo, Normal),
        ],
        "compass" => &[
            ("Calibrate without a figure of eight", Done, Normal),
            ("Show true north beside magnetic north", Doing, High),
            ("The needle trembles on a train", Doing, Normal),
            ("Remember the last three bearings", Todo, Normal),
            ("Widget for the lock screen", Todo, Low),
        ],
        "ledger" => &[
            ("Import statements of two banks", Done, High),
            ("Round each line, not the sum", Done, High),
            ("Close a month", Doing, High),
            ("Attach a receipt to a booking", Todo, Normal),
            ("Export for the tax adviser", Todo, Normal),
            ("Shortcuts for the ten most frequent accounts", Todo, Low),
        ],
        "import" => &[("Look through what was imported", Todo, Normal)],
        _ => &[],
    }
}
