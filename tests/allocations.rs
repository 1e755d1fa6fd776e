//! What a commit and a read allocate, counted: the same for a store by itself and for one of many in a registry, and no
//! more as the store lives on.

use std::hint::black_box;

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    title: String,
    points: Option<i64>,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum TrackerEvent {
    IssueCreated { id: String, title: String },
    TitleChanged { id: String, title: String },
}

#[derive(StoreContext)]
#[store(name = "tracker", events = TrackerEvent)]
struct Tracker {
    issues: Table<Issue>,
    #[query("SELECT * FROM issues WHERE points = :points ORDER BY id LIMIT 20")]
    by_points: Query<fn(points: i64) -> Vec<Issue>>,
}

impl Materialize for Tracker {
    fn materialize(event: TrackerEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            TrackerEvent::IssueCreated { id, title } => tx.insert(Issue { id, title, points: Some(1) })?,
            TrackerEvent::TitleChanged { id, title } => {
                tx.table::<Issue>().by_key(id).update(|i| i.title.set(title))?;
            }
        }
        Ok(())
    }
}

/// How often something allocates, as a mean over many times.
fn allocations(mut operation: impl FnMut()) -> f64 {
    const TIMES: u32 = 500;
    // What is made once: statements, texts, pages.
    (0..50).for_each(|_| operation());
    let before = dhat::HeapStats::get().total_blocks;
    (0..TIMES).for_each(|_| operation());
    (dhat::HeapStats::get().total_blocks - before) as f64 / f64::from(TIMES)
}

/// Of a commit, a read by key, and a query of twenty rows.
fn of(store: &TrackerStore) -> [f64; 3] {
    let title = || "another title".to_owned();
    let events = (0..100).map(|number| TrackerEvent::IssueCreated { id: format!("issue-{number:03}"), title: title() });
    store.commit(events.collect::<Vec<_>>()).unwrap();
    let key = "issue-007".to_owned();
    [
        allocations(|| _ = store.commit(TrackerEvent::TitleChanged { id: key.clone(), title: title() }).unwrap()),
        allocations(|| _ = black_box(store.issues().by_key(&key).get().unwrap())),
        allocations(|| _ = black_box(store.by_points(1).get().unwrap())),
    ]
}

#[test]
fn a_store_of_a_registry_runs_what_one_by_itself_runs() {
    let _profiler = dhat::Profiler::builder().testing().build();
    let alone = of(&block_on(Tracker::open(Sqlite::in_memory())).unwrap());
    let registry = StoreRegistry::new();
    let data = Sqlite::in_memory();
    let mount = |number: u32| {
        let provider = TrackerProvider::new().adapter(data.clone()).store_id(format!("store-{number}"));
        provider.mount(&registry).unwrap()
    };
    let mounted: Vec<_> = (0..100).map(mount).collect();
    mounted.iter().for_each(|mounted| drop(block_on(mounted.store()).unwrap()));
    let one_of_many = of(&block_on(mounted[50].store()).unwrap());
    println!("a commit, a read by key, a query of 20 rows: {alone:?} alone, {one_of_many:?} of 100");
    // The log grows, so a mean is never quite whole.
    let [alone, one_of_many] = [alone, one_of_many].map(|counts| counts.map(f64::round));
    assert_eq!(alone, one_of_many);
    // By hand on rusqlite: 9, 3 and 45. Whoever makes it fewer writes the number down here.
    assert!(alone.iter().zip([21.0, 8.0, 71.0]).all(|(count, most)| *count <= most), "{alone:?}");
}
