//! Who may open a file: one handle at a time, whatever the case of its id, and again as soon as this process has let go.

use std::fs::{self, File};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use futures::executor::block_on;
use store_context::error::OpenError;
use store_context::prelude::*;

use crate::project::{Project, ProjectKey, ProjectProvider, ProjectStore, created, in_dir};

fn open(data: &Sqlite, id: &str) -> Result<ProjectStore, StoreError> {
    block_on(ProjectProvider::new().adapter(data.clone()).store_id(id).open().unwrap())
}

/// The other id that opening names, after checking that trying again is not offered.
fn case_conflict(data: &Sqlite, id: &str) -> String {
    let error = open(data, id).map(|_| ()).unwrap_err();
    assert!(!error.is_retryable(), "{error}");
    assert!(error.to_string().contains("differs only in case"), "{error}");
    match error {
        StoreError::Open { cause: OpenError::CaseConflict { existing }, .. } => existing,
        other => panic!("{other}"),
    }
}

#[test]
fn an_id_that_differs_only_in_case_from_an_open_one_is_a_conflict_and_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path());
    let held = open(&data, "Acme").unwrap();
    assert_eq!(case_conflict(&data, "acme"), "Acme");
    assert_eq!(case_conflict(&data.clone().wait_for_lock(Duration::MAX), "ACME"), "Acme");
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(data.clone()).store_id("aCME").mount(&registry).unwrap();
    let error = block_on(mounted.store()).map(|_| ()).unwrap_err();
    assert!(matches!(&error, StoreError::Open { cause: OpenError::CaseConflict { .. }, .. }), "{error}");
    drop(held);
    assert_eq!(case_conflict(&data, "acme"), "Acme");
    open(&data, "Acme").unwrap();
}

#[test]
fn an_id_that_differs_only_in_case_from_a_loading_one_is_a_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path());
    let (loading, begun) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let told = std::sync::Mutex::new(told);
    let provider = ProjectProvider::new().adapter(data.clone()).store_id("Acme").on_boot(move |_| {
        loading.send(()).unwrap();
        told.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let mounted = provider.mount(&StoreRegistry::new()).unwrap();
    begun.recv().unwrap();
    assert_eq!(case_conflict(&data, "acme"), "Acme");
    go_on.send(()).unwrap();
    block_on(mounted.store()).unwrap();
}

#[test]
fn the_lock_file_says_for_which_id_another_program_holds_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path());
    // Held by this test as another process holds it: the library does not know of it.
    let path = dir.path().join("project@acme.lock");
    fs::write(&path, "project@Acme").unwrap();
    let lock = File::open(&path).unwrap();
    lock.lock().unwrap();
    assert_eq!(case_conflict(&data, "acme"), "Acme");
    let error = open(&data, "Acme").map(|_| ()).unwrap_err();
    assert!(matches!(&error, StoreError::Open { cause: OpenError::InUse { .. }, .. }), "{error}");
    // A version before wrote nothing there.
    fs::write(&path, "").unwrap();
    let error = open(&data, "acme").map(|_| ()).unwrap_err();
    assert!(matches!(&error, StoreError::Open { cause: OpenError::InUse { .. }, .. }), "{error}");
    fs::write(dir.path().join("project@Acme.db"), "").unwrap();
    assert_eq!(case_conflict(&data, "acme"), "Acme");
    lock.unlock().unwrap();
    open(&data, "Acme").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "project@Acme");
}

mod capital {
    use crate::project::{Issue, ProjectEvent};
    use store_context::prelude::*;

    #[derive(StoreContext)]
    #[store(name = "Project", events = ProjectEvent)]
    pub struct Capital {
        pub issues: Table<Issue>,
    }

    impl Materialize for Capital {
        fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(())
        }
    }
}

#[test]
fn schemas_whose_names_differ_only_in_case_are_named_whole() {
    let dir = tempfile::tempdir().unwrap();
    let held = in_dir(dir.path());
    for _ in ["held", "on disk"] {
        let error = block_on(capital::Capital::open(Sqlite::in_dir(dir.path()))).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("`project@default`, which differs only in case"), "{error}");
    }
    drop(held);
}

#[cfg(unix)]
#[test]
fn a_lock_file_that_was_removed_lets_nobody_else_of_this_process_in() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    fs::remove_file(dir.path().join("project@default.lock")).unwrap();
    let error = block_on(Project::open(Sqlite::in_dir(dir.path()))).map(|_| ()).unwrap_err();
    assert!(matches!(&error, StoreError::Open { cause: OpenError::InUse { .. }, .. }), "{error}");
    store.commit(created("a", "the store goes on")).unwrap();
    drop(store);
    assert_eq!(in_dir(dir.path()).total().get().unwrap(), 1);
}

/// Opens the store as often as something ends it, at once.
fn opens_again_at_once(dir: &Path, mut end: impl FnMut(&StoreRegistry)) {
    for round in 0..40 {
        let registry = StoreRegistry::new();
        let mounted = ProjectProvider::new().adapter(Sqlite::in_dir(dir)).mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        store.commit(created(&round.to_string(), "so that closing has something to do")).unwrap();
        end(&registry);
        let again = block_on(Project::open(Sqlite::in_dir(dir))).unwrap();
        assert_eq!(again.total().get().unwrap(), round + 1, "round {round}");
    }
}

#[test]
fn a_store_that_this_process_is_closing_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    opens_again_at_once(dir.path(), |registry| drop(registry.shutdown(&ProjectKey::new(store_id!("default")))));
}

#[test]
fn a_store_that_this_process_disposes_of_on_another_thread_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    opens_again_at_once(dir.path(), |registry| {
        let (registry, (ended, told)) = (registry.clone(), mpsc::channel());
        let watched = registry.get(&ProjectKey::new(store_id!("default"))).unwrap();
        let watching = watched.observe(move |transition| {
            if matches!(transition.to, store_context::life::State::Shutdown(_)) {
                let _ = ended.send(());
            }
        });
        std::thread::spawn(move || block_on(registry.dispose()));
        told.recv().unwrap();
        drop(watching);
    });
}
