//! Interleavings of the life of a store, explored: each model is run under thousands of schedules, and holds in all.
//!
//! Shuttle and not loom: what is checked is the registry itself, with its weak handles and with the channels of
//! `futures`, of which loom has no models. Threads are switched at the locks, atomics and signals of the runtime; the
//! look at the present generation (`arc-swap`) and cells that are set once are single steps here. A schedule that fails
//! is printed, and `shuttle::replay` runs it again. `SCHEDULES` says how many of each kind, 800 unless set.

#![allow(missing_docs, unreachable_pub)]

mod engine;

use std::sync::Arc;
use std::time::Duration;

use shuttle::future::block_on;
use shuttle::sync::Mutex;
use shuttle::thread;
use store_context_models::testing::ManualClock;
use store_context_models::{
    Change, Phase, Reading, Spawner, StoreError, StoreKey, StoreRegistry, StoreState, Watched, Work,
};

use engine::spots::{Map, SpotEvent, SpotsProvider};
use engine::{Counter, CounterEvent, CounterProvider, Engine};

const CACHE: Duration = Duration::from_secs(60);

/// A thread for each piece of work, so that the schedule decides when it runs.
struct Threads;

impl Spawner for Threads {
    fn spawn(&self, _: Work, future: futures::future::BoxFuture<'static, ()>) {
        thread::spawn(move || block_on(future));
    }
}

fn registry(clock: &ManualClock, cache_time: Duration) -> StoreRegistry {
    StoreRegistry::builder().clock(clock.clone()).timer(clock.clone()).spawner(Threads).cache_time(cache_time).build()
}

fn provider(engine: &Engine) -> CounterProvider<Engine> {
    CounterProvider::new().adapter(engine.clone())
}

fn key() -> StoreKey<Counter> {
    StoreKey::new(store_context_models::StoreId::default())
}

/// Runs a model under random schedules, and under ones with few, well-placed switches.
fn check(model: impl Fn() + Send + Sync + Copy + 'static) {
    let schedules = std::env::var("SCHEDULES").map_or(800, |number| number.parse().expect("a number of schedules"));
    shuttle::check_random(model, schedules);
    shuttle::check_pct(model, schedules, 3);
}

#[test]
fn hold_against_release_against_cache_time() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        let registry = registry(&clock, CACHE);
        let first = provider(&engine).mount(&registry).unwrap();
        let weak = block_on(first.store()).unwrap().downgrade();

        let releases = thread::spawn(move || drop(first));
        let time = thread::spawn({
            let clock = clock.clone();
            move || clock.advance(CACHE)
        });
        let upgrades = thread::spawn(move || {
            // Either it is over, or it is held: then it answers until it is let go.
            if let Some(store) = weak.upgrade() {
                store.commit(CounterEvent::Counted).unwrap();
            }
        });
        let mounted = provider(&engine).mount(&registry).unwrap();
        let store = block_on(mounted.store()).expect("a guard is held, so the store is not unused");
        store.commit(CounterEvent::Counted).unwrap();
        let handle = store.clone();
        drop((mounted, store));
        handle.commit(CounterEvent::Counted).expect("a handle is held, so the store is not unused");
        [releases, time, upgrades].into_iter().for_each(|thread| thread.join().unwrap());
        handle.commit(CounterEvent::Counted).unwrap();
        drop(handle);
        // A timer that is lost would leave it open, and shuttle reports that this goes on for ever.
        while engine.open() > 0 {
            clock.advance(CACHE);
            thread::yield_now();
        }
        block_on(registry.dispose()).unwrap();
    });
}

#[test]
fn load_against_cancel() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        let registry = registry(&clock, Duration::ZERO);
        let first = provider(&engine).mount(&registry).unwrap();
        // Nobody else holds it: the load is cancelled wherever it is.
        let cancels = thread::spawn(move || drop(first));
        let second = provider(&engine).mount(&registry).unwrap();
        let store = block_on(second.store()).expect("the load that was cancelled was not this one");
        store.commit(CounterEvent::Counted).unwrap();
        cancels.join().unwrap();
        drop((second, store));
        block_on(registry.dispose()).unwrap();
        assert_eq!(engine.open(), 0, "a load that nobody wants closes what it opened");
    });
}

#[test]
fn wakers_are_handed_on_when_a_suspended_reader_is_dropped() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        let registry = registry(&clock, CACHE);
        let mounted = provider(&engine).mount(&registry).unwrap();
        let readers: Vec<_> = (0..3)
            .map(|index| {
                let suspended = mounted.store();
                thread::spawn(move || {
                    if index == 1 {
                        // Polls, so that it is the one to be woken, and goes.
                        let polled = futures::FutureExt::now_or_never(suspended.clone());
                        drop((suspended, polled));
                    } else {
                        // Were its waker lost, it would wait for ever, which shuttle reports as a deadlock.
                        block_on(suspended).unwrap();
                    }
                })
            })
            .collect();
        readers.into_iter().for_each(|reader| reader.join().unwrap());
        block_on(registry.dispose()).unwrap();
    });
}

#[test]
fn shutdown_against_commit() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        let registry = registry(&clock, CACHE);
        let mounted = provider(&engine).mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        let committers: Vec<_> = (0..2)
            .map(|_| {
                let store = store.clone();
                thread::spawn(move || {
                    let mut acknowledged = 0;
                    for _ in 0..2 {
                        match store.commit(CounterEvent::Counted) {
                            Ok(_) => acknowledged += 1,
                            Err(StoreError::Shutdown { .. }) => break,
                            Err(error) => panic!("{error}"),
                        }
                    }
                    acknowledged
                })
            })
            .collect();
        block_on(mounted.shutdown()).unwrap();
        let at_the_end = engine.kept();
        assert_eq!(engine.open(), 0, "the file is closed when the shutdown is over");
        let acknowledged: u64 = committers.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!((engine.kept(), at_the_end), (acknowledged, acknowledged), "all of them, and none after");
        assert!(matches!(store.commit(CounterEvent::Counted), Err(StoreError::Shutdown { .. })));
    });
}

#[test]
fn retry_against_mount() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        engine.fail_next(1);
        let registry = registry(&clock, CACHE);
        let first = provider(&engine).mount(&registry).unwrap();
        assert!(block_on(first.store()).is_err());
        let retries: Vec<_> = (0..2)
            .map(|_| {
                let registry = registry.clone();
                thread::spawn(move || registry.retry(&key()).is_ok())
            })
            .collect();
        let mounts = thread::spawn({
            let (registry, engine) = (registry.clone(), engine.clone());
            move || {
                let mounted = provider(&engine).mount(&registry).unwrap();
                // The error that it shares, or the generation after it.
                match mounted.read() {
                    Ok(Reading::Ready(store)) => drop(store.commit(CounterEvent::Counted).unwrap()),
                    Ok(Reading::Suspended(suspended)) => drop(block_on(suspended).unwrap()),
                    Err(error) => assert!(matches!(error, StoreError::Open { .. }), "{error}"),
                }
            }
        });
        let retried = retries.into_iter().map(|thread| thread.join().unwrap());
        assert_eq!(retried.filter(|retried| *retried).count(), 1, "an error is retried once");
        mounts.join().unwrap();
        let store = block_on(first.store()).expect("the retry loaded it");
        assert!(matches!(first.state(), StoreState::Running(_)));
        assert_eq!((first.generation(), engine.openings()), (2, 2));
        drop((first, store));
        block_on(registry.dispose()).unwrap();
        assert_eq!(engine.open(), 0);
    });
}

#[test]
fn dispose_against_mount() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        let registry = registry(&clock, CACHE);
        let mounts = thread::spawn({
            let (registry, engine) = (registry.clone(), engine.clone());
            move || match provider(&engine).mount(&registry) {
                Ok(mounted) => drop(block_on(mounted.store())),
                Err(error) => assert!(matches!(error, StoreError::Disposed { .. }), "{error}"),
            }
        });
        block_on(registry.dispose()).unwrap();
        assert_eq!(engine.open(), 0, "all that was mounted is closed");
        mounts.join().unwrap();
        assert_eq!(engine.open(), 0, "and nothing was opened after");
    });
}

#[test]
fn observers_are_told_in_order_by_whichever_thread() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        let registry = registry(&clock, CACHE);
        let mounted = provider(&engine).mount(&registry).unwrap();
        let mut transitions = mounted.transitions();
        let shuts_down = thread::spawn({
            let registry = registry.clone();
            move || block_on(registry.shutdown(&key())).unwrap()
        });
        let mounts = thread::spawn({
            let (registry, engine) = (registry.clone(), engine.clone());
            move || drop(provider(&engine).mount(&registry).unwrap())
        });
        shuts_down.join().unwrap();
        mounts.join().unwrap();
        block_on(registry.dispose()).unwrap();
        let mut seen = Vec::new();
        // Another thread may be telling still.
        while seen.last() != Some(&(mounted.generation(), Phase::Shutdown)) {
            let transition = block_on(futures::StreamExt::next(&mut transitions)).unwrap();
            seen.push((transition.generation, transition.to.phase()));
        }
        for pair in seen.windows(2) {
            let [(before, from), (after, to)] = pair else { unreachable!() };
            let follows = match (from, to) {
                (Phase::Loading, Phase::Loading | Phase::Running | Phase::Shutdown)
                | (Phase::Running, Phase::Shutdown) => after == before,
                (Phase::Shutdown, Phase::Loading) => *after == before + 1,
                _ => false,
            };
            assert!(follows, "{seen:?}");
        }
    });
}

#[test]
fn a_watch_never_goes_back_and_ends_at_what_the_store_is() {
    check(|| {
        let (clock, engine) = (ManualClock::new(), Engine::default());
        let registry = registry(&clock, CACHE);
        let mounted = provider(&engine).mount(&registry).unwrap();
        let count = mounted.watch(|store| store.counts().count());
        let told = Arc::new(Mutex::new(Vec::new()));
        let _live = count.changed({
            let (count, told) = (count.clone(), Arc::clone(&told));
            move || {
                let mut told = told.lock().unwrap();
                told.push(count.get());
            }
        });
        let commits = thread::spawn({
            let suspended = mounted.store();
            move || {
                // Shut down by now, it commits nothing.
                let Ok(store) = block_on(suspended) else { return };
                let _ = store.commit(CounterEvent::Counted);
                let _ = store.commit(CounterEvent::Counted);
            }
        });
        let shuts_down = thread::spawn({
            let mounted = mounted.clone();
            move || {
                let _ = block_on(mounted.shutdown());
            }
        });
        let mounts = thread::spawn({
            let (registry, engine) = (registry.clone(), engine.clone());
            move || drop(provider(&engine).mount(&registry).unwrap())
        });
        for thread in [commits, shuts_down, mounts] {
            thread.join().unwrap();
        }
        let _again = provider(&engine).mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        let _ = store.commit(CounterEvent::Counted).unwrap();
        let expected = store.counts().count().get().unwrap();
        // Another thread may be telling still. One that lost the last value would wait for ever.
        let mut values = count.clone();
        while !matches!(count.get(), Watched::Ready(value) if value == expected) {
            let _ = block_on(futures::StreamExt::next(&mut values));
        }
        let seen = told.lock().unwrap().clone();
        let is_over = |value: &Watched<i64>| matches!(value, Watched::Shutdown(_));
        let is_dead =
            |pair: &[Watched<i64>]| is_over(&pair[0]) && !is_over(&pair[1]) && pair[1].clone().ready().is_some();
        assert!(!seen.windows(2).any(is_dead), "a value came after the end of its store: {seen:?}");
        let ready = seen.iter().filter_map(|value| value.clone().ready()).collect::<Vec<_>>();
        assert!(ready.is_sorted(), "a value from before came after a later one: {seen:?}");
        drop((mounted, store, _again));
        block_on(registry.dispose()).unwrap();
        let last = || matches!(count.get(), Watched::Shutdown(_));
        while !last() {
            let _ = block_on(futures::StreamExt::next(&mut values));
        }
    });
}

/// An ordered list is kept by the rows that commits write, or read again: whichever it is, it is told as some commit left
/// it, and ends at what the engine has.
#[test]
fn a_list_that_is_kept_is_as_some_commit_left_it() {
    check(|| {
        let (clock, map) = (ManualClock::new(), Map::default());
        let registry = registry(&clock, CACHE);
        let mounted = SpotsProvider::new().adapter(map.clone()).mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        let commits = |id: i64, places: [i64; 3]| {
            let store = store.clone();
            let place = move |place| drop(store.commit(SpotEvent::Placed { id, place }).unwrap());
            thread::spawn(move || places.into_iter().for_each(place))
        };
        let threads = [commits(1, [2, 0, 3]), commits(2, [4, 0, 1]), commits(1, [5, 0, 6])];
        let list = || store.spots().filter(|spot| spot.place.gt(0)).order_by(|spot| [spot.place.asc(), spot.id.asc()]);
        let told = Arc::new(Mutex::new((Vec::new(), 0)));
        let _live = list().subscribe_changes({
            let (told, map) = (Arc::clone(&told), map.clone());
            move |changes| {
                let changes = changes.unwrap();
                let (list, state) = &mut *told.lock().unwrap();
                changes.changes.into_iter().for_each(|change| match change {
                    Change::Removed { index, row } => assert_eq!(list.remove(index), row),
                    Change::Inserted { index, row } => list.insert(index, row),
                    Change::Moved { from, to, row } => {
                        assert_eq!(list.remove(from), row);
                        list.insert(to, row);
                    }
                    Change::Updated { index, before, row } => {
                        assert_eq!(std::mem::replace(&mut list[index], row), before)
                    }
                });
                assert!(list.iter().eq(changes.rows.iter()));
                let lists = map.lists();
                let known =
                    (*state..lists.len()).find(|state| lists[*state].iter().eq(list.iter().map(|spot| &**spot)));
                *state = known.unwrap_or_else(|| panic!("no commit from {state} on of {lists:?} left {list:?}"));
            }
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let last = map.lists().pop().unwrap();
        // Another thread may be telling still. A change that is lost would have this go on for ever.
        while told.lock().unwrap().0.iter().map(|spot| &**spot).ne(&last) {
            thread::yield_now();
        }
        assert_eq!(list().get().unwrap().to_vec(), last);
    });
}
