//! Values that are kept current: of a handle until its store ends, of a guard through every generation.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use proptest::prelude::*;
use store_context::life::Phase;
use store_context::prelude::*;
use store_context::query::{Watch, Watched};
use store_context::test::{Scripted, TestHost};
use store_context::{Scope, StoreRegistry};

use crate::project::{Project, ProjectProvider, ProjectStore, Status, created, in_memory, moved};

const CACHE: Duration = Duration::from_secs(60);

/// Counts the calls.
fn counted<T: Clone + Send + Sync + 'static>(watch: &Watch<T>) -> (Arc<AtomicUsize>, Subscription) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&calls);
    (calls, watch.changed(move || _ = counts.fetch_add(1, Ordering::Relaxed)))
}

fn take(calls: &AtomicUsize) -> usize {
    calls.swap(0, Ordering::Relaxed)
}

/// A host, a registry on it, and stores in memory that open as they are told.
fn host() -> (TestHost, StoreRegistry, Scripted) {
    let host = TestHost::new();
    let registry = host.registry().cache_time(CACHE).build();
    (host, registry, Scripted::new(Sqlite::in_memory()))
}

fn mount(registry: &StoreRegistry, data: &Scripted) -> Mounted<Project> {
    ProjectProvider::new().adapter(data.clone()).mount(registry).unwrap()
}

fn running(mounted: &Mounted<Project>) -> ProjectStore {
    mounted.read().unwrap().ready().expect("it runs")
}

#[test]
fn a_watch_has_the_present_value_and_tells_each_other_one_once() {
    let store = in_memory();
    store.commit(created("a", "first")).unwrap();
    let total = store.total().watch().unwrap();
    let (calls, _live) = counted(&total);
    assert_eq!((total.get().unwrap(), take(&calls)), (1, 0), "nothing is told that was there before");
    store.commit([created("b", "second"), created("c", "third")]).unwrap();
    assert_eq!((total.get().unwrap(), take(&calls)), (3, 1), "a batch is one value");
    store.commit(moved("b", Status::Done)).unwrap();
    store.view().update(|view| view.draft = "unrelated".into()).unwrap();
    assert_eq!((total.get().unwrap(), take(&calls)), (3, 0));
    let committing = store.clone();
    std::thread::spawn(move || committing.commit(created("d", "elsewhere")).unwrap()).join().unwrap();
    assert_eq!((total.get().unwrap(), take(&calls)), (4, 1));
}

#[test]
fn tables_documents_and_derived_values_are_watched_too() {
    let store = in_memory();
    let done = store.issues().filter(|i| i.status.eq(Status::Done)).watch().unwrap();
    let view = store.view().watch().unwrap();
    let is_empty = store.total().map(|total| total == 0).watch().unwrap();
    let (calls, _live) = counted(&is_empty);
    assert!(done.get().unwrap().is_empty() && view.get().unwrap().draft.is_empty() && is_empty.get().unwrap());
    store.commit([created("a", "first"), moved("a", Status::Done)]).unwrap();
    store.commit(created("b", "second")).unwrap();
    store.view().update(|view| view.draft = "typed".into()).unwrap();
    assert_eq!((done.get().unwrap().len(), view.get().unwrap().draft.as_str()), (1, "typed"));
    assert_eq!((is_empty.get().unwrap(), take(&calls)), (false, 1), "told when it differs itself");
}

#[test]
fn a_handles_watch_ends_with_the_store_and_says_why() {
    let registry = StoreRegistry::new();
    let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let mut total = store.total().watch().unwrap();
    let (calls, _live) = counted(&total);
    assert_eq!(block_on(total.next()).unwrap().unwrap(), 0);
    assert!(total.next().now_or_never().is_none());
    store.commit(created("a", "first")).unwrap();
    store.commit(created("b", "second")).unwrap();
    assert_eq!(block_on(total.next()).unwrap().unwrap(), 2, "of several the last");
    assert_eq!(block_on(total.clone().next()).unwrap().unwrap(), 2, "a clone begins with the present value");
    block_on(mounted.shutdown()).unwrap();
    assert_eq!(take(&calls), 3);
    assert!(matches!(total.get(), Err(StoreError::Shutdown { .. })));
    assert!(matches!(block_on(total.next()), Some(Err(StoreError::Shutdown { .. }))));
    assert!(block_on(total.next()).is_none());
}

#[test]
fn a_watch_leaves_no_trace() {
    let (host, registry, data) = host();
    let mounted = mount(&registry, &data);
    host.run();
    let store = running(&mounted);
    let captured = Arc::new(());
    let (of_handle, of_guard) = (store.total().watch().unwrap(), mounted.watch(|store| store.total()));
    let listens = [0, 1].map(|_| Arc::clone(&captured)).map(|captured| move || drop(Arc::clone(&captured)));
    let [one, two] = listens;
    let live = (of_handle.changed(one), of_guard.changed(two));
    assert_eq!(registry.snapshot().stores[0].live[0].subscribers, 2);
    assert_eq!(Arc::strong_count(&captured), 3);
    drop(live);
    assert_eq!(Arc::strong_count(&captured), 1);
    let kept = of_handle.clone();
    drop((of_handle, of_guard));
    assert_eq!(registry.snapshot().stores[0].live[0].subscribers, 1, "a clone keeps it");
    drop(kept);
    assert!(registry.snapshot().stores[0].live.is_empty());
}

fn shown(watched: &Watched<i64>) -> String {
    match watched {
        Watched::Ready(total) => total.to_string(),
        Watched::Error(error) => format!("error: {}", error.to_string().chars().take(10).collect::<String>()),
        Watched::Loading => "loading".to_owned(),
        _ => "shutdown".to_owned(),
    }
}

#[test]
fn a_guards_watch_lives_through_error_retry_shutdown_and_the_next_generation() {
    let (host, registry, data) = host();
    let data = data.fail_times(1);
    let mounted = mount(&registry, &data);
    let (total, phase) = (mounted.watch(|store| store.total()), mounted.phase());
    let told = Arc::new(Mutex::new(Vec::new()));
    let (tells, read) = (Arc::clone(&told), total.clone());
    let _live = total.changed(move || tells.lock().unwrap().push(shown(&read.get())));
    let (phases, _phases_live) = counted(&phase);
    let take = || std::mem::take(&mut *told.lock().unwrap());
    assert_eq!((shown(&total.get()), phase.get(), take()), ("loading".into(), Phase::Loading, vec![]));
    host.run();
    assert_eq!((take(), phase.get()), (vec!["error: store `pro".to_owned()], Phase::Error));
    mounted.retry().unwrap();
    host.run();
    assert_eq!(take(), ["loading", "0"]);
    running(&mounted).commit(created("a", "first")).unwrap();
    running(&mounted).commit(moved("a", Status::Done)).unwrap();
    assert_eq!(take(), ["1"]);
    host.block_on(mounted.shutdown()).unwrap();
    assert_eq!((take(), phase.get()), (vec!["shutdown".to_owned()], Phase::Shutdown));
    let again = mount(&registry, &data);
    host.run();
    assert_eq!(take(), ["loading", "0"], "another generation, and a store in memory begins anew");
    running(&again).commit(created("b", "second")).unwrap();
    assert_eq!(take(), ["1"]);
    assert_eq!(phases.load(Ordering::Relaxed), 6, "error, loading, running, shutdown, loading, running");
}

#[test]
fn a_watch_holds_nothing_and_does_not_go_dead_after_the_cache_time() {
    let dir = tempfile::tempdir().unwrap();
    let (host, registry, _) = host();
    let data = Scripted::new(Sqlite::in_dir(dir.path()));
    let mounted = mount(&registry, &data);
    host.run();
    let total = mounted.watch(|store| store.total());
    running(&mounted).commit(created("a", "first")).unwrap();
    drop(mounted);
    host.advance(CACHE);
    assert_eq!(shown(&total.get()), "shutdown");
    let mounted = mount(&registry, &data);
    assert_eq!(shown(&total.get()), "loading");
    host.run();
    assert_eq!(shown(&total.get()), "1");
    running(&mounted).commit(created("b", "second")).unwrap();
    assert_eq!(shown(&total.get()), "2");
}

#[test]
fn the_steps_of_a_replay_tell_a_watch_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (host, registry, _) = host();
    let data = Scripted::new(Sqlite::in_dir(dir.path()));
    let before = block_on(Project::open(Sqlite::in_dir(dir.path()))).unwrap();
    before.commit((0..600).map(|n| created(&n.to_string(), "many")).collect::<Vec<_>>()).unwrap();
    drop(before);
    // Another schema hash, so that the log is replayed in pages.
    let file = rusqlite::Connection::open(dir.path().join("project@default.db")).unwrap();
    file.execute("UPDATE store_context_meta SET value = 1 WHERE key = 'schema_hash'", []).unwrap();
    drop(file);
    let mounted = mount(&registry, &data);
    let (total, phase) = (mounted.watch(|store| store.total()), mounted.phase());
    let steps = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&steps);
    let _observes = mounted.observe(move |_| _ = counts.fetch_add(1, Ordering::Relaxed));
    let (values, _values) = counted(&total);
    let (phases, _phases) = counted(&phase);
    host.run();
    assert!(steps.load(Ordering::Relaxed) > 3, "the load came further step by step");
    assert_eq!((take(&values), take(&phases), shown(&total.get())), (1, 1, "600".to_owned()));
}

/// What happens to a store, drawn at random.
#[derive(Clone, Copy, Debug)]
enum Step {
    Mount,
    Unmount,
    Commit,
    Unrelated,
    Shutdown,
    FailNext,
    Retry,
    Run,
    Advance,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::{Advance, Commit, FailNext, Mount, Retry, Run, Shutdown, Unmount, Unrelated};
    prop::sample::select(vec![Mount, Unmount, Commit, Commit, Unrelated, Shutdown, FailNext, Retry, Run, Run, Advance])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// After each step, the watch says what a look at the store says, and was told no more often than it differed.
    #[test]
    fn a_guards_watch_is_what_the_store_is(steps in prop::collection::vec(step(), 1..40)) {
        let dir = tempfile::tempdir().unwrap();
        let host = TestHost::new();
        let registry = host.registry().cache_time(CACHE).build();
        let data = Scripted::new(Sqlite::in_dir(dir.path()));
        let mut guards = vec![mount(&registry, &data)];
        let total = guards[0].watch(|store| store.total());
        let key = guards[0].key();
        let told = Arc::new(Mutex::new(vec![shown(&total.get())]));
        let (tells, read) = (Arc::clone(&told), total.clone());
        let _live = total.changed(move || tells.lock().unwrap().push(shown(&read.get())));
        let mut committed = 0;
        for step in steps {
            match step {
                Step::Mount => guards.push(mount(&registry, &data)),
                Step::Unmount => drop(guards.pop()),
                Step::Commit | Step::Unrelated => {
                    let store = guards.last().and_then(|guard| guard.read().ok()?.ready());
                    if let Some(store) = store {
                        if matches!(step, Step::Commit) {
                            store.commit(created(&committed.to_string(), "a")).unwrap();
                            committed += 1;
                        } else {
                            store.view().update(|view| view.draft.push('x')).unwrap();
                        }
                    }
                }
                Step::Shutdown => {
                    if let Some(shutdown) = guards.last().map(Mounted::shutdown) {
                        drop(shutdown);
                    }
                }
                Step::FailNext => { let _ = data.clone().fail_times(1); }
                Step::Retry => _ = registry.retry(&key),
                Step::Run => host.run(),
                Step::Advance => host.advance(CACHE / 2),
            }
            // A look without a guard of its own.
            let state = registry.snapshot().stores.first().map(|store| store.state.phase());
            let expected = match state {
                Some(Phase::Running) => committed.to_string(),
                Some(Phase::Loading) => "loading".to_owned(),
                Some(Phase::Error) => "error: store `pro".to_owned(),
                _ => "shutdown".to_owned(),
            };
            prop_assert_eq!(shown(&total.get()), expected, "after {:?}", step);
        }
        let told = told.lock().unwrap();
        prop_assert!(told.windows(2).all(|pair| pair[0] != pair[1]), "told twice: {:?}", told);
    }
}

#[test]
fn watches_of_threads_that_commit_shut_down_and_mount_never_go_back_and_end_at_the_truth() {
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::new();
    let data = Sqlite::in_dir(dir.path());
    let mount = || ProjectProvider::new().adapter(data.clone()).mount(&registry).unwrap();
    let mounted = mount();
    let watches: Vec<_> = (0..4).map(|_| mounted.watch(|store| store.total())).collect();
    let told: Vec<_> = watches.iter().map(|_| Arc::new(Mutex::new(Vec::new()))).collect();
    let _live: Vec<_> = watches
        .iter()
        .zip(&told)
        .map(|(watch, told)| {
            let (read, told) = (watch.clone(), Arc::clone(told));
            watch.changed(move || told.lock().unwrap().extend(read.get().ready()))
        })
        .collect();
    let committed = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for committer in 0..2 {
            let (mounted, committed) = (&mounted, &committed);
            threads.spawn(move || {
                for n in 0..100 {
                    // Shut down meanwhile, it is not committed.
                    let Ok(store) = block_on(mounted.store()) else { continue };
                    let done = store.commit(created(&format!("{committer}-{n}"), "a"));
                    committed.fetch_add(usize::from(done.is_ok()), Ordering::Relaxed);
                }
            });
        }
        threads.spawn(|| {
            for _ in 0..20 {
                let _ = block_on(mounted.shutdown());
                drop(mount());
            }
        });
    });
    let store = block_on(mount().store()).unwrap();
    let total = store.total().get().unwrap();
    assert_eq!(usize::try_from(total).unwrap(), committed.into_inner());
    // One that is told by another thread just then is told all the same.
    let settled = watches.iter().all(|watch| block_on(watch.clone().any(async |now| now.ready() == Some(total))));
    assert!(settled);
    for told in told {
        let told = told.lock().unwrap();
        assert!(told.is_sorted(), "a value from before was told after a later one: {told:?}");
    }
}

#[test]
fn what_is_the_same_is_equal() {
    let registry = StoreRegistry::new();
    let data = Sqlite::in_memory();
    let provider = |id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id);
    let (alpha, beta) = (provider("alpha").mount(&registry).unwrap(), provider("beta").mount(&registry).unwrap());
    let (one, two) = (block_on(alpha.store()).unwrap(), block_on(beta.store()).unwrap());
    assert!(one == block_on(alpha.store()).unwrap() && one != two);
    assert!(alpha == alpha.clone() && alpha == registry.get(&alpha.key()).unwrap() && alpha != beta);
    assert!(registry == registry.clone() && registry != StoreRegistry::new());
    let scope = Scope::new(&registry);
    assert!(scope == scope.clone() && scope != Scope::new(&registry));

    assert!(one.by_status(Status::Done, 3) == one.by_status(Status::Done, 3).label("other"));
    assert!(one.by_status(Status::Done, 3) != one.by_status(Status::Done, 4));
    assert!(one.total() != two.total());
    assert!(one.issues().filter(|i| i.points.gt(1)) == one.issues().filter(|i| i.points.gt(1)));
    assert!(one.issues().filter(|i| i.points.gt(1)) != one.issues().filter(|i| i.points.gt(2)));
    assert!(one.issues().limit(1) != one.issues());
    assert!(one.drafts("a") == one.drafts("a") && one.drafts("a") != one.drafts("b"));

    assert!(provider("alpha") == provider("alpha").on_boot(|_| Ok(())), "a hook of a mounted store is not asked");
    assert!(provider("alpha") != provider("beta") && provider("alpha") != provider("alpha").cache_time(CACHE));
    assert!(provider("alpha") != ProjectProvider::new().adapter(Sqlite::in_memory()).store_id("alpha"));
    assert_eq!(provider("alpha").name().unwrap().to_string(), "project@alpha");
    assert!(provider("not valid").name().is_err());
}

#[test]
fn a_document_is_written_before_its_store_runs_shown_at_once_and_committed_in_order() {
    let (host, registry, data) = host();
    let data = data.fail_times(1);
    let mounted = mount(&registry, &data);
    let view = mounted.document(|store| store.view());
    let shown = Arc::new(Mutex::new(Vec::new()));
    let (read, shows) = (view.clone(), Arc::clone(&shown));
    let _live = view.changed(move || shows.lock().unwrap().push(read.get().draft));
    let take = || std::mem::take(&mut *shown.lock().unwrap());
    view.set(crate::project::BoardView { draft: "x".into(), filter: None }).unwrap();
    view.update(|view| view.draft.push('y')).unwrap();
    assert_eq!((view.get().draft, take()), ("xy".to_owned(), vec!["x".to_owned(), "xy".to_owned()]));
    host.run();
    assert_eq!(view.get().draft, "xy", "the load failed, and nothing is lost");
    view.update(|view| view.draft.push('z')).unwrap();
    mounted.retry().unwrap();
    host.run();
    let store = running(&mounted);
    assert_eq!((store.view().get().unwrap().draft, store.sequence().unwrap()), ("xyz".to_owned(), 1));
    assert!(take().iter().all(|draft| draft == "xy" || draft == "xyz"), "it is not seen to go and come");
    view.update(|view| view.draft.push('!')).unwrap();
    store.view().update(|view| view.filter = Some(Status::Done)).unwrap();
    assert_eq!((view.get().draft.as_str(), view.get().filter), ("xyz!", Some(Status::Done)));
    let refused = store.read(|_| view.update(|view| view.draft.clear())).unwrap().unwrap_err();
    assert!(matches!(refused, StoreError::Reentrant { .. }), "{refused}");
    assert_eq!(view.get().draft, "xyz!", "what was refused is not kept");
}
