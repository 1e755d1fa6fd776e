//! Who may open a file: one handle at a time, whatever the case of its id, and again as soon as this process has let go.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use futures::StreamExt;
use futures::executor::block_on;
use store_context::error::OpenError;
use store_context::life::{ShutdownCause, State};
use store_context::prelude::*;

use crate::project::{Project, ProjectKey, ProjectProvider, ProjectStore, created, ids, in_dir};

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
            if matches!(transition.to, State::Shutdown(_)) {
                let _ = ended.send(());
            }
        });
        std::thread::spawn(move || block_on(registry.dispose()));
        told.recv().unwrap();
        drop(watching);
    });
}

fn is_other_writer(error: &StoreError) -> bool {
    use store_context::error::SessionError::OtherWriter;
    let said = error.to_string().contains("another program writes to this file") && !error.is_retryable();
    let (StoreError::Commit { cause, .. } | StoreError::NotDurable { cause, .. }) = error else { return false };
    said && *cause == OtherWriter
}

/// Waits until a store has ended as broken, and gives its guard.
fn broken(mounted: &Mounted<Project>) {
    let ended = mounted.transitions().filter_map(|transition| {
        futures::future::ready(match transition.to {
            State::Shutdown(cause) => Some(cause),
            _ => None,
        })
    });
    let cause = block_on(std::pin::pin!(ended).next()).unwrap();
    assert!(matches!(&cause, ShutdownCause::Broken { .. }), "{cause}");
}

#[test]
fn a_program_that_writes_to_the_file_of_an_open_store_is_noticed_and_nothing_is_written_over_it() {
    const ALL: &str = "SELECT (SELECT group_concat(sequence || name) FROM store_context_events)
                           || (SELECT group_concat(id || title) FROM issues) || (SELECT count(*) FROM sqlite_schema)";
    let writes = [
        "INSERT INTO store_context_events SELECT 9, 1, randomblob(16), name, arguments, client, session, 0, NULL
         FROM store_context_events WHERE sequence = 1",
        "UPDATE issues SET title = 'theirs'",
        "CREATE TABLE theirs (x)",
        "DELETE FROM store_context_events",
    ];
    for (ask, sql) in writes.iter().flat_map(|sql| [(false, sql), (true, sql)]) {
        let dir = tempfile::tempdir().unwrap();
        let provider = || ProjectProvider::new().adapter(Sqlite::in_dir(dir.path()));
        let registry = StoreRegistry::new();
        let mounted = provider().mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        let receipt = store.commit(created("a", "ours")).unwrap();
        let other = rusqlite::Connection::open(dir.path().join("project@default.db")).unwrap();
        // One that only reads is not in the way.
        let all = || other.query_row(ALL, [], |row| row.get::<_, Option<String>>(0)).unwrap();
        all();
        store.view().update(|view| view.draft = "ours too".into()).unwrap();
        other.execute_batch(sql).unwrap();
        let theirs = all();
        let error = match ask {
            false => store.commit(created("b", "would be written over theirs")).unwrap_err(),
            true => block_on(receipt.durable()).unwrap_err(),
        };
        assert!(is_other_writer(&error), "{sql}: {error}");
        broken(&mounted);
        assert_eq!(all(), theirs, "{sql}");
        drop((mounted, store));
        drop(other);
        let again = block_on(provider().mount(&registry).unwrap().store()).unwrap();
        again.commit(created("c", "the other is gone")).unwrap();
    }
}

#[test]
fn a_program_that_kept_the_file_busy_and_then_wrote_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let store = block_on(Project::open(Sqlite::in_dir(dir.path()).busy_timeout(Duration::ZERO))).unwrap();
    store.commit(created("a", "ours")).unwrap();
    let other = rusqlite::Connection::open(dir.path().join("project@default.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = store.commit(created("b", "has to wait")).unwrap_err();
    assert!(busy.is_retryable() && busy.to_string().contains("the file is busy"), "{busy}");
    other.execute_batch("ROLLBACK").unwrap();
    store.commit(created("b", "the other wrote nothing")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE issues SET title = 'theirs'").unwrap();
    assert!(store.commit(created("c", "has to wait")).unwrap_err().is_retryable());
    other.execute_batch("COMMIT").unwrap();
    let error = store.commit(created("c", "would be written over theirs")).unwrap_err();
    assert!(is_other_writer(&error), "{error}");
}

/// Opens the store in a process of its own, commits, and holds it until it is told to close.
fn hold_open(dir: &Path) {
    let store = in_dir(dir);
    store.commit(created("theirs", "of the other process")).unwrap();
    println!("open");
    let _ = std::io::stdin().read_line(&mut String::new());
}

#[cfg(unix)]
#[test]
fn a_process_that_a_removed_lock_file_let_in_is_noticed() {
    const CHILD: &str = "STORE_CONTEXT_TEST_LET_IN";
    if let Some(dir) = std::env::var_os(CHILD) {
        return hold_open(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let provider = || ProjectProvider::new().adapter(Sqlite::in_dir(dir.path()));
    let mounted = provider().mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    store.commit(created("ours", "before the lock file was removed")).unwrap();
    fs::remove_file(dir.path().join("project@default.lock")).unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "adapter::locks::a_process_that_a_removed_lock_file_let_in_is_noticed", "--nocapture"])
        .env(CHILD, dir.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut says = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(says.any(|line| line == "open"));

    let error = store.commit(created("lost", "would take their sequence number")).unwrap_err();
    assert!(is_other_writer(&error), "{error}");
    broken(&mounted);
    drop(store);
    let again = provider().mount(&registry).unwrap();
    let error = block_on(again.store()).map(|_| ()).unwrap_err();
    assert!(matches!(&error, StoreError::Open { cause: OpenError::InUse { .. }, .. }), "{error}");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    again.retry().unwrap();
    let store = block_on(again.store()).unwrap();
    assert_eq!(ids(&store), ["ours", "theirs"]);
    assert_eq!(store.events(..).unwrap().len(), 2);
    store.commit(created("ours again", "the other is gone")).unwrap();
}

#[cfg(unix)]
#[test]
fn a_lock_file_that_is_replaced_while_somebody_waits_for_it_is_looked_at_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("project@default.lock");
    let locked = |path: &Path| {
        let file = File::create(path).unwrap();
        file.lock().unwrap();
        file
    };
    let first = locked(&path);
    let opening = Project::open(Sqlite::in_dir(dir.path()).wait_for_lock(Duration::from_secs(60)));
    let other = dir.path().join("another.lock");
    let second = locked(&other);
    fs::rename(&other, &path).unwrap();
    drop(first);
    let error = block_on(Project::open(Sqlite::in_dir(dir.path()))).map(|_| ()).unwrap_err();
    assert!(matches!(&error, StoreError::Open { cause: OpenError::InUse { .. }, .. }), "{error}");
    drop(second);
    block_on(opening).unwrap();
}
