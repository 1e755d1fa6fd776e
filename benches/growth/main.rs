//! How cost grows with stores, rows and live queries: `cargo bench --bench growth` prints it and draws
//! `docs/src/growth-*.svg`; with `rows`, `queries` or `stores` after `--` that one alone.

mod chart;
#[allow(missing_docs, unreachable_pub)]
#[path = "../ratios/model.rs"]
mod model;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use futures::executor::block_on;
use store_context::prelude::*;

use crate::chart::Series;
use crate::model::{Tracker, TrackerEvent, TrackerProvider, TrackerStore, created, key};

/// How long an operation is repeated for one measurement.
const SPAN: Duration = Duration::from_millis(10);

/// How many measurements a point is the median of.
const ROUNDS: usize = 9;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, stores] = &arguments[..]
        && flag == "--memory"
    {
        return print_memory(stores.parse().unwrap());
    }
    let draw = |name: &str, title: &str, series: fn() -> Vec<Series>| {
        let chosen = arguments[1..].iter().filter(|argument| !argument.starts_with('-')).collect::<Vec<_>>();
        if !chosen.is_empty() && !chosen.iter().any(|chosen| *chosen == name) {
            return;
        }
        let series = &series();
        for Series { name: series, points, unit } in series {
            let points: Vec<_> = points.iter().map(|(count, cost)| format!("{count}={cost:.0}{unit}")).collect();
            println!("growth {name}: {series}: {}", points.join(" "));
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/src/growth-{name}.svg"));
        chart::draw(&path, title, series);
    };
    draw("rows", "rows in a table", with_rows);
    draw("queries", "live queries, or subscribers", with_queries);
    draw("stores", "open stores", with_stores);
}

fn filled(rows: u64) -> TrackerStore {
    let store = block_on(Tracker::open(Sqlite::in_memory())).unwrap();
    for from in (0..rows).step_by(10_000) {
        store.commit((from..rows.min(from + 10_000)).map(created).collect::<Vec<_>>()).unwrap();
    }
    store
}

/// The next title of an issue.
fn retitled(of: u64, count: &mut u64) -> TrackerEvent {
    *count += 1;
    TrackerEvent::TitleChanged { id: key(of), title: format!("Title {count}") }
}

/// Measures an operation at each point. What changes while the machine runs meets all points alike.
fn measure<T>(name: &'static str, points: &mut [(u64, T)], mut operation: impl FnMut(&mut T)) -> Series {
    let mut costs: Vec<Vec<f64>> = points.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((_, state), costs) in points.iter_mut().zip(&mut costs) {
            operation(state);
            let (began, mut times) = (Instant::now(), 0);
            while began.elapsed() < SPAN {
                operation(state);
                times += 1;
            }
            costs.push(began.elapsed().as_secs_f64() * 1e9 / f64::from(times));
        }
    }
    let median = |mut costs: Vec<f64>| {
        costs.sort_unstable_by(f64::total_cmp);
        costs[costs.len() / 2]
    };
    let points = points.iter().zip(costs).map(|((count, _), costs)| (*count, median(costs))).collect();
    Series { name, points, unit: "ns" }
}

fn with_rows() -> Vec<Series> {
    let mut stores: Vec<_> = [1_000, 10_000, 100_000, 1_000_000].map(|rows| (rows, (filled(rows), rows, 0))).into();
    let commit = measure("commit of one event", &mut stores, |(store, rows, count)| {
        _ = store.commit(retitled(*count * 7_919 % *rows, count)).unwrap();
    });
    let read = measure("read by key", &mut stores, |(store, rows, count)| {
        *count += 1;
        black_box(store.issues().by_key(key(*count * 7_919 % *rows)).get().unwrap());
    });
    vec![commit, read]
}

const MANY: [u64; 5] = [1, 10, 100, 1_000, 10_000];

fn with_queries() -> Vec<Series> {
    // Of a row each, from the second one on.
    let watched = |queries: u64| {
        let store = filled(20_000);
        let live: Vec<_> = (1..=queries)
            .map(|number| store.issues().by_key(key(number)).subscribe(|row| _ = black_box(row)).unwrap())
            .collect();
        (queries, (store, live, 0))
    };
    let mut stores: Vec<_> = MANY.map(watched).into();
    let none = measure("commit that concerns no query", &mut stores, |(store, _, count)| {
        _ = store.commit(retitled(0, count)).unwrap();
    });
    let one = measure("commit that concerns one query", &mut stores, |(store, _, count)| {
        _ = store.commit(retitled(1, count)).unwrap();
    });
    let shared = |subscribers: u64| {
        let store = filled(1_000);
        let query = store.issues().by_key(key(1));
        let live: Vec<_> = (0..subscribers).map(|_| query.subscribe(|row| _ = black_box(row)).unwrap()).collect();
        (subscribers, (store, live, 0))
    };
    let mut stores: Vec<_> = MANY.map(shared).into();
    let told = measure("commit that tells all subscribers of one query", &mut stores, |(store, _, count)| {
        _ = store.commit(retitled(1, count)).unwrap();
    });
    vec![none, one, told]
}

fn with_stores() -> Vec<Series> {
    const STORES: [u64; 4] = [1, 10, 100, 1_000];
    let open = |count: u64| (count, ((0..count).map(|_| filled(100)).collect::<Vec<_>>(), 0));
    let mut stores: Vec<_> = STORES.map(open).into();
    let commit = measure("commit to one of them", &mut stores, |(stores, count)| {
        _ = stores[0].commit(retitled(7, count)).unwrap();
    });
    let read = measure("read by key of one of them", &mut stores, |(stores, _)| {
        black_box(stores[0].issues().by_key(key(7)).get().unwrap());
    });
    drop(stores);
    let directory = tempfile::tempdir().unwrap();
    let opened = STORES.map(|count| (count, open_each(directory.path(), count)));
    let memory = STORES.map(|count| (count, memory_each(count)));
    vec![
        commit,
        read,
        Series { name: "opening a store, all at once", points: opened.into(), unit: "ns" },
        Series { name: "memory of a store", points: memory.into(), unit: "B" },
    ]
}

/// What opening as many stores side by side takes, for each of them. They are there already. In a directory of a disk this is
/// mostly the disk: some file systems take long to make a file where many were deleted in the last seconds, as `-wal` is when
/// a store closes. `TMPDIR=/dev/shm` measures without one.
fn open_each(directory: &Path, count: u64) -> f64 {
    let data = Sqlite::in_dir(directory.join(count.to_string()));
    let mut costs: Vec<_> = (0..6)
        .map(|_| {
            let registry = StoreRegistry::new();
            let began = Instant::now();
            let mount = |number| {
                let provider = TrackerProvider::new().adapter(data.clone()).store_id(format!("store-{number}"));
                provider.mount(&registry).unwrap()
            };
            let mounted: Vec<_> = (0..count).map(mount).collect();
            for mounted in &mounted {
                block_on(mounted.store()).unwrap();
            }
            let took = began.elapsed();
            block_on(registry.dispose()).unwrap();
            took.as_secs_f64() * 1e9
        })
        // The first one makes them.
        .skip(1)
        .collect();
    costs.sort_unstable_by(f64::total_cmp);
    costs[costs.len() / 2] / count as f64
}

/// In a process of its own.
fn memory_each(count: u64) -> f64 {
    let output =
        Command::new(std::env::current_exe().unwrap()).args(["--memory", &count.to_string()]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse::<f64>().unwrap() / count as f64
}

/// Prints how many bytes more are resident when as many stores are open, each with a commit and a read done.
fn print_memory(count: u64) {
    // What the first one of a process needs once is not counted.
    let first = filled(1);
    black_box(first.issues().by_key(key(0)).get().unwrap());
    let before = resident();
    let stores: Vec<_> = (0..count).map(|_| filled(1)).collect();
    for store in &stores {
        black_box(store.issues().by_key(key(0)).get().unwrap());
    }
    println!("{}", resident() - before);
}

/// The process's resident memory in bytes, as Linux tells it.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    4096 * pages.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
}
