//! Many rounds: memory and threads end where they began, and loads side by side take as long as one.

use std::sync::Arc;
use std::time::Duration;

use futures::executor::block_on;
use store_context::prelude::*;
use store_context::test::{ManualClock, Scripted, TestHost};

use crate::project::{Project, ProjectProvider, created, in_memory};

/// Resident memory in KiB, and threads of this process.
#[cfg(target_os = "linux")]
fn footprint() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let number = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (number("VmRSS:"), number("Threads:"))
}

/// Runs this binary again with only the test named, so that no other test uses its memory and threads.
pub fn alone(test: &str, body: impl FnOnce()) {
    const ALONE: &str = "STORE_CONTEXT_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return body();
    }
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

/// The allocator may keep some pages; twenty bytes left behind in each of 100,000 rounds are more.
#[cfg(target_os = "linux")]
const SLACK_KIB: u64 = 2_000;

#[test]
#[cfg(target_os = "linux")]
fn a_hundred_thousand_mounts_leave_no_memory_and_no_thread() {
    alone("soak::a_hundred_thousand_mounts_leave_no_memory_and_no_thread", || {
        // A store that stays in its cache time, one that is shut down each round, and a new id each round.
        let host = TestHost::new();
        let registry = host.registry().build();
        let adapter = Scripted::new(Nothing);
        let mount = |id: &str, cache: Duration| {
            let provider = ProjectProvider::new().adapter(adapter.clone()).store_id(id).cache_time(cache);
            provider.mount(&registry).unwrap()
        };
        let round = |number: u32| {
            drop(mount("cached", Duration::from_secs(60)));
            let ended = mount("ended", Duration::from_secs(60));
            host.run();
            let store = ended.read().unwrap().ready().unwrap();
            drop((ended.shutdown(), ended, store));
            drop(mount(&format!("new-{number}"), Duration::ZERO));
            host.run();
        };
        (0..2_000).for_each(round);
        let before = footprint();
        (2_000..102_000).for_each(round);
        let after = footprint();
        assert!(after.0 < before.0 + SLACK_KIB, "KiB before and after: {} {}", before.0, after.0);
        assert_eq!(after.1, before.1, "threads");
        assert_eq!(registry.snapshot().stores.len(), 1, "the cached one");
        assert_eq!(host.spawner.pending(), 1, "its cache time");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn thousands_of_mounts_on_real_threads_leave_no_memory_and_no_thread() {
    alone("soak::thousands_of_mounts_on_real_threads_leave_no_memory_and_no_thread", || {
        let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
        let data = Sqlite::in_memory();
        let round = |_| {
            let mounted = ProjectProvider::new().adapter(data.clone()).mount(&registry).unwrap();
            let store = block_on(mounted.store()).unwrap();
            store.commit(created("a", "one")).unwrap();
        };
        (0..300).for_each(round);
        let before = footprint();
        (0..3_000).for_each(round);
        let after = footprint();
        assert!(after.0 < before.0 + SLACK_KIB, "KiB before and after: {} {}", before.0, after.0);
        assert_eq!(after.1, before.1, "threads");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_subscriptions_made_and_dropped_leave_no_memory_and_no_thread() {
    alone("soak::ten_thousand_subscriptions_made_and_dropped_leave_no_memory_and_no_thread", || {
        let store = in_memory();
        let round = |number: u32| {
            let one = store.by_status(crate::project::Status::Todo, number % 50).subscribe(|_| ()).unwrap();
            let other = store.drafts(number.to_string()).subscribe(|_| ()).unwrap();
            if number.is_multiple_of(100) {
                store.commit(created(&number.to_string(), "seen by both")).unwrap();
                store.commit(crate::project::ProjectEvent::IssueDeleted { id: number.to_string() }).unwrap();
            }
            drop((one, other));
        };
        (0..1_000).for_each(round);
        let before = footprint();
        (1_000..11_000).for_each(round);
        let after = footprint();
        assert!(after.0 < before.0 + SLACK_KIB, "KiB before and after: {} {}", before.0, after.0);
        assert_eq!(after.1, before.1, "threads");
    });
}

/// An engine that keeps nothing, so that what a round leaves behind is the life cycle's.
struct Nothing;

impl store_context::Adapter for Nothing {
    fn identity(&self) -> store_context::registry::AdapterIdentity {
        store_context::registry::AdapterIdentity::new("nothing")
    }

    fn open(
        &self,
        _: store_context::adapter::OpenRequest,
    ) -> futures::future::BoxFuture<'static, Result<store_context::adapter::Opened, store_context::error::OpenError>>
    {
        use futures::FutureExt;
        let (session, report) = (Box::new(NoSession), store_context::life::BootReport::default());
        let persistence = store_context::life::Persistence::Persistent;
        futures::future::ready(Ok(store_context::adapter::Opened { session, report, persistence })).boxed()
    }
}

struct NoSession;

mod no_session {
    use std::sync::Arc;

    use store_context::adapter::{
        Committed, Done, EachRow, LoggedEvent, ReadSet, Reader, Session, SessionError, Statement, Transaction, Verdict,
    };

    impl Session for super::NoSession {
        fn transaction(
            &self,
            _: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
        ) -> Result<Option<Committed>, SessionError> {
            Ok(None)
        }
        fn query(&self, _: &Statement, _: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
            Err(SessionError::Closed)
        }
        fn snapshot(&self, _: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError> {
            Err(SessionError::Closed)
        }
        fn events(&self, _: u64, _: u64) -> Result<Vec<LoggedEvent>, SessionError> {
            Ok(Vec::new())
        }
        fn sequence(&self) -> u64 {
            0
        }
        fn flush(&self, done: Done<u64>) {
            done(Ok(0));
        }
        fn close(&self, done: Done<()>) {
            done(Ok(()));
        }
    }
}

#[test]
fn loads_of_real_files_are_all_under_way_at_once() {
    // Each opening takes ten seconds of a clock that moves once: were they one after the other, one would be open.
    let dir = tempfile::tempdir().unwrap();
    let clock = ManualClock::new();
    let data = Scripted::new(Sqlite::in_dir(dir.path())).slow_by(Duration::from_secs(10), clock.clone());
    let registry = StoreRegistry::new();
    let mounted: Vec<_> = (0..16)
        .map(|id| ProjectProvider::new().adapter(data.clone()).store_id(format!("s{id}")).mount(&registry).unwrap())
        .collect();
    while clock.sleepers() < mounted.len() {
        std::thread::yield_now();
    }
    clock.advance(Duration::from_secs(10));
    for mounted in &mounted {
        block_on(mounted.store()).unwrap().commit(created("a", "its own")).unwrap();
    }
    assert_eq!(data.most_under_way(), 16);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().filter(is_database).count(), 16);
    block_on(registry.settled());
}

fn is_database(file: &std::io::Result<std::fs::DirEntry>) -> bool {
    file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|extension| extension == "db"))
}

#[test]
fn one_store_is_held_let_go_and_held_again_by_many_threads() {
    let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
    let dir = tempfile::tempdir().unwrap();
    let data = Arc::new(Sqlite::in_dir(dir.path()));
    std::thread::scope(|threads| {
        for thread in 0..8 {
            let (registry, data) = (&registry, Arc::clone(&data));
            threads.spawn(move || {
                for round in 0..40 {
                    let mounted = ProjectProvider::new().adapter((*data).clone()).mount(registry).unwrap();
                    let store = block_on(mounted.store()).unwrap();
                    drop(mounted);
                    store.commit(created(&format!("{thread}-{round}"), "one of many")).unwrap();
                }
            });
        }
    });
    let mounted = registry.get(&store_context::StoreKey::<Project>::new(Default::default()));
    assert!(mounted.is_err(), "nobody holds it");
    assert_eq!(crate::project::ids(&crate::project::in_dir(dir.path())).len(), 320);
}
