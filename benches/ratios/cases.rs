//! The cases, each with its hand-written equivalent.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use futures::executor::block_on;
use store_context::prelude::*;

use crate::hand::Hand;
use crate::model::{Tracker, TrackerEvent, TrackerKey, TrackerProvider, TrackerStore, created, key};
use crate::pair::{compare, compare_amounts, compare_timed};

/// A case: its name, and what runs and prints it.
type Case = (&'static str, fn(&str));

pub(crate) const ALL: &[Case] = &[
    ("commit_one_memory", commit_one_memory),
    ("commit_one_wal", commit_one_wal),
    ("commit_one_live", commit_one_live),
    ("commit_one_grouped", commit_one_grouped),
    ("commit_batch_1000", commit_batch_1000),
    ("commit_batch_1000_live", commit_batch_1000_live),
    ("read_by_key_memory", read_by_key_memory),
    ("read_by_key_wal", read_by_key_wal),
    ("read_cached_live", read_cached_live),
    ("read_bound_again", read_bound_again),
    ("scan_100", |name| scan(name, 100)),
    ("scan_10000", |name| scan(name, 10_000)),
    ("live_10000_unrelated", live_10000_unrelated),
    ("live_10000_other_table", live_10000_other_table),
    ("live_10000_one_hit", live_10000_one_hit),
    ("live_list_10000_one_row", live_list_10000_one_row),
    ("registry_hot_get", registry_hot_get),
    ("subscribers_1000", subscribers_1000),
    ("open_100", open_100),
    ("replay_100k", replay_100k),
    ("memory_per_store", memory_per_store),
];

fn in_memory() -> TrackerStore {
    block_on(Tracker::open(Sqlite::in_memory())).unwrap()
}

fn filled(store: &TrackerStore, rows: u64) {
    store.commit((0..rows).map(created).collect::<Vec<_>>()).unwrap();
}

fn filled_by_hand(hand: &mut Hand, rows: u64) {
    hand.commit(&(0..rows).map(created).collect::<Vec<_>>());
}

/// Both stores with as many rows.
fn both(rows: u64) -> (TrackerStore, Hand) {
    let (store, mut hand) = (in_memory(), Hand::in_memory());
    filled(&store, rows);
    filled_by_hand(&mut hand, rows);
    (store, hand)
}

/// A directory, both stores in it with as many rows.
fn both_in_files(rows: u64) -> (tempfile::TempDir, TrackerStore, Hand) {
    let directory = tempfile::tempdir().unwrap();
    let store = block_on(Tracker::open(Sqlite::in_dir(directory.path().join("ours")))).unwrap();
    let mut hand = Hand::in_file(&directory.path().join("hand.db"));
    filled(&store, rows);
    filled_by_hand(&mut hand, rows);
    (directory, store, hand)
}

/// The next title of one issue: an update of one row, so that tables stay as large as they are.
fn retitled(of: u64, count: &mut u64) -> TrackerEvent {
    *count += 1;
    TrackerEvent::TitleChanged { id: key(of), title: format!("Title {count}") }
}

fn commit_one(name: &str, store: &TrackerStore, mut hand: Hand) {
    let (mut one, mut other) = (0, 0);
    compare(name, 1, || _ = store.commit(retitled(7, &mut one)).unwrap(), || hand.commit(&[retitled(7, &mut other)]));
}

fn commit_one_memory(name: &str) {
    let (store, hand) = both(1_000);
    commit_one(name, &store, hand);
}

fn commit_one_wal(name: &str) {
    let (_directory, store, hand) = both_in_files(1_000);
    commit_one(name, &store, hand);
}

fn commit_one_live(name: &str) {
    let (store, mut hand) = both(1_000);
    let calls = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&calls);
    let _live = store.issues().by_key(key(7)).subscribe(move |row| {
        black_box(&row);
        counts.fetch_add(1, Ordering::Relaxed);
    });
    let (mut one, mut other) = (0, 0);
    compare(
        name,
        1,
        || _ = store.commit(retitled(7, &mut one)).unwrap(),
        || {
            hand.commit(&[retitled(7, &mut other)]);
            black_box(hand.by_key(&key(7)));
        },
    );
    assert!(calls.load(Ordering::Relaxed) >= one - 1, "each commit is told");
}

/// The mean over a second, with the flushes, whose delay is 10 ms; by hand every commit is written, and with FULL synced.
fn commit_one_grouped(name: &str) {
    let directory = tempfile::tempdir().unwrap();
    let grouped = Durability::Grouped { delay: Duration::from_millis(10) };
    let data = Sqlite::in_dir(directory.path().join("ours")).durability(grouped);
    let store = block_on(Tracker::open(data)).unwrap();
    filled(&store, 1_000);
    let (mut one, mut other) = (0, 0);
    let mut took = Vec::new();
    for synchronous in ["NORMAL", "FULL"] {
        let mut hand = Hand::in_file(&directory.path().join(format!("{synchronous}.db")));
        hand.sqlite.pragma_update(None, "synchronous", synchronous).unwrap();
        filled_by_hand(&mut hand, 1_000);
        let ours = || {
            let mean = mean_of_a_second(|| {
                let began = Instant::now();
                let receipt = store.commit(retitled(7, &mut one)).unwrap();
                took.push(began.elapsed());
                receipt
            });
            block_on(store.commit(retitled(7, &mut one)).unwrap().durable()).unwrap();
            mean
        };
        compare_timed(&format!("{name} (synchronous = {synchronous})"), 5, ours, || {
            mean_of_a_second(|| hand.commit(&[retitled(7, &mut other)]))
        });
    }
    took.sort_unstable();
    println!("{name} p99.9={:?} of {} commits", took[took.len() * 999 / 1_000], took.len());
}

fn mean_of_a_second<T>(mut commit: impl FnMut() -> T) -> Duration {
    let (began, mut commits) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(1) {
        black_box(commit());
        commits += 1;
    }
    began.elapsed() / commits
}

fn batch(from: &mut u64) -> Vec<TrackerEvent> {
    (0..1_000).map(|number| retitled(number, from)).collect()
}

fn commit_batch_1000(name: &str) {
    let (store, mut hand) = both(1_000);
    let (mut one, mut other) = (0, 0);
    compare(name, 1_000, || _ = store.commit(batch(&mut one)).unwrap(), || hand.commit(&batch(&mut other)));
}

fn commit_batch_1000_live(name: &str) {
    let (store, mut hand) = both(1_000);
    let _live = store.by_status("todo".to_owned(), 20).subscribe(|rows| _ = black_box(rows)).unwrap();
    let (mut one, mut other) = (0, 0);
    compare(
        name,
        1_000,
        || _ = store.commit(batch(&mut one)).unwrap(),
        || {
            hand.commit(&batch(&mut other));
            black_box(hand.by_status("todo", 20));
        },
    );
}

fn read_by_key(name: &str, store: &TrackerStore, hand: &Hand) {
    let keys: Vec<_> = (0..1_000).map(key).collect();
    let (mut one, mut other) = (0, 0);
    compare(
        name,
        1,
        || {
            one = (one + 7) % keys.len();
            black_box(store.issues().by_key(&keys[one]).get().unwrap());
        },
        || {
            other = (other + 7) % keys.len();
            black_box(hand.by_key(&keys[other]));
        },
    );
}

fn read_by_key_memory(name: &str) {
    let (store, hand) = both(1_000);
    read_by_key(name, &store, &hand);
}

fn read_by_key_wal(name: &str) {
    let (_directory, store, hand) = both_in_files(1_000);
    read_by_key(name, &store, &hand);
}

fn read_bound_again(name: &str) {
    let (store, hand) = both(1_000);
    let (bound, key) = (store.issues().by_key(key(7)), key(7));
    compare(name, 1, || _ = black_box(bound.get().unwrap()), || _ = black_box(hand.by_key(&key)));
}

fn read_cached_live(name: &str) {
    let (store, hand) = both(1_000);
    let live = store.by_status("todo".to_owned(), 20).watch().unwrap();
    let base = Mutex::new(Arc::new(hand.by_status("todo", 20)));
    compare(name, 1, || _ = black_box(live.get()), || _ = black_box(Arc::clone(&base.lock().unwrap())));
    let bound = store.by_status("todo".to_owned(), 20);
    let other = format!("{name} (bound query)");
    compare(&other, 1, || _ = black_box(bound.get().unwrap()), || _ = black_box(Arc::clone(&base.lock().unwrap())));
}

fn scan(name: &str, rows: u32) {
    let (store, hand) = both(u64::from(rows));
    let ours = store.issues().order_by(|issue| issue.id.asc()).limit(u64::from(rows)).query();
    compare(name, rows, || _ = black_box(ours.get().unwrap()), || _ = black_box(hand.scan(rows)));
}

/// A store with as many live queries, each of one row, from this row on.
fn with_live(queries: u64, from: u64) -> (TrackerStore, Vec<Subscription>) {
    let store = in_memory();
    filled(&store, 20_001);
    let live = (from..from + queries)
        .map(|number| store.issues().by_key(key(number)).subscribe(|row| _ = black_box(row)).unwrap())
        .collect();
    (store, live)
}

fn live_10000_unrelated(name: &str) {
    let ((many, _many), (one, _one)) = (with_live(10_000, 1), with_live(1, 1));
    let (mut count, mut other) = (0, 0);
    compare(
        name,
        1,
        || _ = many.commit(retitled(20_000, &mut count)).unwrap(),
        || _ = one.commit(retitled(20_000, &mut other)).unwrap(),
    );
}

fn live_10000_other_table(name: &str) {
    let ((many, _many), (one, _one)) = (with_live(10_000, 1), with_live(1, 1));
    let (mut count, mut other) = (0, 0);
    let labelled = |count: &mut i64| {
        *count += 1;
        TrackerEvent::LabelCreated { id: *count, name: "label".to_owned() }
    };
    compare(
        name,
        1,
        || _ = many.commit(labelled(&mut count)).unwrap(),
        || _ = one.commit(labelled(&mut other)).unwrap(),
    );
}

fn live_10000_one_hit(name: &str) {
    let (many, _many) = with_live(10_000, 1);
    let mut hand = Hand::in_memory();
    filled_by_hand(&mut hand, 20_001);
    let (mut count, mut other) = (0, 0);
    compare(
        name,
        1,
        || _ = many.commit(retitled(7, &mut count)).unwrap(),
        || {
            hand.commit(&[retitled(7, &mut other)]);
            black_box(hand.by_key(&key(7)));
        },
    );
}

/// Each commit moves one row to somewhere else in a list by title.
fn live_list_10000_one_row(name: &str) {
    const ROWS: u32 = 10_000;
    let (store, mut hand) = both(u64::from(ROWS));
    let changes = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&changes);
    let list = store.issues().order_by(|issue| [issue.title.asc(), issue.id.asc()]);
    let live = list.subscribe_changes(move |list| {
        counts.fetch_add(list.unwrap().changes.len() as u64, Ordering::Relaxed);
    });
    let moved = |count: &mut u64| {
        *count += 1;
        let title = format!("Issue number {}", *count * 7_919 % u64::from(ROWS));
        TrackerEvent::TitleChanged { id: key(*count * 7_907 % u64::from(ROWS)), title }
    };
    let (mut one, mut other) = (0, 0);
    compare(
        name,
        1,
        || _ = store.commit(moved(&mut one)).unwrap(),
        || {
            hand.commit(&[moved(&mut other)]);
            black_box(hand.scan(ROWS));
        },
    );
    assert!(changes.load(Ordering::Relaxed) >= one, "each commit is told");
    drop(live);
}

fn registry_hot_get(name: &str) {
    let registry = StoreRegistry::new();
    let provider = TrackerProvider::new().adapter(Sqlite::in_memory()).store_id(store_id!("hot"));
    let mounted = provider.mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let key = TrackerKey::new(store_id!("hot"));
    let base = RwLock::new(HashMap::from([(("tracker".to_owned(), "hot".to_owned()), Arc::new(store))]));
    let by_hand = ("tracker".to_owned(), "hot".to_owned());
    compare(
        name,
        1,
        || _ = black_box(registry.get(&key).unwrap()),
        || _ = black_box(base.read().unwrap().get(&by_hand).map(Arc::clone)),
    );
}

fn subscribers_1000(name: &str) {
    let (store, mut hand) = both(1_000);
    let calls = Arc::new(AtomicU64::new(0));
    let subscribe = |_| {
        let calls = Arc::clone(&calls);
        let query = store.by_status("todo".to_owned(), 20);
        query.subscribe(move |rows| _ = (black_box(rows), calls.fetch_add(1, Ordering::Relaxed))).unwrap()
    };
    let _live: Vec<_> = (0..1_000).map(subscribe).collect();
    let told = AtomicU64::new(0);
    let by_hand: Vec<Box<dyn Fn(Arc<Vec<_>>)>> = (0..1_000)
        .map(|_| {
            let told = &told;
            Box::new(move |rows| _ = (black_box(rows), told.fetch_add(1, Ordering::Relaxed))) as Box<dyn Fn(_)>
        })
        .collect();
    let (mut one, mut other) = (0, 0);
    // One that is in the result.
    let shown = store.by_status("todo".to_owned(), 20).get().unwrap()[0].id.clone();
    let retitled = |count: &mut u64| {
        *count += 1;
        TrackerEvent::TitleChanged { id: shown.clone(), title: format!("Title {count}") }
    };
    compare(
        name,
        1,
        || _ = store.commit(retitled(&mut one)).unwrap(),
        || {
            hand.commit(&[retitled(&mut other)]);
            let rows = Arc::new(hand.by_status("todo", 20));
            by_hand.iter().for_each(|call| call(Arc::clone(&rows)));
        },
    );
    assert!(calls.load(Ordering::Relaxed) >= 1_000 * (one - 1), "each commit is told to each");
}

fn open_100(name: &str) {
    let directory = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(directory.path().join("ours"));
    std::fs::create_dir_all(directory.path().join("hand")).unwrap();
    let path = |number: u32| directory.path().join("hand").join(format!("{number}.db"));
    let ours = || {
        let registry = StoreRegistry::new();
        let began = Instant::now();
        let mounted: Vec<_> = (0..100)
            .map(|number| {
                let provider = TrackerProvider::new().adapter(data.clone()).store_id(format!("store-{number}"));
                provider.mount(&registry).unwrap()
            })
            .collect();
        let stores: Vec<_> = mounted.iter().map(|mounted| block_on(mounted.store()).unwrap()).collect();
        let took = began.elapsed();
        drop((stores, mounted));
        block_on(registry.dispose()).unwrap();
        took
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let base = || {
        let began = Instant::now();
        let open: Vec<Hand> = std::thread::scope(|scope| {
            let open = |part| (0..100).filter(move |number| number % threads == part);
            let opened: Vec<_> = (0..threads)
                .map(|part| {
                    let path = &path;
                    scope.spawn(move || {
                        open(part)
                            .map(|number| Hand::in_file(&path(u32::try_from(number).unwrap())))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            opened.into_iter().flat_map(|opened| opened.join().unwrap()).collect()
        });
        let took = began.elapsed();
        drop(open);
        took
    };
    compare_timed(name, 7, ours, base);
}

fn replay_100k(name: &str) {
    const EVENTS: u64 = 100_000;
    let rounds = 3;
    let mut times = (0..rounds).map(|_| {
        let directory = tempfile::tempdir().unwrap();
        let data = Sqlite::in_dir(directory.path());
        let store = block_on(Tracker::open(data.clone())).unwrap();
        for from in (0..EVENTS).step_by(10_000) {
            store.commit((from..from + 10_000).map(created).collect::<Vec<_>>()).unwrap();
        }
        drop(store);
        let began = Instant::now();
        let store = block_on(crate::model::later::Tracker::open(data)).unwrap();
        let took = began.elapsed();
        assert_eq!(store.boot_report().unwrap().replayed, EVENTS);
        took
    });
    let mut by_hand = (0..rounds).map(|_| {
        let directory = tempfile::tempdir().unwrap();
        let mut hand = Hand::in_file(&directory.path().join("hand.db"));
        for from in (0..EVENTS).step_by(10_000) {
            hand.commit(&(from..from + 10_000).map(created).collect::<Vec<_>>());
        }
        drop(hand);
        let began = Instant::now();
        let hand = Hand::in_file(&directory.path().join("hand.db"));
        hand.replay();
        began.elapsed()
    });
    compare_timed(name, rounds, || times.next().unwrap(), || by_hand.next().unwrap());
}

/// How many stores are open while memory is measured.
const OPEN: u64 = 1_000;

/// Each side in a process of its own, since what one has freed the other would use.
fn memory_per_store(name: &str) {
    let measured = |side: &str| {
        let program = std::env::current_exe().unwrap();
        let output = std::process::Command::new(program).args(["--memory", side]).output().unwrap();
        let bytes: f64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
        bytes / f64::from(u32::try_from(OPEN).unwrap())
    };
    compare_amounts(name, "bytes", measured("ours"), measured("base"));
}

/// Prints how many bytes more are resident when the stores of one side are open, each with a commit and a read done.
pub(crate) fn print_memory(side: &str) {
    let before = resident();
    if side == "ours" {
        let stores: Vec<_> = (0..OPEN).map(|_| in_memory()).collect();
        for store in &stores {
            filled(store, 1);
            black_box(store.issues().by_key(key(0)).get().unwrap());
        }
        println!("{}", resident() - before);
    } else {
        let mut stores: Vec<_> = (0..OPEN).map(|_| Hand::with_all_tables()).collect();
        for hand in &mut stores {
            filled_by_hand(hand, 1);
            black_box(hand.by_key(&key(0)));
        }
        println!("{}", resident() - before);
    }
}

/// The process's resident memory in bytes, as Linux tells it.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    4096 * pages.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
}
