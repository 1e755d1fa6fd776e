//! [`load`]: mounts the stores of all repositories at once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::executor::block_on;
use store_context::prelude::*;

use crate::git::Git;
use crate::import::import;
use crate::progress::Progress;
use crate::repository::{RepositoryProvider, RepositoryStore};
use crate::workspace::{Target, WorkspaceEvent, WorkspaceStore};

/// A repository whose store runs, or failed.
pub(crate) struct Loaded {
    pub(crate) target: Target,
    pub(crate) store: Result<RepositoryStore, StoreError>,
    /// How many events its log got.
    pub(crate) new_events: u64,
    pub(crate) load_time: Duration,
}

/// Mounts a store for each repository. They load side by side, and each imports its repository as it does.
pub(crate) fn load(
    registry: &StoreRegistry,
    data: &Path,
    workspace: &WorkspaceStore,
    targets: Vec<Target>,
) -> Vec<Loaded> {
    let progress = Progress::new();
    let (mut providers, mut bars, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for target in &targets {
        let (bar, new_events) = (progress.bar(&target.store_id), Arc::new(AtomicU64::new(0)));
        bars.push(bar.clone());
        counts.push(Arc::clone(&new_events));
        let id = target.store_id.clone();
        let (target, workspace) = (target.clone(), workspace.clone());
        let import_repository = move |store: &RepositoryStore| {
            bar.asking();
            let git = Git::open(&target.path)?;
            let (store_id, path) = (target.store_id.clone(), target.listed_path());
            // Before the first commit is read, so that the repository keeps its store whatever ends this run.
            workspace.commit(WorkspaceEvent::RepositoryOpened { store_id, path })?;
            let before = store.sequence()?;
            let imported = import(store, &git, &bar);
            new_events.store(store.sequence()? - before, Ordering::Relaxed);
            imported
        };
        providers.push(RepositoryProvider::new().adapter(Sqlite::in_dir(data)).store_id(id).on_boot(import_repository));
    }

    let composed = compose(providers).mount(registry);
    let stores = composed.stores();
    let mounted = composed.into_mounted();
    let observed: Vec<_> = mounted
        .iter()
        .zip(bars)
        .filter_map(|(mounted, bar)| Some(mounted.as_ref().ok()?.observe_now(move |step| bar.show(step))))
        .collect();
    let stores = block_on(stores);
    drop(observed);
    progress.clear();

    let snapshot = registry.snapshot();
    let load_time = |id: &str| {
        let store =
            snapshot.stores.iter().find(|store| store.name.schema == "repository" && store.name.id.as_str() == id);
        store.map_or(Duration::ZERO, |store| store.load_time)
    };
    let loaded = targets.into_iter().zip(stores).zip(counts);
    loaded
        .map(|((target, store), new_events)| Loaded {
            load_time: load_time(&target.store_id),
            new_events: new_events.load(Ordering::Relaxed),
            target,
            store,
        })
        .collect()
}
