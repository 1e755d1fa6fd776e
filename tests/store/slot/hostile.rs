//! Foreign code around the life of a store — hooks, observers, wakers, spawners, what they capture — that panics, looks
//! back at the registry, waits, or drops what it was given. Where the library held a lock then, a test here would hang.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::Context;
use std::time::Duration;

use futures::executor::block_on;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use store_context::Suspended;
use store_context::adapter::{AdapterIdentity, OpenRequest, Opened};
use store_context::error::OpenError;
use store_context::host::{Spawner, Work};
use store_context::life::{BootStatus, Phase, ShutdownCause, State};
use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};

use crate::project::{Project, ProjectKey, ProjectProvider, ProjectStore, created, ids, in_dir};

fn provider<A: Adapter + Clone>(data: &A, id: &str) -> ProjectProvider<A> {
    ProjectProvider::new().adapter(data.clone()).store_id(id)
}

/// Looks at the registry when it is dropped.
struct LooksBack(StoreRegistry);

impl Drop for LooksBack {
    fn drop(&mut self) {
        drop(self.0.snapshot());
    }
}

#[test]
fn what_a_hook_captures_may_use_the_registry_when_it_is_dropped() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let hook = |registry: &StoreRegistry| {
        let looks_back = LooksBack(registry.clone());
        move |_: &_| {
            let _ = &looks_back;
            Ok(())
        }
    };
    let first = provider(&data, "a").on_boot(hook(&registry)).mount(&registry).unwrap();
    // The second provider's hook is not needed, nor is one that is refused, nor the first one after the shutdown.
    let _second = provider(&data, "a").on_boot(hook(&registry)).mount(&registry).unwrap();
    let refused = provider(&Sqlite::in_memory(), "a").on_boot(hook(&registry)).mount(&registry);
    assert!(matches!(refused.map(|_| ()), Err(StoreError::AdapterConflict { .. })));
    block_on(first.store()).unwrap();
    block_on(first.shutdown()).unwrap();
    block_on(provider(&data, "a").mount(&registry).unwrap().store()).unwrap();
}

#[test]
fn a_hook_may_hold_the_last_guard_of_another_store_whose_observer_looks_at_the_registry() {
    let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
    let data = Sqlite::in_memory();
    let settings = provider(&data, "settings").mount(&registry).unwrap();
    block_on(settings.store()).unwrap();
    let inside = registry.clone();
    let _observes = settings.observe(move |_| drop(inside.snapshot()));
    let _first = provider(&data, "a").mount(&registry).unwrap();
    let holds_settings = move |_: &_| {
        let _ = &settings;
        Ok(())
    };
    let _second = provider(&data, "a").on_boot(holds_settings).mount(&registry).unwrap();
    assert_eq!(registry.snapshot().stores.len(), 1, "its hook went, and the guard with it");
}

#[test]
fn a_hook_that_captures_its_registry_keeps_nothing_alive_once_the_store_is_shut_down() {
    let probe = Arc::new(());
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let captured = (registry.clone(), Arc::clone(&probe));
    let hook = move |_: &_| {
        let _ = &captured;
        Ok(())
    };
    let mounted = provider(&data, "a").on_boot(hook).mount(&registry).unwrap();
    block_on(mounted.store()).unwrap();
    block_on(registry.dispose()).unwrap();
    drop((mounted, registry));
    // The load itself may be about to end.
    while Arc::strong_count(&probe) > 1 {
        std::thread::yield_now();
    }
}

#[test]
fn a_guard_that_is_held_never_becomes_one_of_another_schema_or_file() {
    #[derive(StoreContext)]
    #[store(name = "project", events = crate::project::ProjectEvent, version = 2)]
    struct Newer {}
    impl Materialize for Newer {
        fn materialize(_: crate::project::ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(())
        }
    }
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let old = provider(&data, "a").mount(&registry).unwrap();
    block_on(old.store()).unwrap();
    block_on(old.shutdown()).unwrap();
    let newer = || NewerProvider::new().adapter(data.clone()).store_id("a").mount(&registry);
    assert!(matches!(newer().map(|_| ()), Err(StoreError::SchemaConflict { .. })));
    let elsewhere = provider(&Sqlite::in_memory(), "a").mount(&registry);
    assert!(matches!(elsewhere.map(|_| ()), Err(StoreError::AdapterConflict { .. })));
    drop(old);
    block_on(newer().unwrap().store()).expect("nobody's guard stands for the old one any more");
}

#[test]
fn the_last_registry_may_be_dropped_inside_a_closure_of_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let mounted = provider(&Sqlite::in_dir(dir.path()), "a").mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let mut registry = Some(registry);
    store.view().update(|_| drop(registry.take())).unwrap();
    store.commit(created("a", "goes on")).unwrap();
}

#[test]
fn a_closing_that_is_still_queued_is_done_before_a_registrys_drop_returns() {
    struct NeverUpkeep;
    impl Spawner for NeverUpkeep {
        fn spawn(&self, work: Work, future: BoxFuture<'static, ()>) {
            match work {
                Work::Load => drop(std::thread::spawn(|| block_on(future))),
                // Kept, and never run.
                _ => std::mem::forget(future),
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::builder().spawner(NeverUpkeep).build();
    let mounted = provider(&Sqlite::in_dir(dir.path()), "a").mount(&registry).unwrap();
    block_on(mounted.store()).unwrap().commit(created("a", "kept")).unwrap();
    drop((mounted.shutdown(), mounted));
    assert!(dir.path().join("project@a.db-wal").exists());
    drop(registry);
    assert!(!dir.path().join("project@a.db-wal").exists());
}

#[test]
fn upkeep_that_its_spawner_drops_is_done_by_the_spawner() {
    struct DropsUpkeep;
    impl Spawner for DropsUpkeep {
        fn spawn(&self, work: Work, future: BoxFuture<'static, ()>) {
            match work {
                Work::Load => drop(std::thread::spawn(|| block_on(future))),
                _ => drop(future),
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::builder().spawner(DropsUpkeep).build();
    let mounted = provider(&Sqlite::in_dir(dir.path()), "a").mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    block_on(store.commit(created("a", "one")).unwrap().durable()).unwrap();
    block_on(store.commit(created("b", "two")).unwrap().durable()).unwrap();
    block_on(mounted.shutdown()).unwrap();
    block_on(registry.dispose()).unwrap();
}

#[test]
fn a_spawner_that_panics_leaves_an_error_and_no_hold() {
    struct Panics;
    impl Spawner for Panics {
        fn spawn(&self, _: Work, _: BoxFuture<'static, ()>) {
            panic!("no runtime");
        }
    }
    let registry = StoreRegistry::builder().spawner(Panics).cache_time(Duration::ZERO).build();
    let mounted = provider(&Sqlite::in_memory(), "a").mount(&registry).unwrap();
    assert!(matches!(block_on(mounted.store()).map(|_| ()), Err(StoreError::Open { cause: OpenError::Dropped, .. })));
    drop(mounted);
    assert_eq!(registry.snapshot().stores.len(), 0);
}

#[test]
fn wakers_and_captures_that_panic_do_not_end_the_threads_that_others_need() {
    struct PanicsWhenWoken;
    impl futures::task::ArcWake for PanicsWhenWoken {
        fn wake_by_ref(_: &Arc<Self>) {
            panic!("a waker");
        }
    }
    struct PanicsWhenDropped;
    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            panic!("a capture");
        }
    }
    let registry = StoreRegistry::new();
    let data = Scripted::new(Sqlite::in_memory());
    data.hang();
    let mounted: Vec<_> = (0..8).map(|id| provider(&data, &id.to_string()).mount(&registry).unwrap()).collect();
    let mut readers: Vec<_> = mounted.iter().map(Mounted::store).collect();
    let waker = futures::task::waker(Arc::new(PanicsWhenWoken));
    for reader in &mut readers {
        assert!(reader.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
    }
    data.resume();
    for mounted in &mounted {
        while mounted.state().phase() == Phase::Loading {
            std::thread::yield_now();
        }
    }
    // An observer that unsubscribes itself is dropped by whoever tells it.
    let own: Arc<Mutex<Option<Subscription>>> = Arc::default();
    let (inside, capture) = (Arc::clone(&own), PanicsWhenDropped);
    *own.lock().unwrap() = Some(mounted[0].observe(move |_| {
        let _ = &capture;
        let unsubscribed = inside.lock().unwrap().take();
        drop(unsubscribed);
    }));
    block_on(mounted[0].shutdown()).unwrap();
    let later = provider(&Sqlite::in_memory(), "later").mount(&registry).unwrap();
    block_on(later.store()).expect("the threads that load are there");
    block_on(later.shutdown()).expect("and so is the one for upkeep");
}

#[test]
fn a_waker_may_drop_another_reader_of_the_same_load() {
    struct DropsReader(Mutex<Option<Suspended<Project>>>);
    impl futures::task::ArcWake for DropsReader {
        fn wake_by_ref(this: &Arc<Self>) {
            let reader = this.0.lock().unwrap().take();
            drop(reader);
        }
    }
    let host = TestHost::new();
    let registry = host.registry().build();
    let mounted = provider(&Sqlite::in_memory(), "a").mount(&registry).unwrap();
    let (mut first, mut second) = (mounted.store(), mounted.store());
    assert!((&mut second).now_or_never().is_none());
    let drops = Arc::new(DropsReader(Mutex::new(None)));
    let waker = futures::task::waker(Arc::clone(&drops));
    assert!(first.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
    *drops.0.lock().unwrap() = Some(second);
    host.run();
    assert_eq!(mounted.state().phase(), Phase::Running);
}

#[test]
fn waiting_in_a_boot_hook_or_an_observer_is_an_error_that_says_where_to_wait() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    // Four hooks that each wait for a store of their own would leave no thread to load any.
    let hooks: Vec<_> = (0..4)
        .map(|number| {
            let (inside, data_inside) = (registry.clone(), data.clone());
            let waits = move |_: &_| {
                let other = provider(&data_inside, &format!("other-{number}")).mount(&inside)?;
                block_on(other.store())?;
                Ok(())
            };
            provider(&data, &format!("hook-{number}")).on_boot(waits).mount(&registry).unwrap()
        })
        .collect();
    for mounted in &hooks {
        let error = block_on(mounted.store()).map(|_| ()).unwrap_err().to_string();
        let refused = "waiting for a store inside a boot hook is refused, since loads need the thread it runs on";
        assert!(error.contains(refused), "{error}");
        assert!(error.contains("give the hook the handle"), "{error}");
    }
    // A store that was waited for before may be used in a hook.
    let other = block_on(provider(&data, "before").mount(&registry).unwrap().store()).unwrap();
    let uses = move |_: &_| {
        other.commit(created("a", "from a hook"))?;
        Ok(())
    };
    block_on(provider(&data, "uses").on_boot(uses).mount(&registry).unwrap().store()).unwrap();

    let mounted = Arc::new(provider(&data, "observed").mount(&registry).unwrap());
    block_on(mounted.store()).unwrap();
    let (errors, told) = mpsc::channel();
    let (inside, hangs, weak) = (registry.clone(), hanging(), Arc::downgrade(&mounted));
    let _observes = mounted.observe(move |transition| {
        if let (State::Loading(BootStatus::Opening), Some(mounted)) = (&transition.to, weak.upgrade()) {
            errors.send(block_on(mounted.store()).map(|_| ()).unwrap_err()).unwrap();
            errors.send(block_on(mounted.shutdown()).unwrap_err()).unwrap();
            // These two have no error to give, and wait no longer for it.
            block_on(inside.preload(provider(&hangs, "preloaded")));
            block_on(inside.get(&mounted.key()).unwrap().transitions().for_each(|_| std::future::ready(())));
        }
    });
    block_on(mounted.shutdown()).unwrap();
    let _again = provider(&data, "observed").mount(&registry).unwrap();
    for attempted in ["waiting for a store inside an observer", "waiting for a shutdown inside an observer"] {
        let error = told.recv().unwrap().to_string();
        assert!(error.contains(attempted) && error.contains("in a task of your own"), "{error}");
        assert!(error.contains("since others wait until it returns"), "{error}");
    }
}

/// Stores that do not open before they are told to.
fn hanging() -> Scripted {
    let data = Scripted::new(Sqlite::in_memory());
    data.hang();
    data
}

/// What a store that is mounted with this boot hook comes to.
fn booted(
    registry: &StoreRegistry,
    hook: impl Fn(&StoreRegistry) -> Result<(), StoreError> + Send + Sync + 'static,
) -> Result<ProjectStore, StoreError> {
    let inside = registry.clone();
    let provider = provider(&Sqlite::in_memory(), "hook").on_boot(move |_| Ok(hook(&inside)?));
    block_on(provider.mount(registry).unwrap().store())
}

#[test]
fn a_preload_in_a_boot_hook_begins_and_is_not_waited_for() {
    let (registry, data) = (StoreRegistry::new(), hanging());
    let preloads = provider(&data, "preloaded");
    booted(&registry, move |inside| {
        block_on(inside.preload(preloads.clone()));
        Ok(())
    })
    .expect("the hook does not wait");
    let preloaded = registry.get(&ProjectKey::new(store_id!("preloaded"))).unwrap();
    assert_eq!(preloaded.state().phase(), Phase::Loading);
    data.resume();
    block_on(preloaded.store()).expect("the load goes on");
}

#[test]
fn transitions_end_in_a_boot_hook_where_they_would_wait_and_nowhere_else() {
    let (registry, data) = (StoreRegistry::new(), hanging());
    let other = provider(&data, "other").mount(&registry).unwrap();
    let watched = other.clone();
    let (phases, seen) = mpsc::channel();
    booted(&registry, move |_| {
        block_on(watched.transitions().for_each(|transition| {
            phases.send(transition.to.phase()).unwrap();
            std::future::ready(())
        }));
        Ok(())
    })
    .expect("the hook does not wait");
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), [Phase::Loading]);
    let mut transitions = other.transitions();
    assert_eq!(block_on(transitions.next()).unwrap().to.phase(), Phase::Loading);
    assert!(transitions.next().now_or_never().is_none(), "it waits here");
    data.resume();
    while block_on(transitions.next()).expect("it goes on").to.phase() != Phase::Running {}
}

#[test]
fn a_shutdown_in_a_boot_hook_begins_and_waiting_for_it_is_refused() {
    let registry = StoreRegistry::new();
    let other = provider(&hanging(), "other").mount(&registry).unwrap();
    let ends = other.clone();
    let error = booted(&registry, move |_| block_on(ends.shutdown())).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("waiting for a shutdown inside a boot hook is refused"), "{error}");
    assert_eq!(other.state().phase(), Phase::Shutdown);
}

#[test]
fn settling_in_a_boot_hook_which_would_wait_for_itself_fails_the_hook() {
    let registry = StoreRegistry::new();
    let error = booted(&registry, |inside| {
        block_on(inside.settled());
        Ok(())
    });
    let error = error.map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Boot { .. }), "{error}");
    assert!(error.to_string().contains("waiting for `settled()` inside a boot hook is refused"), "{error}");
}

#[test]
fn waiting_for_a_store_inside_a_closure_of_another_is_an_error_and_no_deadlock() {
    let registry = StoreRegistry::new();
    let other = provider(&hanging(), "other").mount(&registry).unwrap();
    let store = block_on(Project::open(Sqlite::in_memory())).unwrap();
    let mut inside = None;
    store.view().update(|_| inside = Some(block_on(other.store()).map(|_| ()))).unwrap();
    let error = inside.unwrap().unwrap_err().to_string();
    assert!(error.contains("waiting for a store inside an `update` closure is refused"), "{error}");
}

#[test]
fn four_hooks_that_would_wait_leave_the_threads_that_load_to_others() {
    // Alone, since other tests load on the same threads.
    crate::soak::alone(
        "slot::hostile::four_hooks_that_would_wait_leave_the_threads_that_load_to_others",
        four_that_would_wait,
    );
}

fn four_that_would_wait() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    // All four threads are in a hook, so that nothing that a hook waits for could load.
    let all_there = Arc::new(std::sync::Barrier::new(4));
    let hook = |waits: fn(&StoreRegistry, Mounted<Project>, ProjectProvider<Sqlite>)| {
        let (inside, data, all_there) = (registry.clone(), data.clone(), Arc::clone(&all_there));
        move |store: &ProjectStore| {
            let other = provider(&data, &format!("other-{}", store.id()));
            let mounted = other.clone().mount(&inside)?;
            all_there.wait();
            waits(&inside, mounted, other);
            all_there.wait();
            Ok(())
        }
    };
    let hooks = [
        hook(|_, mounted, _| drop(block_on(mounted.store()))),
        hook(|_, mounted, _| drop(block_on(mounted.shutdown()))),
        hook(|_, mounted, _| block_on(mounted.transitions().for_each(|_| std::future::ready(())))),
        hook(|inside, _, other| block_on(inside.preload(other))),
    ];
    let mounted = hooks
        .into_iter()
        .enumerate()
        .map(|(number, hook)| provider(&data, &number.to_string()).on_boot(hook).mount(&registry).unwrap());
    for mounted in mounted.collect::<Vec<_>>() {
        block_on(mounted.store()).unwrap();
    }
}

#[test]
fn a_handle_that_a_failing_hook_gave_away_answers_with_the_hooks_error() {
    let given: Arc<Mutex<Option<crate::project::ProjectStore>>> = Arc::default();
    let (gives, fails) = (Arc::clone(&given), AtomicBool::new(true));
    let registry = StoreRegistry::new();
    let hook = move |store: &crate::project::ProjectStore| match fails.swap(false, Ordering::SeqCst) {
        true => {
            *gives.lock().unwrap() = Some(store.clone());
            Err("not yet".into())
        }
        false => Ok(()),
    };
    let mounted = provider(&Sqlite::in_memory(), "a").on_boot(hook).mount(&registry).unwrap();
    assert!(block_on(mounted.store()).is_err());
    let store = given.lock().unwrap().take().unwrap();
    for retried in [false, true] {
        for error in [
            store.sequence().map(|_| ()).unwrap_err(),
            store.commit(created("a", "too late")).map(|_| ()).unwrap_err(),
            store.boot_report().map(|_| ()).unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::Boot { .. }), "{error}");
        }
        assert!(store.downgrade().upgrade().is_none());
        if !retried {
            mounted.retry().unwrap();
            block_on(mounted.store()).unwrap();
        }
    }
}

#[test]
fn a_hook_that_shuts_its_own_store_down_ends_the_load() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let inside = registry.clone();
    let hook = move |store: &crate::project::ProjectStore| {
        Ok(block_on(inside.shutdown(&crate::project::ProjectKey::new(store.id().clone())))?)
    };
    let mounted = provider(&data, "a").on_boot(hook).mount(&registry).unwrap();
    let error = block_on(mounted.store()).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Shutdown { cause: ShutdownCause::Requested, .. }), "{error}");
}

/// An engine whose opening blocks its thread until the test lets it go on.
#[derive(Clone)]
struct Blocks(Arc<Mutex<mpsc::Receiver<()>>>);

impl Adapter for Blocks {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new("a thread that waits")
    }

    fn open(&self, _: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let goes_on = Arc::clone(&self.0);
        async move {
            let _ = goes_on.lock().unwrap().recv();
            Err(OpenError::Dropped)
        }
        .boxed()
    }
}

#[test]
fn an_opening_that_blocks_its_thread_keeps_no_other_store_and_no_cancelled_load_waiting() {
    let (go_on, blocked) = mpsc::channel();
    let blocks = Blocks(Arc::new(Mutex::new(blocked)));
    let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
    let hooks = Arc::new(());
    for _ in 0..1_000 {
        let hook = Arc::clone(&hooks);
        let mounted = provider(&blocks, "stuck").on_boot(move |_| {
            let _ = &hook;
            Ok(())
        });
        drop(mounted.mount(&registry).unwrap());
    }
    let fine = provider(&Sqlite::in_memory(), "fine").mount(&registry).unwrap();
    block_on(fine.store()).unwrap().commit(created("a", "works")).unwrap();
    assert_eq!(registry.snapshot().stores.len(), 1);
    // All but the one that blocks let go of what they hold, though they cannot begin.
    while Arc::strong_count(&hooks) > 2 {
        std::thread::yield_now();
    }
    drop(go_on);
    block_on(registry.dispose()).unwrap();
}

#[test]
fn a_tracing_subscriber_may_look_at_the_registry() {
    // Alone: a callsite that another thread meets first, where there is one subscriber and not on that thread, is off.
    crate::soak::alone("slot::hostile::a_tracing_subscriber_may_look_at_the_registry", a_subscriber_that_looks);
}

fn a_subscriber_that_looks() {
    use tracing_subscriber::layer::{Layer, SubscriberExt};
    struct Looks(StoreRegistry, Arc<AtomicUsize>);
    impl<S: tracing::Subscriber> Layer<S> for Looks {
        fn on_event(&self, _: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
            self.1.fetch_add(self.0.snapshot().stores.len(), Ordering::SeqCst);
        }
    }
    let host = TestHost::new();
    let (registry, looked) = (host.registry().build(), Arc::new(AtomicUsize::new(0)));
    let looks = Looks(registry.clone(), Arc::clone(&looked));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(looks), || {
        let mounted = provider(&Sqlite::in_memory(), "a").mount(&registry).unwrap();
        host.run();
        drop(mounted);
    });
    assert!(looked.load(Ordering::SeqCst) > 0);
}

#[test]
fn four_stores_at_a_time_block_the_threads_that_load_and_the_fifth_waits_its_turn() {
    // Alone, since other tests load on the same threads.
    crate::soak::alone(
        "slot::hostile::four_stores_at_a_time_block_the_threads_that_load_and_the_fifth_waits_its_turn",
        four_at_a_time,
    );
}

fn four_at_a_time() {
    // Five hooks that block until five are there would wait for ever; four are there.
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let (arrived, arrivals) = mpsc::channel();
    let go_on = Arc::new((Mutex::new(false), std::sync::Condvar::new()));
    let mounted: Vec<_> = (0..5)
        .map(|number| {
            let (arrived, go_on) = (arrived.clone(), Arc::clone(&go_on));
            let blocks = move |_: &_| {
                arrived.send(number)?;
                let (may, changed) = &*go_on;
                drop(changed.wait_while(may.lock().unwrap(), |may| !*may).unwrap());
                Ok(())
            };
            provider(&data, &number.to_string()).on_boot(blocks).mount(&registry).unwrap()
        })
        .collect();
    let mut arrived: Vec<_> = arrivals.iter().take(4).collect();
    assert!(arrivals.try_recv().is_err(), "the fifth waits");
    *go_on.0.lock().unwrap() = true;
    go_on.1.notify_all();
    arrived.push(arrivals.recv().unwrap());
    arrived.sort_unstable();
    assert_eq!(arrived, [0, 1, 2, 3, 4]);
    for mounted in &mounted {
        assert_eq!(ids(&block_on(mounted.store()).unwrap()), [""; 0]);
    }
    let mut transitions = mounted[0].transitions();
    assert_eq!(block_on(transitions.next()).unwrap().to.phase(), Phase::Running);
}

#[test]
fn an_opening_that_nobody_waits_for_any_more_is_abandoned() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    let patient = Sqlite::in_dir(dir.path()).wait_for_lock(std::time::Duration::MAX);
    for _ in 0..20 {
        drop(Project::open(patient.clone()));
    }
    let waiting = Project::open(patient);
    drop(store);
    block_on(waiting).unwrap().commit(created("a", "had to wait")).unwrap();
    // None of the abandoned ones holds the file now or later.
    for _ in 0..20 {
        let again = Sqlite::in_dir(dir.path()).wait_for_lock(std::time::Duration::from_secs(60));
        assert_eq!(block_on(Project::open(again)).unwrap().total().get().unwrap(), 1);
    }
}
