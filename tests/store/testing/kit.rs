//! The testing kit, tested: each part does what it says, and fails where it should.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::executor::block_on;
use store_context::host::{Clock, Spawner, Timer, Work};
use store_context::prelude::*;
use store_context::test::{ManualClock, ManualSpawner, Scripted, TestHost, assert_replays_alike, given};

use crate::project::{Project, ProjectEvent, ProjectProvider, Status, created, in_memory, moved};

/// What a panic said.
fn panic_of(code: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(code)).expect_err("it panics");
    panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap()
}

#[test]
fn given_events_when_another_is_committed_then_the_store_looks_so() {
    given::<Project>([created("a", "first"), created("b", "second")])
        .at(1_700_000_000_000)
        .when(moved("a", Status::Done))
        .then(|store| {
            assert_eq!(store.by_status(Status::Done, 9).get().unwrap()[0].id, "a");
            assert_eq!(store.events(3..).unwrap()[0].meta.unix_ms, 1_700_000_000_000);
            assert_eq!(store.events(..3).unwrap()[0].meta.unix_ms, 0, "the past was before");
        })
        .when([created("c", "third"), created("a", "taken")])
        .then_refused(|error| assert!(error.constraint().is_some(), "{error}"))
        .when(created("c", "third"))
        .then(|store| assert_eq!(store.total().get().unwrap(), 3));
}

#[test]
fn a_kit_that_expects_the_other_outcome_fails_with_a_sentence() {
    let refused = panic_of(|| drop(given::<Project>([created("a", "x")]).when(created("a", "x")).then(|_| ())));
    assert!(refused.starts_with("the commit was refused: store `project@default`"), "{refused}");
    let taken = panic_of(|| drop(given::<Project>([]).when(created("a", "x")).then_refused(|_| ())));
    assert_eq!(taken, "the commit was taken, as event 1");
    let past = panic_of(|| drop(given::<Project>([]).at(5).at(4)));
    assert!(past.contains("does not go back"), "{past}");
}

#[test]
fn a_replay_gives_the_same_tables_or_the_test_fails_and_names_the_table() {
    let store = in_memory();
    store.commit([created("a", "one"), created("b", "two"), moved("b", Status::Done)]).unwrap();
    store.view().update(|view| view.draft = "a document too".into()).unwrap();
    assert_replays_alike(&store, Sqlite::in_memory);

    static READ_FROM_OUTSIDE: AtomicI64 = AtomicI64::new(0);
    #[derive(StoreContext)]
    #[store(name = "careless", events = ProjectEvent)]
    struct Careless {
        issues: Table<crate::project::Issue>,
    }
    impl Materialize for Careless {
        fn materialize(_: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let created_at = READ_FROM_OUTSIDE.fetch_add(1, Ordering::SeqCst);
            let (id, title) = ("a".to_owned(), String::new());
            Ok(tx.insert(crate::project::Issue {
                id,
                title,
                status: Status::Todo,
                points: None,
                labels: vec![],
                created_at,
            })?)
        }
    }
    let careless = block_on(Careless::open(Sqlite::in_memory())).unwrap();
    careless.commit(created("a", "one")).unwrap();
    let differs = panic_of(|| assert_replays_alike(&careless, Sqlite::in_memory));
    assert!(
        differs.contains("store `careless@default`: the first replay gives another row 0 of `issues`"),
        "{differs}"
    );
}

#[test]
fn a_manual_clock_moves_only_when_told_and_wakes_the_earliest_first() {
    struct Wakes(Arc<Mutex<Vec<&'static str>>>, &'static str);
    impl futures::task::ArcWake for Wakes {
        fn wake_by_ref(this: &Arc<Self>) {
            this.0.lock().unwrap().push(this.1);
        }
    }
    let order = Arc::new(Mutex::new(Vec::new()));
    let clock = ManualClock::new();
    let mut sleeping = [("late", 3), ("early", 1), ("middle", 2)].map(|(name, seconds)| {
        let waker = futures::task::waker(Arc::new(Wakes(Arc::clone(&order), name)));
        let mut sleep = clock.sleep(Duration::from_secs(seconds));
        assert!(sleep.poll_unpin(&mut std::task::Context::from_waker(&waker)).is_pending());
        sleep
    });
    clock.advance(Duration::from_secs(3));
    assert_eq!(*order.lock().unwrap(), ["early", "middle", "late"]);
    assert!(sleeping.iter_mut().all(|sleep| sleep.now_or_never().is_some()));

    let clock = ManualClock::at(1_000);
    let (late, early) = (clock.sleep(Duration::from_secs(2)), clock.sleep(Duration::from_secs(1)));
    let (mut late, mut early) = (late, early);
    assert!(clock.sleep(Duration::ZERO).now_or_never().is_some());
    assert!((&mut early).now_or_never().is_none());
    clock.advance(Duration::from_secs(1));
    assert!((&mut early).now_or_never().is_some());
    assert!((&mut late).now_or_never().is_none());
    assert_eq!((clock.unix_ms(), clock.now(), clock.sleepers()), (2_000, Duration::from_secs(1), 1));
    drop(late);
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn a_manual_spawner_runs_nothing_before_it_is_told_and_then_all_that_can() {
    let spawner = ManualSpawner::new();
    let (sender, receiver) = futures::channel::oneshot::channel();
    let again = spawner.clone();
    let first = async move {
        let second = async move { sender.send("from what it spawned").unwrap() };
        again.spawn(Work::Upkeep, second.boxed());
    };
    let waits = futures::future::pending();
    spawner.spawn(Work::Load, first.boxed());
    spawner.spawn(Work::Load, waits.boxed());
    let mut receiver = receiver;
    assert!((&mut receiver).now_or_never().is_none());
    spawner.run();
    assert_eq!(receiver.now_or_never(), Some(Ok("from what it spawned")));
    assert_eq!(spawner.pending(), 1);
}

#[test]
fn settled_resolves_when_no_load_and_no_closing_is_under_way() {
    let (registry, data) = (StoreRegistry::new(), Scripted::new(Sqlite::in_memory()));
    data.hang();
    let mounted = ProjectProvider::new().adapter(data.clone()).mount(&registry).unwrap();
    let mut settled = std::pin::pin!(registry.settled());
    assert!(settled.as_mut().now_or_never().is_none());
    data.resume();
    block_on(settled);
    assert!(matches!(mounted.state(), StoreState::Running(_)));
    drop(mounted.shutdown());
    block_on(registry.settled());
    assert!(matches!(mounted.state(), StoreState::Shutdown(_)));
}

#[test]
fn commits_flushes_and_reads_fail_as_often_as_they_are_told_to() {
    let dir = tempfile::tempdir().unwrap();
    let data = Scripted::new(Sqlite::in_dir(dir.path()));
    let store = block_on(Project::open(data.clone())).unwrap();
    data.fail_commits(2);
    for _ in 0..2 {
        let error = store.commit(created("a", "first")).unwrap_err();
        assert!(matches!(&error, StoreError::Commit { .. }) && error.is_retryable(), "{error}");
        assert_eq!((store.total().get().unwrap(), store.sequence().unwrap()), (0, 0));
    }
    let receipt = store.commit(created("a", "first")).unwrap();
    data.fail_flushes(1);
    assert!(matches!(block_on(receipt.durable()), Err(StoreError::NotDurable { .. })));
    block_on(receipt.durable()).unwrap();
    data.fail_reads(1);
    assert!(matches!(store.total().get(), Err(StoreError::Query { .. })));
    assert_eq!(store.total().get().unwrap(), 1);
    // A live query tells of a run that failed, and of the next one.
    let (teller, told) = std::sync::mpsc::channel();
    let live = store.total().subscribe(move |total| teller.send(total.is_ok()).unwrap()).unwrap();
    data.fail_reads(1);
    store.commit(created("b", "second")).unwrap();
    store.commit(created("c", "third")).unwrap();
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [false, true]);
    drop(live);
}

#[test]
fn waiting_on_a_host_that_is_driven_by_hand_runs_it_or_says_what_is_missing() {
    let host = TestHost::new();
    let registry = host.registry().build();
    let slow = Scripted::new(Sqlite::in_memory()).slow_by(Duration::from_secs(3), host.clock.clone());
    let mounted = ProjectProvider::new().adapter(slow).mount(&registry).unwrap();
    let other = ProjectProvider::new().adapter(Sqlite::in_memory()).store_id("other").mount(&registry).unwrap();
    assert_eq!(host.block_on(other.store()).unwrap().total().get().unwrap(), 0);
    let stuck = catch_unwind(AssertUnwindSafe(|| host.block_on(mounted.store())));
    let message = stuck.map(|_| ()).unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains("let time pass with `advance`"), "{message}");
    host.advance(Duration::from_secs(3));
    host.block_on(mounted.store()).unwrap();
    host.block_on(registry.dispose()).unwrap();
}

#[test]
fn older_events_are_given_as_they_were_written() {
    let none = || given::<Project>([]);
    let written = none().and_written([("v1.IssueCreated", r#"{"id":"a","title":"older"}"#)]);
    written.when(moved("a", Status::Done)).then(|store| {
        let issue = store.issues().get().unwrap()[0].clone();
        assert_eq!((issue.title.as_str(), issue.status), ("older", Status::Done));
    });
    for (name, arguments) in [("v0.Nobody", "{}"), ("v1.IssueCreated", "{}")] {
        let left_out = catch_unwind(AssertUnwindSafe(|| none().and_written([(name, arguments)])));
        assert!(left_out.is_err());
    }
}
