//! `Durability::Grouped`: commits that are flushed together.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::executor::block_on;
use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};

use crate::project::{Project, ProjectEvent, ProjectProvider, created, ids, in_dir};

const DELAY: Duration = Duration::from_millis(20);

fn grouped(dir: &Path) -> Sqlite {
    Sqlite::in_dir(dir).durability(Durability::Grouped { delay: DELAY })
}

/// What another connection sees: what is in the file.
fn flushed(dir: &Path) -> i64 {
    let file = rusqlite::Connection::open(dir.join("project@default.db")).unwrap();
    file.query_row("SELECT count(*) FROM store_context_events", [], |row| row.get(0)).unwrap()
}

#[test]
fn commits_are_seen_at_once_and_flushed_together_when_their_time_has_passed() {
    let dir = tempfile::tempdir().unwrap();
    let host = TestHost::new();
    let registry = host.registry().build();
    let mounted = ProjectProvider::new().adapter(grouped(dir.path())).mount(&registry).unwrap();
    let store = host.block_on(mounted.store()).unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = Arc::clone(&told);
    let _live = store.total().subscribe(move |total| tells.lock().unwrap().push(total.unwrap())).unwrap();

    store.commit(created("a", "one")).unwrap();
    store.commit([created("b", "two"), created("c", "three")]).unwrap();
    store.view().update(|view| view.draft = "typed".to_owned()).unwrap();
    assert_eq!((store.total().get().unwrap(), store.sequence().unwrap()), (3, 4));
    assert_eq!(store.read(|snap| snap.get(&store.issues()).map(|issues| issues.len())).unwrap().unwrap(), 3);
    assert_eq!(store.events(..).unwrap().len(), 4);
    assert_eq!(*told.lock().unwrap(), [1, 3]);
    assert_eq!(flushed(dir.path()), 0, "nobody else sees them");

    host.advance(DELAY / 2);
    assert_eq!(flushed(dir.path()), 0);
    host.advance(DELAY / 2);
    assert_eq!(flushed(dir.path()), 4);
    assert_eq!(store.total().get().unwrap(), 3);

    let receipt = store.commit(created("d", "four")).unwrap();
    assert_eq!(flushed(dir.path()), 4);
    host.block_on(receipt.durable()).unwrap();
    assert_eq!(flushed(dir.path()), 5, "whoever waits is not kept waiting");
    store.commit(created("e", "five")).unwrap();
    host.advance(DELAY);
    assert_eq!(flushed(dir.path()), 6, "each group has a flush of its own");
}

#[test]
fn a_commit_that_is_refused_takes_no_other_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = block_on(Project::open(grouped(dir.path()))).unwrap();
    store.commit(created("a", "one")).unwrap();
    store.commit([created("b", "two"), ProjectEvent::Refused { reason: "no".to_owned() }]).unwrap_err();
    store.commit([created("b", "two"), ProjectEvent::Panicked]).unwrap_err();
    store.commit(created("a", "again")).unwrap_err();
    assert_eq!((ids(&store), store.sequence().unwrap()), (vec!["a".to_owned()], 1));
    store.commit(created("c", "three")).unwrap();
    drop(store);
    assert_eq!(ids(&in_dir(dir.path())), ["a", "c"], "closing flushes");
}

#[test]
fn a_refused_commit_leaves_no_transaction_open() {
    let dir = tempfile::tempdir().unwrap();
    let store = block_on(Project::open(grouped(dir.path()))).unwrap();
    store.commit(ProjectEvent::Panicked).unwrap_err();
    let other = rusqlite::Connection::open(dir.path().join("project@default.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; ROLLBACK").expect("nobody writes");
}

#[test]
fn a_backup_has_every_commit_that_is_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let store = block_on(Project::open(grouped(dir.path()))).unwrap();
    store.commit(created("a", "one")).unwrap();
    let copy = tempfile::tempdir().unwrap();
    store.backup(copy.path().join("project@default.db")).unwrap();
    assert_eq!(ids(&in_dir(copy.path())), ["a"]);
}

#[test]
fn every_thread_sees_what_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let store = block_on(Project::open(grouped(dir.path()))).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..50 {
                    let id = format!("{thread}-{n}");
                    let receipt = store.commit(created(&id, "one")).unwrap();
                    assert!(store.issues().by_key(id.as_str()).get().unwrap().is_some());
                    if n % 10 == 0 {
                        block_on(receipt.durable()).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(store.total().get().unwrap(), 200);
}

#[test]
fn a_flush_that_fails_is_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let host = TestHost::new();
    let registry = host.registry().build();
    let data = Scripted::new(grouped(dir.path()));
    let mounted = ProjectProvider::new().adapter(data.clone()).mount(&registry).unwrap();
    let store = host.block_on(mounted.store()).unwrap();
    data.fail_flushes(2);
    store.commit(created("a", "one")).unwrap();
    host.advance(DELAY);
    host.advance(DELAY);
    assert_eq!(flushed(dir.path()), 0);
    host.advance(DELAY);
    assert_eq!(flushed(dir.path()), 1);
}
