//! A case for each kind of failure: what the program is told, and what the file says when it is opened again.

use std::path::Path;

use futures::StreamExt;
use futures::executor::block_on;
use store_context::error::{OpenError, SessionError};
use store_context::life::{ShutdownCause, State};
use store_context::prelude::*;

use crate::disk::{self, Said, say, tell_disk};
use crate::project::{Project, ProjectKey, ProjectProvider, ProjectStore, created, ids, in_dir};

/// Runs `body` on the failing disk, which is well until told otherwise, and gives its directory and what it said.
fn on_disk(test: &str, body: fn(&Path)) -> Option<(tempfile::TempDir, Said)> {
    if let Some(dir) = disk::dir() {
        body(&dir);
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let said = disk::run(&format!("told::{test}"), dir.path(), "off", "");
    assert!(!said.errors.contains("panicked"), "{}", said.errors);
    Some((dir, said))
}

fn power(dir: &Path) -> Result<ProjectStore, StoreError> {
    block_on(Project::open(Sqlite::in_dir(dir).durability(Durability::Power)))
}

/// Ends this process at once, as a crash does.
fn crash() {
    tell_disk("next/write/any/1/0/0");
    tell_disk("random/1/1");
    loop {
        // Some of these calls end the process.
        let _ = std::fs::write(disk::dir().unwrap().join("end.db"), "x");
    }
}

#[test]
fn a_commit_whose_sync_failed_once_is_refused_and_is_not_there_after_a_crash() {
    let ran = on_disk("a_commit_whose_sync_failed_once_is_refused_and_is_not_there_after_a_crash", |dir| {
        let store = power(dir).unwrap();
        store.commit(created("kept", "synced")).unwrap();
        tell_disk("next/sync/wal/5/0/1");
        let error = store.commit([created("a", "not synced"), created("b", "not synced")]).unwrap_err();
        assert!(matches!(&error, StoreError::Commit { cause: SessionError::Disk { .. }, .. }), "{error}");
        assert!(error.is_retryable(), "{error}");
        assert_eq!(ids(&store), ["kept"]);
        say("refused");
        crash();
    });
    let Some((dir, said)) = ran else { return };
    assert_eq!((&said.lines[..], said.ended), (&["refused".to_owned()][..], false), "{}", said.errors);
    let store = in_dir(dir.path());
    assert_eq!(ids(&store), ["kept"]);
    assert_eq!(store.sequence().unwrap(), 1);
}

#[test]
fn a_commit_that_cannot_be_undone_either_is_told_as_unknown_and_ends_the_store() {
    let ran = on_disk("a_commit_that_cannot_be_undone_either_is_told_as_unknown_and_ends_the_store", |dir| {
        let registry = StoreRegistry::new();
        let provider =
            || ProjectProvider::new().adapter(Sqlite::in_dir(disk::dir().unwrap()).durability(Durability::Power));
        let mounted = provider().mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        store.commit(created("kept", "synced")).unwrap();
        tell_disk("next/sync/any/5/0/1000000");
        let error = store.commit([created("a", "not synced"), created("b", "not synced")]).unwrap_err();
        let StoreError::OutcomeUnknown { from: 2, to: 3, event, .. } = &error else { panic!("{error}") };
        assert!(!error.is_retryable(), "{error}");
        say(event);
        // At once: this process is closing it still.
        tell_disk("off");
        let other = power(dir).unwrap();
        say(other.total().get().unwrap());
        drop(other);
        let ended = mounted
            .transitions()
            .any(|transition| async move { matches!(transition.to, State::Shutdown(ShutdownCause::Broken { .. })) });
        assert!(block_on(ended));
        let refused = store.commit(created("c", "the store is over")).unwrap_err();
        assert!(matches!(&refused, StoreError::Shutdown { .. }), "{refused}");
        drop((mounted, store));
        let again = block_on(provider().mount(&registry).unwrap().store()).unwrap();
        again.commit(created("d", "goes on")).unwrap();
        say("goes on");
        drop(again);
        block_on(registry.shutdown(&ProjectKey::new(store_id!("default")))).unwrap();
    });
    let Some((dir, said)) = ran else { return };
    assert!(said.ended, "{}", said.errors);
    let [event, total, goes_on] = &said.lines[..] else { panic!("{:?}", said.lines) };
    let store = in_dir(dir.path());
    let is_kept = store.events(..).unwrap().iter().any(|logged| logged.meta.id.to_string() == *event);
    assert_eq!((is_kept, goes_on.as_str()), (total == "3", "goes on"), "the log says what happened");
    assert_eq!(ids(&store).len(), if is_kept { 4 } else { 2 });
}

#[test]
fn after_a_flush_that_failed_the_next_one_writes_everything_once_more() {
    let ran = on_disk("after_a_flush_that_failed_the_next_one_writes_everything_once_more", |dir| {
        let store = in_dir(dir);
        let receipt = store.commit(created("a", "to be flushed")).unwrap();
        // A system may call the second sync of the log good without having written anything: the database is synced too.
        for file in ["wal", "db"] {
            tell_disk(&format!("next/sync/{file}/5/0/1"));
            let error = block_on(receipt.durable()).unwrap_err();
            assert!(matches!(&error, StoreError::NotDurable { cause: SessionError::Disk { .. }, .. }), "{error}");
            assert!(error.is_retryable(), "{error}");
        }
        block_on(receipt.durable()).unwrap();
        block_on(store.commit(created("b", "the store goes on")).unwrap().durable()).unwrap();
        say(ids(&store).len());
    });
    let Some((_, said)) = ran else { return };
    assert_eq!(said.lines, ["2"], "{}", said.errors);
}

#[test]
fn a_full_disk_refuses_a_commit_and_the_store_goes_on() {
    let ran = on_disk("a_full_disk_refuses_a_commit_and_the_store_goes_on", |dir| {
        for durability in [Durability::Process, Durability::Power] {
            let store = block_on(Project::open(Sqlite::in_dir(dir).durability(durability))).unwrap();
            let before = ids(&store);
            tell_disk("next/write/any/28/0/1000000");
            for id in ["a", "b", "c"] {
                let error = store.commit(created(id, "no room")).unwrap_err();
                assert!(matches!(&error, StoreError::Commit { cause: SessionError::Disk { .. }, .. }), "{error}");
                assert!(error.is_retryable(), "{error}");
                assert_eq!(ids(&store), before);
            }
            tell_disk("off");
            store.commit(created(durability_name(durability), "room again")).unwrap();
        }
        say("went on");
    });
    let Some((dir, said)) = ran else { return };
    assert_eq!(said.lines, ["went on"], "{}", said.errors);
    assert_eq!(ids(&in_dir(dir.path())), ["power", "process"]);
}

fn durability_name(durability: Durability) -> &'static str {
    if durability == Durability::Power { "power" } else { "process" }
}

#[test]
fn a_read_that_failed_once_is_the_disks_and_not_a_damaged_file() {
    let ran = on_disk("a_read_that_failed_once_is_the_disks_and_not_a_damaged_file", |dir| {
        let many = (0..3_000).map(|n| created(&n.to_string(), "enough for many pages")).collect::<Vec<_>>();
        in_dir(dir).commit(many).unwrap();
        let is_disks = |error: &StoreError| {
            let (StoreError::Query { cause, .. } | StoreError::Commit { cause, .. }) = error else { return false };
            matches!(cause, SessionError::Disk { .. }) && error.is_retryable()
        };
        // Opening, from the first call of it to the last; then it opens.
        let mut refused = 0;
        for after in 0.. {
            tell_disk(&format!("next/read/db/5/{after}/1"));
            let opened = block_on(Project::open(Sqlite::in_dir(dir)));
            tell_disk("off");
            match opened.map(|store| store.total().get()) {
                Ok(total) => {
                    assert_eq!(total.unwrap(), 3_000);
                    break;
                }
                Err(error) => {
                    let StoreError::Open { cause, .. } = &error else { panic!("{error}") };
                    assert!(matches!(cause, OpenError::Session(SessionError::Disk { .. })), "{after}: {error}");
                    assert!(error.is_retryable(), "{error}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 1, "{refused}");
        // Each way to read an open store.
        let fresh = || block_on(Project::open(Sqlite::in_dir(disk::dir().unwrap()).cache_size_kib(16))).unwrap();
        let store = fresh();
        for after in 0..40 {
            let fail = || tell_disk(&format!("next/read/db/5/{after}/1"));
            fail();
            let query = store.issues().get().map(|_| ());
            fail();
            let log = store.events(..).map(|_| ());
            fail();
            let snapshot = store.read(|snap| snap.get(&store.issues()).map(|_| ())).and_then(|read| read);
            fail();
            let commit = store.commit(created(&format!("new {after}"), "reads the table's index")).map(|_| ());
            tell_disk("off");
            for result in [query, log, snapshot, commit] {
                match result {
                    Ok(()) => {}
                    Err(StoreError::Materialize { cause, .. }) => {
                        assert!(!cause.to_string().contains("damaged"), "{cause}");
                    }
                    Err(error) => assert!(is_disks(&error), "{error}"),
                }
            }
            store.issues().get().unwrap();
        }
        store.commit(created("last", "the store goes on")).unwrap();
        say("went on");
    });
    let Some((_, said)) = ran else { return };
    assert_eq!(said.lines, ["went on"], "{}", said.errors);
    assert!(said.faults.len() > 40, "the disk failed: {:?}", said.faults);
}

/// A schema whose materializer takes no notice of what the disk says.
mod careless {
    use crate::project::{Issue, ProjectEvent, Status};
    use store_context::prelude::*;

    #[derive(StoreContext)]
    #[store(name = "careless", events = ProjectEvent)]
    pub struct Careless {
        pub issues: Table<Issue>,
    }

    impl Materialize for Careless {
        fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            if let ProjectEvent::IssueCreated { id, title } = event {
                let created_at = i64::try_from(tx.meta().sequence)?;
                let issue = Issue { id, title, status: Status::Todo, points: None, labels: vec![], created_at };
                let _ = tx.insert(issue);
            }
            Ok(())
        }
    }
}

#[test]
fn a_materializer_that_takes_no_notice_of_a_failed_read_does_not_commit() {
    let ran = on_disk("a_materializer_that_takes_no_notice_of_a_failed_read_does_not_commit", |dir| {
        let fresh = |dir: &Path| block_on(careless::Careless::open(Sqlite::in_dir(dir).cache_size_kib(16))).unwrap();
        let many = (0..3_000).map(|n| created(&n.to_string(), "enough for many pages")).collect::<Vec<_>>();
        fresh(dir).commit(many).unwrap();
        let store = fresh(dir);
        let mut refused = 0;
        for after in 0..30 {
            let before = (store.sequence().unwrap(), store.issues().count().get().unwrap());
            store.issues().get().unwrap();
            tell_disk(&format!("next/read/db/5/{after}/1"));
            let committed = store.commit(created(&format!("{after} new"), "may be"));
            tell_disk("off");
            let added = u64::from(committed.is_ok());
            let now = (store.sequence().unwrap(), store.issues().count().get().unwrap());
            assert_eq!(now, (before.0 + added, before.1 + added.cast_signed()), "{after}: log and rows agree");
            if let Err(error) = committed {
                assert!(error.is_retryable(), "{error}");
                refused += 1;
            }
        }
        say(refused);
    });
    let Some((_, said)) = ran else { return };
    let [refused] = &said.lines[..] else { panic!("{}", said.errors) };
    assert!(refused.parse::<u64>().unwrap() > 0, "{:?}", said.faults);
}
