//! The life of a store in a registry, with time and threads driven by hand: one test a sentence of the rules.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use store_context::life::{BootStatus, Phase, ShutdownCause, State};
use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};
use store_context::{StoreRegistry, Suspended};

use crate::project::{Project, ProjectKey, ProjectProvider, ProjectStore, created, ids};

const CACHE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);

fn mount(registry: &StoreRegistry, data: &Scripted, id: &str) -> Mounted<Project> {
    ProjectProvider::new().adapter(data.clone()).store_id(id).mount(registry).unwrap()
}

fn alpha() -> ProjectKey {
    ProjectKey::new(store_id!("alpha"))
}

/// A host, a registry on it, and stores in memory that open as they are told.
fn host() -> (TestHost, StoreRegistry, Scripted) {
    let host = TestHost::new();
    let registry = host.registry().build();
    (host, registry, Scripted::new(Sqlite::in_memory()))
}

fn running(mounted: &Mounted<Project>) -> ProjectStore {
    mounted.read().unwrap().ready().expect("it runs")
}

fn phase(mounted: &Mounted<Project>) -> Phase {
    mounted.state().phase()
}

/// What an observer saw, shortened: generation and phase.
fn watch(mounted: &Mounted<Project>) -> (Arc<Mutex<Vec<(u64, Phase)>>>, Subscription) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&seen);
    let subscription = mounted.observe(move |transition| {
        into.lock().unwrap().push((transition.generation, transition.to.phase()));
    });
    (seen, subscription)
}

// --- mounting and loading ---

#[test]
fn mounting_returns_at_once_and_reading_a_loading_store_suspends() {
    let (host, registry, data) = host();
    let mounted = mount(&registry, &data, "alpha");
    let StoreState::Loading(BootStatus::Opening) = mounted.state() else { panic!("{:?}", mounted.state()) };
    let Reading::Suspended(suspended) = mounted.read().unwrap() else { panic!("nothing ran it yet") };
    let mut waiting = suspended.clone();
    assert!((&mut waiting).now_or_never().is_none());
    host.run();
    assert_eq!(block_on(waiting).unwrap().id().as_str(), "alpha");
    assert!(running(&mounted).is_same(&block_on(suspended).unwrap()));
}

#[test]
fn stores_mounted_side_by_side_load_side_by_side() {
    let (host, registry, data) = host();
    let data = data.slow_by(10 * SECOND, host.clock.clone());
    let mounted: Vec<_> = (0..50).map(|id| mount(&registry, &data, &format!("store-{id}"))).collect();
    host.advance(9 * SECOND);
    assert!(mounted.iter().all(|mounted| phase(mounted) == Phase::Loading));
    host.advance(SECOND);
    assert!(mounted.iter().all(|mounted| phase(mounted) == Phase::Running), "fifty take as long as one");
    assert_eq!(data.most_under_way(), 50);
}

#[test]
fn requests_for_one_key_share_one_load_and_one_suspended_reader() {
    let (host, registry, data) = host();
    let (one, other) = (mount(&registry, &data, "alpha"), mount(&registry, &data, "alpha"));
    assert_eq!(one.store(), other.store(), "both wait for the same");
    assert_ne!(one.store(), mount(&registry, &data, "beta").store());
    host.run();
    assert_eq!(data.openings(), 2, "one for alpha, one for beta");
    assert!(running(&one).is_same(&running(&other)));
}

#[test]
fn every_reader_of_a_load_is_woken_once_and_one_that_is_dropped_leaks_nothing() {
    struct Counts(AtomicUsize);
    impl futures::task::ArcWake for Counts {
        fn wake_by_ref(this: &Arc<Self>) {
            this.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (host, registry, data) = host();
    let mounted = mount(&registry, &data, "alpha");
    let counts: Vec<_> = (0..10).map(|_| Arc::new(Counts(Default::default()))).collect();
    let mut readers: Vec<Option<Suspended<Project>>> = counts.iter().map(|_| Some(mounted.store())).collect();
    for (reader, counts) in readers.iter_mut().zip(&counts) {
        let waker = futures::task::waker(Arc::clone(counts));
        let polled = reader.as_mut().unwrap().poll_unpin(&mut std::task::Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    for reader in readers.iter_mut().take(5) {
        *reader = None;
    }
    for counts in &counts[..5] {
        assert_eq!(Arc::strong_count(counts), 1, "the waker went with its reader");
    }
    host.run();
    assert_eq!(phase(&mounted), Phase::Running, "the load went on");
    let woken: Vec<_> = counts.iter().map(|counts| counts.0.load(Ordering::SeqCst)).collect();
    assert_eq!(woken, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
}

#[test]
fn a_hanging_load_holds_nothing_that_another_store_needs() {
    let (host, registry, data) = host();
    let hanging = Scripted::new(Sqlite::in_memory());
    hanging.hang();
    let stuck = mount(&registry, &hanging, "stuck");
    host.run();
    let fine = mount(&registry, &data, "fine");
    host.run();
    running(&fine).commit(created("a", "works")).unwrap();
    assert_eq!(phase(&stuck), Phase::Loading);
    assert_eq!(registry.snapshot().stores.len(), 2);
    drop(mount(&registry, &hanging, "stuck"));
    block_on_with(&host, fine.shutdown()).unwrap();
    hanging.resume();
    host.run();
    assert_eq!(phase(&stuck), Phase::Running);
}

// --- holders and cache time ---

#[test]
fn a_store_that_nobody_holds_is_shut_down_after_its_cache_time() {
    let (host, registry, data) = host();
    let mounted = mount(&registry, &data, "alpha");
    host.run();
    let store = running(&mounted).downgrade();
    drop(mounted);
    host.advance(CACHE - SECOND);
    assert_eq!(registry.snapshot().stores.len(), 1, "sixty seconds unless set");
    host.advance(SECOND);
    assert_eq!(registry.snapshot().stores.len(), 0);
    assert!(store.upgrade().is_none());
}

#[test]
fn guards_handles_bound_queries_and_suspended_readers_hold_and_nothing_else_does() {
    let (host, registry, data) = host();
    let holders = || registry.snapshot().stores.iter().map(|store| store.holders).sum::<usize>();
    let mounted = mount(&registry, &data, "alpha");
    assert_eq!(holders(), 1);
    let suspended = mounted.store();
    assert_eq!(holders(), 2);
    host.run();
    drop(suspended);
    let store = running(&mounted);
    let query = store.total();
    assert_eq!(holders(), 3);
    let none = (store.downgrade(), query.subscribe(|_| ()).unwrap(), mounted.observe(|_| ()), mounted.transitions());
    let receipt = store.commit(created("a", "one")).unwrap();
    assert_eq!(holders(), 3, "weak handles, subscriptions, observers and receipts hold nothing");
    drop((mounted, store, query));
    assert_eq!(holders(), 0);
    host.advance(CACHE);
    assert!(none.0.upgrade().is_none());
    drop(receipt);
}

#[test]
fn a_new_hold_cancels_the_cache_time() {
    let (host, registry, data) = host();
    let mounted = mount(&registry, &data, "alpha");
    host.run();
    let weak = running(&mounted).downgrade();
    drop(mounted);
    host.advance(CACHE - SECOND);
    let again = mount(&registry, &data, "alpha");
    host.advance(10 * CACHE);
    assert_eq!(phase(&again), Phase::Running);
    assert_eq!(data.openings(), 1, "the store that was cached");
    drop(again);
    host.advance(CACHE - SECOND);
    let handle = weak.upgrade().expect("a weak handle gives the store in its cache time");
    host.advance(10 * CACHE);
    assert_eq!(ids(&handle), [""; 0]);
    drop(handle);
    host.advance(CACHE);
    assert!(weak.upgrade().is_none());
}

#[test]
fn the_longest_cache_time_asked_for_wins() {
    let (host, registry, data) = host();
    let with = |seconds| ProjectProvider::new().adapter(data.clone()).cache_time(seconds * SECOND);
    let guards = [with(10), with(200), with(20)].map(|provider| provider.mount(&registry).unwrap());
    host.run();
    drop(guards);
    host.advance(199 * SECOND);
    assert_eq!(registry.snapshot().stores.len(), 1);
    host.advance(SECOND);
    assert_eq!(registry.snapshot().stores.len(), 0);
    // What was asked for belonged to that life.
    drop(with(10).mount(&registry).unwrap());
    host.advance(10 * SECOND);
    assert_eq!(registry.snapshot().stores.len(), 0);
}

#[test]
fn a_providers_own_cache_time_comes_before_the_registrys() {
    let host = TestHost::new();
    let registry = host.registry().cache_time(5 * SECOND).build();
    let data = Scripted::new(Sqlite::in_memory());
    let own = ProjectProvider::new().adapter(data.clone()).store_id("own").cache_time(7 * SECOND);
    drop((own.mount(&registry).unwrap(), mount(&registry, &data, "registrys")));
    host.advance(5 * SECOND);
    let names: Vec<_> = registry.snapshot().stores.iter().map(|store| store.name.to_string()).collect();
    assert_eq!(names, ["project@own"]);
    host.advance(2 * SECOND);
    assert_eq!(registry.snapshot().stores.len(), 0);
}

#[test]
fn a_cache_time_without_end_never_runs_out() {
    let host = TestHost::new();
    let registry = host.registry().cache_time(Duration::MAX).build();
    let data = Scripted::new(Sqlite::in_memory());
    drop(mount(&registry, &data, "alpha"));
    host.advance(Duration::from_secs(1_000_000_000));
    assert_eq!(registry.snapshot().stores.len(), 1);
    assert_eq!(host.clock.sleepers(), 0, "nothing waits for it");
}

#[test]
fn a_load_that_nobody_waits_for_is_cancelled_after_the_cache_time_and_a_later_request_loads_afresh() {
    let (host, registry, data) = host();
    data.hang();
    let mounted = mount(&registry, &data, "alpha");
    let (seen, _observes) = watch(&mounted);
    host.run();
    drop(mounted);
    host.advance(CACHE - SECOND);
    assert_eq!(data.under_way(), 1);
    host.advance(SECOND);
    assert_eq!(data.under_way(), 0, "the adapter's future was dropped");
    data.resume();
    let again = mount(&registry, &data, "alpha");
    host.run();
    assert_eq!(phase(&again), Phase::Running);
    assert_eq!(data.openings(), 2);
    assert_eq!(
        *seen.lock().unwrap(),
        [(1, Phase::Shutdown), (2, Phase::Loading), (2, Phase::Loading), (2, Phase::Running)],
        "loading is told again when it migrates"
    );
}

#[test]
fn a_suspended_reader_that_is_dropped_does_not_stop_the_load() {
    let (host, registry, data) = host();
    data.hang();
    let mounted = mount(&registry, &data, "alpha");
    host.run();
    drop((mounted.store(), mounted.store().clone()));
    data.resume();
    host.run();
    assert_eq!(phase(&mounted), Phase::Running);
}

// --- error and retry ---

#[test]
fn mounting_a_store_in_error_shares_the_error_until_somebody_retries() {
    let (host, registry, data) = host();
    let data = data.fail_times(2);
    let (one, beside) = (mount(&registry, &data, "alpha"), mount(&registry, &data, "beta"));
    host.run();
    let later = mount(&registry, &data, "alpha");
    host.run();
    assert_eq!((phase(&one), phase(&later)), (Phase::Error, Phase::Error));
    assert_eq!(data.openings(), 2, "mounting again does not try again");
    let error = block_on(later.store()).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("project@alpha") && error.to_string().contains("told it to fail"), "{error}");

    one.retry().unwrap();
    host.run();
    assert_eq!((phase(&one), phase(&later), phase(&beside)), (Phase::Running, Phase::Running, Phase::Error));
    assert_eq!((one.generation(), beside.generation()), (2, 1));
    registry.retry(&ProjectKey::new(store_id!("beta"))).unwrap();
    host.run();
    assert_eq!(phase(&beside), Phase::Running);
}

#[test]
fn a_retry_of_a_store_that_is_not_in_error_is_an_error_that_says_so() {
    let (host, registry, data) = host();
    let mounted = mount(&registry, &data, "alpha");
    let loading = mounted.retry().unwrap_err();
    assert_eq!(
        loading.to_string(),
        "store `project@alpha` is loading and cannot be retried: only a store in error loads again"
    );
    host.run();
    assert!(mounted.retry().unwrap_err().to_string().contains("is running"));
    block_on_with(&host, mounted.shutdown()).unwrap();
    assert!(mounted.retry().unwrap_err().to_string().ends_with("is shut down and cannot be retried: mount it again"));
    assert_eq!((mounted.generation(), data.openings()), (1, 1));
}

#[test]
fn an_error_that_nobody_holds_goes_after_its_cache_time() {
    let (host, registry, data) = host();
    let data = data.fail_times(1);
    let mounted = mount(&registry, &data, "alpha");
    host.run();
    drop(mounted);
    assert_eq!(registry.snapshot().stores.len(), 1);
    host.advance(CACHE);
    assert_eq!(registry.snapshot().stores.len(), 0);
    let again = mount(&registry, &data, "alpha");
    host.run();
    assert_eq!(phase(&again), Phase::Running, "and the next one loads afresh");
}

#[test]
fn a_failing_boot_hook_leaves_the_store_in_error_and_runs_again_on_retry() {
    let (host, registry, data) = host();
    let attempts = AtomicUsize::new(0);
    let mounted = ProjectProvider::new()
        .adapter(data)
        .on_boot(move |store| match attempts.fetch_add(1, Ordering::SeqCst) + 1 {
            1 => Err("the seed is missing".into()),
            2 => panic!("the seed is broken"),
            _ => {
                store.commit(created("a", "seeded"))?;
                Ok(())
            }
        })
        .mount(&registry)
        .unwrap();
    let (seen, _observes) = watch(&mounted);
    for message in ["the seed is missing", "it panicked: the seed is broken"] {
        host.run();
        let StoreState::Error(error) = mounted.state() else { panic!("{:?}", mounted.state()) };
        assert!(matches!(error, StoreError::Boot { .. }) && error.to_string().contains(message), "{error}");
        mounted.retry().unwrap();
    }
    host.run();
    assert_eq!(ids(&running(&mounted)), ["a"]);
    let ends: Vec<_> = seen.lock().unwrap().iter().copied().filter(|(_, phase)| *phase != Phase::Loading).collect();
    assert_eq!(ends, [(1, Phase::Error), (2, Phase::Error), (3, Phase::Running)]);
}

#[test]
fn a_load_that_its_spawner_drops_is_an_error_and_no_wait_for_ever() {
    struct Drops;
    impl store_context::host::Spawner for Drops {
        fn spawn(&self, _: store_context::host::Work, future: futures::future::BoxFuture<'static, ()>) {
            drop(future);
        }
    }
    let registry = StoreRegistry::builder().spawner(Drops).build();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry).unwrap();
    let error = block_on(mounted.store()).map(|_| ()).unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("the spawner dropped the load"), "{error}");
}

// --- shutdown and dispose ---

/// Awaits what needs the host to go on.
fn block_on_with<T>(host: &TestHost, future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    for _ in 0..100 {
        if let Some(value) = future.as_mut().now_or_never() {
            return value;
        }
        host.run();
    }
    panic!("the future waits for something that the host does not do");
}

#[test]
fn shutdown_ends_a_running_store_whoever_holds_it_and_mounting_again_loads_it() {
    let dir = tempfile::tempdir().unwrap();
    let (host, registry, data) = (TestHost::new(), StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    drop(host);
    let mounted = ProjectProvider::new().adapter(data.clone()).store_id("alpha").mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    store.commit(created("a", "kept")).unwrap();
    let _live = store.total().subscribe(|_| ()).unwrap();
    block_on(mounted.shutdown()).unwrap();

    for error in [
        store.commit(created("b", "too late")).map(|_| ()).unwrap_err(),
        store.total().get().map(|_| ()).unwrap_err(),
        store.view().get().map(|_| ()).unwrap_err(),
        store.sequence().map(|_| ()).unwrap_err(),
        mounted.read().map(|_| ()).unwrap_err(),
        block_on(mounted.store()).map(|_| ()).unwrap_err(),
    ] {
        let StoreError::Shutdown { cause: ShutdownCause::Requested, .. } = error else { panic!("{error}") };
        assert!(error.to_string().ends_with("`shutdown()` was called; mount it again"), "{error}");
    }
    let again = ProjectProvider::new().adapter(data).store_id("alpha").mount(&registry).unwrap();
    assert_eq!(ids(&block_on(again.store()).unwrap()), ["a"]);
    assert_eq!(ids(&block_on(mounted.store()).unwrap()), ["a"], "the guard from before stands for the store still");
    assert!(store.total().get().is_err(), "a handle of an ended generation stays ended");
}

#[test]
fn a_second_shutdown_and_one_of_a_store_in_error_are_errors_that_say_so() {
    let (host, registry, data) = host();
    let data = data.fail_times(1);
    let mounted = mount(&registry, &data, "alpha");
    host.run();
    let error = block_on(mounted.shutdown()).unwrap_err();
    assert!(error.to_string().contains("is in error and cannot be shut down"), "{error}");
    mounted.retry().unwrap();
    host.run();
    block_on_with(&host, mounted.shutdown()).unwrap();
    assert!(matches!(block_on(mounted.shutdown()), Err(StoreError::Transition { phase: Phase::Shutdown, .. })));
    assert!(matches!(block_on(registry.shutdown(&alpha())), Err(StoreError::NotMounted { .. })));
}

#[test]
fn shutdown_cancels_a_load_and_wakes_whoever_waits_for_it() {
    let (host, registry, data) = host();
    data.hang();
    let mounted = mount(&registry, &data, "alpha");
    host.run();
    let waiting = mounted.store();
    block_on_with(&host, registry.shutdown(&alpha())).unwrap();
    let error = block_on(waiting).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Shutdown { cause: ShutdownCause::Requested, .. }), "{error}");
    assert_eq!(data.under_way(), 0);
}

#[test]
fn the_next_generation_opens_only_after_the_previous_one_has_closed_its_file() {
    // Were they open at once, the second would meet the first one's lock.
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let data = Sqlite::in_dir(dir.path());
    for round in 0..30 {
        let mounted = ProjectProvider::new().adapter(data.clone()).mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        store.commit(created(&format!("{round:02}"), "kept")).unwrap();
        drop(mounted.shutdown());
    }
    let mounted = ProjectProvider::new().adapter(data).mount(&registry).unwrap();
    assert_eq!(ids(&block_on(mounted.store()).unwrap()).len(), 30);
}

#[test]
fn dispose_shuts_all_down_in_reverse_order_of_mounting_and_is_idempotent() {
    let (host, registry, data) = host();
    let order = Arc::new(Mutex::new(Vec::new()));
    let mounted: Vec<_> = ["workspace", "project", "issue"].iter().map(|id| mount(&registry, &data, id)).collect();
    host.run();
    let stores: Vec<_> = mounted.iter().map(running).collect();
    let _observes: Vec<_> = mounted
        .iter()
        .map(|mounted| {
            let (order, id) = (Arc::clone(&order), mounted.name().id.to_string());
            mounted.observe(move |transition| order.lock().unwrap().push((id.clone(), transition.to.phase())))
        })
        .collect();
    block_on_with(&host, registry.dispose()).unwrap();
    block_on_with(&host, registry.dispose()).unwrap();
    let down = |id: &str| (id.to_owned(), Phase::Shutdown);
    assert_eq!(*order.lock().unwrap(), [down("issue"), down("project"), down("workspace")]);
    for store in stores {
        let error = store.total().get().unwrap_err();
        assert!(matches!(error, StoreError::Shutdown { cause: ShutdownCause::Disposed, .. }), "{error}");
        assert!(error.to_string().ends_with("was disposed; mount it in another `StoreRegistry`"), "{error}");
    }
    let retried = mounted[0].retry().unwrap_err();
    assert!(retried.to_string().ends_with("cannot be retried: mount it in another `StoreRegistry`"), "{retried}");
    assert!(matches!(registry.retry(&mounted[0].key()), Err(StoreError::Disposed { .. })));
    let refused = ProjectProvider::new().adapter(data).mount(&registry).map(|_| ()).unwrap_err();
    assert!(matches!(refused, StoreError::Disposed { .. }), "{refused}");
}

#[test]
fn dispose_ends_loading_stores_and_stores_in_error_too() {
    let (host, registry, data) = host();
    let data = data.fail_times(1);
    let failed = mount(&registry, &data, "failed");
    host.run();
    data.hang();
    let loading = mount(&registry, &data, "loading");
    host.run();
    block_on_with(&host, registry.dispose()).unwrap();
    assert_eq!((phase(&failed), phase(&loading)), (Phase::Shutdown, Phase::Shutdown));
    assert_eq!(data.under_way(), 0);
}

#[test]
fn dispose_waits_for_pending_writes() {
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_dir(dir.path())).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let receipts: Vec<_> = (0..100).map(|id| store.commit(created(&id.to_string(), "pending")).unwrap()).collect();
    block_on(registry.dispose()).unwrap();
    for receipt in receipts {
        block_on(receipt.durable()).expect("it survives power loss, since the last flush came after it");
    }
    // Its file is free and has everything, and its write-ahead log is gone.
    assert!(!dir.path().join("project@default.db-wal").exists());
    assert_eq!(ids(&crate::project::in_dir(dir.path())).len(), 100);
}

#[test]
fn disposing_while_eight_threads_commit_keeps_every_acknowledged_commit() {
    for round in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let registry = StoreRegistry::new();
        let mounted = ProjectProvider::new().adapter(Sqlite::in_dir(dir.path())).mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        let (committed, first) = std::sync::mpsc::channel();
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let (store, committed) = (store.clone(), committed.clone());
                std::thread::spawn(move || {
                    let mut acknowledged = Vec::new();
                    for number in 0.. {
                        let id = format!("{thread}-{number}");
                        match store.commit(created(&id, "by a thread")) {
                            Ok(_) => acknowledged.push(id),
                            Err(StoreError::Shutdown { .. }) => return acknowledged,
                            Err(error) => panic!("{error}"),
                        }
                        let _ = committed.send(());
                    }
                    unreachable!()
                })
            })
            .collect();
        first.iter().take(40 * (round + 1)).for_each(drop);
        block_on(registry.dispose()).unwrap();
        let mut acknowledged: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        acknowledged.sort();
        assert_eq!(ids(&crate::project::in_dir(dir.path())), acknowledged);
    }
}

#[test]
fn a_shutdown_or_disposal_inside_a_closure_of_a_store_is_an_error_and_no_deadlock() {
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    store
        .view()
        .update(|_| {
            assert!(matches!(block_on(mounted.shutdown()), Err(StoreError::Reentrant { .. })));
            assert!(matches!(block_on(registry.dispose()), Err(StoreError::Reentrant { .. })));
        })
        .unwrap();
    // A subscriber runs outside, and may.
    let shut_down = Arc::new(Mutex::new(None));
    let (result, key) = (Arc::clone(&shut_down), ProjectKey::new(store.id().clone()));
    let inside = registry.clone();
    let _live = store
        .total()
        .subscribe(move |_| *result.lock().unwrap() = Some(block_on(inside.shutdown(&key)).is_ok()))
        .unwrap();
    store.commit(created("a", "ends it")).unwrap();
    assert_eq!(*shut_down.lock().unwrap(), Some(true));
}

#[test]
fn dropping_a_registry_closes_what_nobody_holds_before_the_drop_returns() {
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_dir(dir.path())).mount(&registry).unwrap();
    block_on(mounted.store()).unwrap().commit(created("a", "kept")).unwrap();
    drop(mounted);
    assert!(dir.path().join("project@default.db-wal").exists(), "it is cached");
    drop(registry);
    assert!(!dir.path().join("project@default.db-wal").exists(), "it is closed");
    assert_eq!(ids(&crate::project::in_dir(dir.path())), ["a"]);
}

#[test]
fn a_store_that_is_held_outlives_its_registry_and_closes_with_its_last_holder() {
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_dir(dir.path())).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let receipt = store.commit(created("a", "before")).unwrap();
    drop((registry, mounted));
    block_on(receipt.durable()).unwrap();
    store.commit(created("b", "after")).unwrap();
    drop(store);
    assert_eq!(ids(&crate::project::in_dir(dir.path())), ["a", "b"]);
}

// --- preload, get, snapshot, observers ---

#[test]
fn preloading_warms_a_store_and_never_fails_its_caller() {
    let (host, registry, data) = host();
    let provider = |id: &str, data: &Scripted| ProjectProvider::new().adapter(data.clone()).store_id(id);
    drop(registry.preload(provider("alpha", &data)));
    host.run();
    let mounted = mount(&registry, &data, "alpha");
    assert_eq!(phase(&mounted), Phase::Running, "nobody had to wait for it");
    assert_eq!(data.openings(), 1);

    let failing = Scripted::new(Sqlite::in_memory()).fail_times(1);
    block_on_with(&host, registry.preload(provider("broken", &failing)));
    block_on_with(&host, registry.preload(provider("not valid", &data)));
    let broken = mount(&registry, &failing, "broken");
    assert_eq!(phase(&broken), Phase::Error, "who mounts it meets the error");
}

#[test]
fn a_preloaded_store_stays_for_its_cache_time_from_when_it_is_loaded() {
    let (host, registry, data) = host();
    let data = data.slow_by(2 * CACHE, host.clock.clone());
    drop(registry.preload(ProjectProvider::new().adapter(data.clone())));
    host.advance(2 * CACHE);
    assert_eq!(registry.snapshot().stores[0].state.phase(), Phase::Running, "a slow load is not cancelled");
    host.advance(CACHE);
    assert_eq!(registry.snapshot().stores.len(), 0);
}

#[test]
fn a_key_gives_another_guard_and_an_unknown_one_says_what_is_mounted() {
    let (host, registry, data) = host();
    let error = registry.get(&alpha()).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "store `project@alpha` is not mounted here; mount it first. Mounted: nothing");
    let mounted = mount(&registry, &data, "alpha");
    host.run();
    let again = registry.get(&alpha()).unwrap();
    assert!(running(&again).is_same(&running(&mounted)));
    drop((mounted, again));
    assert!(registry.try_get(&alpha()).is_some(), "in its cache time it is mounted still");
    let error = registry.get(&ProjectKey::new(store_id!("alhpa"))).map(|_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "store `project@alhpa` is not mounted here; did you mean `project@alpha`? Mounted: `project@alpha`"
    );
    host.advance(CACHE);
    assert!(registry.try_get(&alpha()).is_none());
}

#[test]
fn a_snapshot_reads_as_a_table() {
    let (host, registry, data) = host();
    let slow = Scripted::new(Sqlite::in_memory()).slow_by(SECOND / 2, host.clock.clone());
    let (mounted, failing) = (mount(&registry, &slow, "alpha"), Scripted::new(Sqlite::in_memory()).fail_times(1));
    host.advance(SECOND / 2);
    let store = running(&mounted);
    let total = store.total().label("the number in the title").subscribe(|_| ()).unwrap();
    let _live = (total, store.total().subscribe(|_| ()).unwrap(), store.view().subscribe(|_| ()).unwrap());
    store.commit(created("a", "one")).unwrap();
    let broken = mount(&registry, &failing, "broken");
    drop(mount(&registry, &data, "cached"));
    host.run();
    host.advance(SECOND);
    let snapshot = registry.snapshot();
    assert_eq!(snapshot.stores[0].load_time, SECOND / 2);
    assert_eq!(&*snapshot.stores[0].live[0].sql, "SELECT count(*) FROM issues");
    let expected = "\
store           phase     generation  holders            loads  load ms  commits  re-runs  skipped
project@alpha   running   1           2                  1      500.0    1        3        1
project@broken  in error  1           1                  1      0.0      0        0        0
project@cached  running   1           0, closes in 59 s  1      0.0      0        0        0
project@alpha: live query `the number in the title`, subscribers: 2, runs: 2
project@alpha: live query `board_view`, subscribers: 1, runs: 1
store `project@broken` did not open: the disk refuses: the test told it to fail";
    assert_eq!(snapshot.to_string(), expected, "\n{snapshot}");
    drop((store, broken));
}

#[test]
fn observers_see_each_transition_once_in_order_and_what_they_cause_after() {
    let (host, registry, data) = host();
    let data = data.fail_times(1);
    let mounted = mount(&registry, &data, "alpha");
    let (seen, _observes) = watch(&mounted);
    let (key, inside) = (alpha(), registry.clone());
    // The first observer of an error retries, while others are still to be told.
    let _retries = mounted.observe(move |transition| {
        if let State::Error(_) = transition.to {
            inside.retry(&key).unwrap();
        }
    });
    let (late, _observes_late) = watch(&mounted);
    host.run();
    let expected = [(1, Phase::Error), (2, Phase::Loading), (2, Phase::Loading), (2, Phase::Running)];
    assert_eq!(*seen.lock().unwrap(), expected);
    assert_eq!(*late.lock().unwrap(), expected, "all see the same, in the same order");
}

#[test]
fn an_observer_that_panics_is_removed_and_one_that_unsubscribes_is_told_no_more() {
    let (host, registry, data) = host();
    let mounted = mount(&registry, &data, "alpha");
    let calls = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&calls);
    let _panics = mounted.observe(move |_| {
        *counted.lock().unwrap() += 1;
        panic!("in an observer");
    });
    let (seen, observes) = watch(&mounted);
    host.run();
    let before = seen.lock().unwrap().len();
    assert!(before > 1, "the others are told");
    assert_eq!(*calls.lock().unwrap(), 1);
    drop(observes);
    block_on_with(&host, mounted.shutdown()).unwrap();
    assert_eq!(seen.lock().unwrap().len(), before);
}

#[test]
fn transitions_are_a_stream_that_begins_with_the_present_state() {
    let dir = tempfile::tempdir().unwrap();
    crate::project::in_dir(dir.path()).commit([created("a", "one"), created("b", "two")]).unwrap();
    let host = TestHost::new();
    let registry = host.registry().build();
    // Another version of the schema, so that loading replays.
    let mounted =
        newer::NewerProvider::new().adapter(Sqlite::in_dir(dir.path())).on_boot(|_| Ok(())).mount(&registry).unwrap();
    let mut transitions = mounted.transitions();
    host.run();
    block_on_with(&host, mounted.shutdown()).unwrap();
    let mut seen = Vec::new();
    while let Some(Some(transition)) = transitions.next().now_or_never() {
        seen.push(match transition.to {
            State::Loading(status) => format!("{status:?}"),
            to => to.phase().to_string(),
        });
    }
    assert_eq!(
        seen,
        [
            "Opening",
            "Migrating",
            "Replaying { done: 0, total: 2 }",
            "Replaying { done: 2, total: 2 }",
            "Booting",
            "running",
            "shut down"
        ]
    );

    mod newer {
        use store_context::prelude::*;

        use crate::project::{Issue, Project, ProjectEvent};

        #[derive(StoreContext)]
        #[store(name = "project", events = ProjectEvent, version = 2)]
        pub struct Newer {
            pub issues: Table<Issue>,
        }

        impl Materialize for Newer {
            fn materialize(event: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                let _ = (event, std::marker::PhantomData::<Project>);
                Ok(())
            }
        }
    }
}

#[test]
fn a_damaged_file_shuts_its_store_down_and_leaves_the_others_alone() {
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let data = Sqlite::in_dir(dir.path());
    let mounted = ProjectProvider::new().adapter(data.clone()).store_id("alpha").mount(&registry).unwrap();
    let other = ProjectProvider::new().adapter(data).store_id("beta").mount(&registry).unwrap();
    let (store, other) = (block_on(mounted.store()).unwrap(), block_on(other.store()).unwrap());
    for id in 0..200 {
        store.commit(created(&format!("{id:04}"), &"long ".repeat(100))).unwrap();
    }
    block_on(mounted.shutdown()).unwrap();
    let path = dir.path().join("project@alpha.db");
    let again = ProjectProvider::new().adapter(Sqlite::in_dir(dir.path())).store_id("alpha").mount(&registry).unwrap();
    let store = block_on(again.store()).unwrap();
    // Everything behind the first page, under the open store.
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0xAA; usize::try_from(length).unwrap() - 4096], 4096)
        .unwrap();
    let error = store.issues().get().map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    let mut transitions = again.transitions();
    let broken = std::iter::from_fn(|| block_on(transitions.next())).find(|it| it.to.phase() == Phase::Shutdown);
    let State::Shutdown(ShutdownCause::Broken { message }) = broken.unwrap().to else { panic!("{:?}", again.state()) };
    assert!(message.contains("damaged"), "{message}");
    assert!(matches!(store.total().get(), Err(StoreError::Shutdown { cause: ShutdownCause::Broken { .. }, .. })));
    other.commit(created("a", "goes on")).unwrap();
}
