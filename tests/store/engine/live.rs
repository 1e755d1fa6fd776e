//! Live queries: who is told, when, and in which order.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use store_context::prelude::*;
use store_context::query::One;

use crate::project::{Project, ProjectEvent, ProjectProvider, ProjectStore, Status, created, ids, in_memory, moved};

/// What a subscriber was told, in order.
#[derive(Clone)]
struct Told<T>(Arc<Mutex<Vec<T>>>);

impl<T: Clone> Told<T> {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn push(&self, value: T) {
        self.0.lock().unwrap().push(value);
    }

    fn all(&self) -> Vec<T> {
        self.0.lock().unwrap().clone()
    }
}

fn board() -> ProjectStore {
    let store = in_memory();
    store.commit([created("a", "first"), created("b", "second")]).unwrap();
    store
}

#[test]
fn a_subscriber_is_told_when_its_result_differs_and_only_then() {
    let store = board();
    let told = Told::new();
    let teller = told.clone();
    let _live = store
        .by_status(Status::Todo, 20)
        .subscribe(move |rows| teller.push(rows.unwrap().iter().map(|i| i.id.clone()).collect::<String>()))
        .unwrap();
    assert!(told.all().is_empty(), "`subscribe` does not call at once");
    store.commit(moved("a", Status::Done)).unwrap();
    assert_eq!(told.all(), ["b"]);
    store.commit(moved("a", Status::Doing)).unwrap();
    assert_eq!(told.all(), ["b"], "the column is read, the result is the same");
    store.commit(moved("nobody", Status::Todo)).unwrap();
    assert_eq!(told.all(), ["b"], "nothing was updated");
}

#[test]
fn a_batch_is_one_notification() {
    let store = in_memory();
    let told = Told::new();
    let teller = told.clone();
    let _live = store.total().subscribe(move |total| teller.push(total.unwrap())).unwrap();
    store.commit((0..10).map(|n| created(&n.to_string(), "one of ten")).collect::<Vec<_>>()).unwrap();
    assert_eq!(told.all(), [10]);
}

#[test]
fn subscribe_now_tells_the_present_result_first() {
    let store = board();
    let told = Told::new();
    let teller = told.clone();
    let live = store.total().subscribe_now(move |total| teller.push(total.unwrap())).unwrap();
    store.commit(created("c", "third")).unwrap();
    drop(live);
    store.commit(created("d", "fourth")).unwrap();
    assert_eq!(told.all(), [2, 3]);
}

#[test]
fn columns_that_a_query_does_not_read_do_not_wake_it() {
    let store = board();
    let told = Told::new();
    let teller = told.clone();
    let _titles = store.title_of("a").subscribe(move |title| teller.push(title.unwrap())).unwrap();
    store.commit(moved("a", Status::Done)).unwrap();
    store.commit(ProjectEvent::Retitled { id: "a".into(), title: "renamed".into() }).unwrap();
    assert_eq!(told.all(), [Some("renamed".to_owned())]);
}

#[test]
fn rows_that_stay_the_same_stay_the_same_allocation() {
    let store = board();
    let told = Told::new();
    let teller = told.clone();
    let select = store.issues().order_by(|i| i.id.asc());
    let _live = select.clone().subscribe(move |rows| teller.push(rows.unwrap())).unwrap();
    let before = select.get().unwrap();
    store.commit(moved("b", Status::Done)).unwrap();
    let after = told.all().remove(0);
    assert!(Arc::ptr_eq(&before[0], &after[0]));
    assert!(!Arc::ptr_eq(&before[1], &after[1]));
}

#[test]
fn a_commit_inside_a_subscriber_runs_its_round_after_the_present_one() {
    let store = board();
    let told = Told::new();
    let (first, second) = (told.clone(), told.clone());
    let weak = store.downgrade();
    let _reacting = store
        .by_status(Status::Done, 20)
        .subscribe(move |rows| {
            first.push(format!("done: {}", rows.unwrap().len()));
            let store = weak.upgrade().unwrap();
            let receipt = store.commit(moved("b", Status::Doing)).unwrap();
            first.push(format!("committed {}", receipt.sequence()));
        })
        .unwrap();
    let _other = store
        .by_status(Status::Doing, 20)
        .subscribe(move |rows| second.push(format!("doing: {}", rows.unwrap().len())))
        .unwrap();
    store.commit(moved("a", Status::Done)).unwrap();
    assert_eq!(told.all(), ["done: 1", "committed 4", "doing: 1"]);
}

#[test]
fn subscribers_that_answer_each_other_for_ever_are_stopped_with_an_error() {
    let store = board();
    let weak = store.downgrade();
    let stopped = Told::new();
    let teller = stopped.clone();
    let count = AtomicU32::new(0);
    let _endless = store
        .issues()
        .subscribe(move |_| {
            let title = count.fetch_add(1, Ordering::SeqCst).to_string();
            let event = ProjectEvent::Retitled { id: "a".into(), title };
            if let Err(error) = weak.upgrade().unwrap().commit(event) {
                teller.push(error.to_string());
            }
        })
        .unwrap();
    store.commit(created("c", "starts it")).unwrap();
    assert_eq!(stopped.all().len(), 1);
    assert!(stopped.all()[0].contains("100 rounds"), "{:?}", stopped.all());
    store.commit(created("d", "still works")).unwrap();
}

#[test]
fn a_panicking_subscriber_is_removed_and_the_others_go_on() {
    let store = board();
    let told = Told::new();
    let teller = told.clone();
    let panics = Arc::new(AtomicU32::new(0));
    let counter = panics.clone();
    let _broken = store
        .total()
        .subscribe(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
            panic!("the subscriber's own panic")
        })
        .unwrap();
    let _whole = store.total().subscribe(move |total| teller.push(total.unwrap())).unwrap();
    store.commit(created("c", "third")).unwrap();
    store.commit(created("d", "fourth")).unwrap();
    assert_eq!((told.all(), panics.load(Ordering::SeqCst)), (vec![3, 4], 1));
}

#[test]
fn a_subscriber_may_read_its_own_query_and_drop_its_own_subscription() {
    let store = board();
    let slot: Arc<Mutex<Option<store_context::Subscription>>> = Arc::default();
    let told = Told::new();
    let (teller, own, weak) = (told.clone(), slot.clone(), store.downgrade());
    let live = store
        .total()
        .subscribe(move |total| {
            let read = weak.upgrade().unwrap().total().get().unwrap();
            teller.push((total.unwrap(), read));
            own.lock().unwrap().take();
        })
        .unwrap();
    *slot.lock().unwrap() = Some(live);
    store.commit(created("c", "third")).unwrap();
    store.commit(created("d", "fourth")).unwrap();
    assert_eq!(told.all(), [(3, 3)]);
}

#[test]
fn a_subscription_does_not_keep_its_store_open() {
    let dir = tempfile::tempdir().unwrap();
    let store = crate::project::in_dir(dir.path());
    let live = store.total().subscribe(|_| {}).unwrap();
    drop(store);
    // The file would be in use otherwise.
    let again = crate::project::in_dir(dir.path());
    assert_eq!(again.total().get().unwrap(), 0);
    drop(live);
}

#[test]
fn a_live_query_ends_on_the_last_state_whatever_threads_commit() {
    let store = in_memory();
    let (sender, told) = std::sync::mpsc::channel();
    let _live = store.total().subscribe(move |total| sender.send(total.unwrap()).unwrap()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..50 {
                    store.commit(created(&format!("{thread}-{n}"), "one of many")).unwrap();
                }
            });
        }
    });
    // The last round may still be under way on another thread.
    let mut states = Vec::new();
    while states.last() != Some(&200) {
        states.push(told.recv().unwrap());
    }
    assert!(states.is_sorted(), "states come in order: {states:?}");
    assert_eq!(ids(&store).len(), 200);
}

#[test]
fn a_query_that_fails_does_not_subscribe() {
    let store = board();
    drop(store.commit(ProjectEvent::Refused { reason: "no".into() }).unwrap_err());
    let error =
        store.issues().filter(|i| i.id.is_in((0..40_000).map(|n| n.to_string()))).subscribe(|_| {}).unwrap_err();
    assert!(matches!(error, StoreError::Query { .. }), "{error}");
    assert!(error.to_string().contains("project@default"), "{error}");
}

#[test]
fn the_end_of_a_store_reaches_each_subscriber_once_and_lets_it_go() {
    use store_context::life::ShutdownCause;

    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    store.commit(created("a", "first")).unwrap();
    let (told, captured) = (Told::new(), Arc::new(()));
    let subscribe = |query: BoundQuery<Project, One<i64>>| {
        let (teller, captured) = (told.clone(), Arc::clone(&captured));
        let subscription = query.subscribe(move |total| {
            let _ = &captured;
            teller.push(total.map_err(|error| error.to_string()));
        });
        subscription.unwrap()
    };
    let kept = [subscribe(store.total()), subscribe(store.total()), subscribe(store.issues().count())];
    let teller = told.clone();
    let document = store.view().subscribe(move |view| teller.push(view.map(|_| 0).map_err(|error| error.to_string())));
    block_on(mounted.shutdown()).unwrap();
    let ended = StoreError::Shutdown { store: store.name().clone(), cause: ShutdownCause::Requested };
    assert_eq!(told.all(), vec![Err(ended.to_string()); 4]);
    assert_eq!(Arc::strong_count(&captured), 1, "what a subscriber captured is let go");
    drop((kept, document));
    assert!(matches!(store.total().subscribe(|_| {}), Err(StoreError::Shutdown { .. })));
    // The next generation has subscribers of its own.
    drop(mounted);
    let again = ProjectProvider::new().adapter(Sqlite::in_memory()).store_id("b").mount(&registry).unwrap();
    let store = block_on(again.store()).unwrap();
    let live = subscribe(store.total());
    store.commit(created("c", "third")).unwrap();
    assert_eq!(told.all().last(), Some(&Ok(1)));
    drop(live);
}

#[test]
fn the_end_by_cache_time_by_disposal_and_by_a_broken_engine_reaches_subscribers_too() {
    use store_context::life::ShutdownCause;
    use store_context::test::TestHost;

    let (host, told) = (TestHost::new(), Told::new());
    let registry = host.registry().build();
    let watch = |id: &str| {
        let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).store_id(id).mount(&registry).unwrap();
        host.run();
        let store = mounted.read().unwrap().ready().unwrap();
        let teller = told.clone();
        let live = store.total().subscribe(move |total| match total {
            Err(StoreError::Shutdown { store, cause }) => teller.push((store.id.to_string(), cause)),
            other => panic!("{other:?}"),
        });
        (mounted, live.unwrap())
    };
    let (cached, live) = watch("cached");
    drop(cached);
    host.advance(std::time::Duration::from_secs(61));
    assert_eq!(told.all(), [("cached".to_owned(), ShutdownCause::Unused)]);
    let (disposed, other) = watch("disposed");
    let disposing = registry.clone();
    let disposal = std::thread::spawn(move || block_on(disposing.dispose()));
    while !disposal.is_finished() {
        host.run();
    }
    disposal.join().unwrap().unwrap();
    assert_eq!(told.all()[1..], [("disposed".to_owned(), ShutdownCause::Disposed)]);
    drop((live, disposed, other));
}

#[test]
fn a_subscriber_may_shut_its_own_store_down_and_hears_of_it_after() {
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let (teller, told) = std::sync::mpsc::channel();
    let guard = mounted.clone();
    let live = store.total().subscribe(move |total| {
        let is_running = total.is_ok();
        teller.send(total.map_err(|error| error.to_string())).unwrap();
        if is_running {
            // On this thread, which runs the round: the end comes after it.
            block_on(guard.shutdown()).unwrap();
            teller.send(Ok(-1)).unwrap();
        }
    });
    let live = live.unwrap();
    store.commit(created("a", "first")).unwrap();
    let all: Vec<_> = told.iter().collect();
    assert_eq!(all[..2], [Ok(1), Ok(-1)]);
    assert!(all.len() == 3 && all[2].is_err(), "{all:?}");
    drop(live);
}

#[test]
fn different_live_queries_are_told_in_the_order_of_their_first_subscription() {
    for _ in 0..5 {
        let store = board();
        let told = Told::new();
        let subscribe = |limit: u32| {
            let teller = told.clone();
            store.by_status(Status::Todo, limit).subscribe(move |_| teller.push(limit)).unwrap()
        };
        let order = [31, 7, 19, 2, 99, 54, 3, 77, 12, 45];
        let mut live: Vec<_> = order.iter().map(|limit| subscribe(*limit)).collect();
        store.commit(moved("a", Status::Done)).unwrap();
        assert_eq!(told.all(), order);
        // One that was given up and comes back is the last.
        drop(live.remove(0));
        live.push(subscribe(31));
        store.commit(moved("a", Status::Todo)).unwrap();
        assert_eq!(told.all()[order.len()..], [7, 19, 2, 99, 54, 3, 77, 12, 45, 31]);
    }
}

#[test]
fn a_derived_value_is_told_only_when_it_differs_itself() {
    let store = board();
    let count =
        || store.issues().query().map(|issues| issues.iter().filter(|issue| issue.status == Status::Done).count());
    assert_eq!(count().get().unwrap(), 0);
    let (later, now) = (Told::new(), Told::new());
    let (teller, now_teller) = (later.clone(), now.clone());
    let _later = count().subscribe(move |count| teller.push(count.ok())).unwrap();
    let _now = count().subscribe_now(move |count| now_teller.push(count.ok())).unwrap();
    assert!(later.all().is_empty(), "`subscribe` does not call at once");
    store.commit(moved("a", Status::Doing)).unwrap();
    assert!(later.all().is_empty(), "the rows differ, the count does not");
    store.commit(moved("a", Status::Done)).unwrap();
    store.commit(moved("b", Status::Doing)).unwrap();
    assert_eq!(later.all(), [Some(1)]);
    drop(store);
    assert_eq!(now.all()[..2], [Some(0), Some(1)]);
}

#[test]
fn results_are_a_stream_that_begins_with_the_present_one_and_ends_with_the_store() {
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let mut totals = store.total().results().unwrap();
    assert_eq!(block_on(totals.next()).unwrap().unwrap(), 0);
    assert!(totals.next().now_or_never().is_none(), "nothing was committed");
    store.commit(created("a", "first")).unwrap();
    store.commit(created("b", "second")).unwrap();
    assert_eq!(block_on(totals.next()).unwrap().unwrap(), 2, "only the last is kept");
    let committing = store.clone();
    let other = std::thread::spawn(move || committing.commit(created("c", "third")).unwrap());
    assert_eq!(block_on(totals.next()).unwrap().unwrap(), 3, "a commit of another thread wakes it");
    other.join().unwrap();
    block_on(mounted.shutdown()).unwrap();
    assert!(matches!(block_on(totals.next()), Some(Err(StoreError::Shutdown { .. }))));
    assert!(block_on(totals.next()).is_none());
}
