//! Code that panics or calls back where it should not, statements spelt oddly, and files that are not ours.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use futures::executor::block_on;
use serde::{Deserialize, Deserializer, Serialize};
use store_context::adapter::Adapter;
use store_context::error::DecodeError;
use store_context::prelude::*;

use crate::project::{created, in_dir, in_memory};

thread_local! {
    /// Runs whenever a `Payload` of this thread is decoded.
    static ON_DECODE: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Payload {
    // Not in alphabetical order.
    size: i64,
    name: String,
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Plain {
            size: i64,
            name: String,
        }
        ON_DECODE.with_borrow(|on_decode| on_decode.iter().for_each(|on_decode| on_decode()));
        Plain::deserialize(deserializer).map(|Plain { size, name }| Self { size, name })
    }
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "things")]
struct Thing {
    #[row(primary_key)]
    id: i64,
    note: String,
    ratio: f64,
    #[row(json)]
    payload: Vec<Payload>,
}

#[derive(Row, Clone, Debug, PartialEq)]
struct Ratio {
    id: i64,
    ratio: f64,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum ThingEvent {
    Added { id: i64, ratio: f64 },
    AddedThenRead { id: i64 },
    Noted { id: i64, note: String },
}

#[derive(StoreContext)]
#[store(name = "things", events = ThingEvent)]
struct Things {
    things: Table<Thing>,
    #[query("SELECT count(*) FROM things")]
    count: Query<fn() -> i64>,
    #[query("SELECT count(*) FROM THINGS")]
    count_upper: Query<fn() -> i64>,
    #[query("SELECT EXISTS (SELECT 1 FROM main.Things)")]
    exists_mixed: Query<fn() -> bool>,
    #[query("WITH d AS (SELECT 1 FROM \"Things\") SELECT count(*) FROM d")]
    count_with: Query<fn() -> i64>,
    #[query("SELECT count(*) FROM things\n")]
    count_with_newline: Query<fn() -> i64>,
    #[query("SELECT * FROM things ORDER BY id")]
    ratios: Query<fn() -> Vec<Ratio>>,
}

impl Materialize for Things {
    fn materialize(event: ThingEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let thing = |id, ratio| Thing { id, note: String::new(), ratio, payload: vec![payload(id)] };
        match event {
            ThingEvent::Added { id, ratio } => tx.insert(thing(id, ratio))?,
            ThingEvent::AddedThenRead { id } => {
                tx.insert(thing(id, 0.0))?;
                tx.table::<Thing>().get()?;
            }
            ThingEvent::Noted { id, note } => drop(tx.table::<Thing>().by_key(id).update(|t| t.note.set(note))?),
        }
        Ok(())
    }
}

fn payload(size: i64) -> Payload {
    Payload { size, name: "p".into() }
}

fn things(adapter: impl Adapter) -> ThingsStore {
    block_on(Things::open(adapter)).unwrap()
}

fn added(id: i64) -> ThingEvent {
    ThingEvent::Added { id, ratio: 0.0 }
}

/// Runs `body` while decoding a payload on this thread runs `on_decode`.
fn while_decoding<T>(on_decode: impl Fn() + 'static, body: impl FnOnce() -> T) -> T {
    ON_DECODE.set(Some(Box::new(on_decode)));
    let result = body();
    ON_DECODE.set(None);
    result
}

#[test]
fn a_panic_while_decoding_is_an_error_and_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    for store in [things(Sqlite::in_memory()), things(Sqlite::in_dir(dir.path()))] {
        store.commit(added(1)).unwrap();
        let live = store.things().subscribe(|_| {}).unwrap();
        let decoding = || -> () { panic!("the decoder's own panic") };
        let error = while_decoding(decoding, || store.commit(ThingEvent::AddedThenRead { id: 2 }).unwrap_err());
        assert!(error.to_string().contains("the decoder's own panic"), "{error}");
        assert_eq!(store.count().get().unwrap(), 1, "nothing was committed");
        let error = while_decoding(decoding, || store.read(|snap| snap.get(&store.things().query()).unwrap_err()));
        assert!(matches!(error.unwrap(), StoreError::Decode { cause: DecodeError::Panicked { .. }, .. }));
        // What the commit itself reads back is whole; the live query's run is not.
        let written = std::cell::Cell::new(false);
        let later = move || {
            if written.replace(true) {
                decoding()
            }
        };
        while_decoding(later, || store.commit(added(3)).unwrap());
        assert_eq!(store.things().get().unwrap().len(), 2, "the live query's last result is not served");
        store.commit(added(4)).unwrap();
        assert_eq!((store.count().get().unwrap(), store.things().get().unwrap().len()), (3, 3));
        drop(live);
    }
}

#[test]
fn decoding_that_uses_a_store_gets_an_error_and_no_deadlock() {
    let store = things(Sqlite::in_memory());
    store.commit(added(1)).unwrap();
    let _live = store.things().subscribe(|_| {}).unwrap();
    let (weak, told) = (store.downgrade(), Arc::new(Mutex::new(None)));
    let teller = told.clone();
    let calling = move || *teller.lock().unwrap() = Some(weak.upgrade().unwrap().things().get().map(|_| ()));
    while_decoding(calling, || store.commit(added(2)).unwrap());
    let error = told.lock().unwrap().take().unwrap().unwrap_err();
    assert!(error.to_string().contains("inside the decoding of a row"), "{error}");
}

#[test]
fn a_subscriber_whose_parts_panic_when_dropped_does_not_end_the_rounds() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("the capture's own panic");
            }
        }
    }
    let store = in_memory();
    let told: Arc<Mutex<Vec<i64>>> = Arc::default();
    let teller = told.clone();
    let _live = store.total().subscribe(move |total| teller.lock().unwrap().push(total.unwrap())).unwrap();
    let bomb = Bomb;
    let subscribed = catch_unwind(AssertUnwindSafe(|| {
        drop(store.issues().subscribe_now(move |_| {
            let _bomb = &bomb;
            panic!("the subscriber's own panic")
        }));
    }));
    assert!(subscribed.is_ok(), "no panic reaches the caller");
    store.commit(created("a", "one")).unwrap();
    store.commit(created("b", "two")).unwrap();
    assert_eq!(*told.lock().unwrap(), [1, 2]);
}

#[test]
fn a_live_query_fires_however_its_statement_is_spelt() {
    let store = things(Sqlite::in_memory());
    assert_eq!(store.count().get().unwrap(), 0, "prepared once without the newline");
    let fired: Arc<Mutex<Vec<&str>>> = Arc::default();
    let teller = |name| {
        let fired = fired.clone();
        move || fired.lock().unwrap().push(name)
    };
    let (upper, mixed, with, newline) = (teller("upper"), teller("mixed"), teller("with"), teller("newline"));
    let _live = [
        store.count_upper().subscribe(move |_| upper()).unwrap(),
        store.exists_mixed().subscribe(move |_| mixed()).unwrap(),
        store.count_with().subscribe(move |_| with()).unwrap(),
        store.count_with_newline().subscribe(move |_| newline()).unwrap(),
    ];
    store.commit(added(1)).unwrap();
    fired.lock().unwrap().sort_unstable();
    assert_eq!(*fired.lock().unwrap(), ["mixed", "newline", "upper", "with"]);
    assert_eq!((store.count_upper().get().unwrap(), store.count_with_newline().get().unwrap()), (1, 1));
}

#[test]
fn columns_that_the_row_type_leaves_out_do_not_fire() {
    let store = things(Sqlite::in_memory());
    store.commit(added(1)).unwrap();
    let fired = Arc::new(AtomicBool::new(false));
    let teller = fired.clone();
    let _live = store.ratios().subscribe(move |_| teller.store(true, Ordering::SeqCst)).unwrap();
    store.commit(ThingEvent::Noted { id: 1, note: "changed".into() }).unwrap();
    assert!(!fired.load(Ordering::SeqCst));
    assert_eq!(store.ratios().get().unwrap().to_vec(), [Ratio { id: 1, ratio: 0.0 }]);
}

#[test]
fn what_depends_on_more_than_the_state_is_not_served_from_a_cache() {
    #[derive(StoreContext)]
    #[store(name = "changing", events = ThingEvent)]
    struct Changing {
        #[query("SELECT julianday(:at) - julianday('2000-01-01')")]
        age: Query<fn(at: &str) -> f64>,
    }
    impl Materialize for Changing {
        fn materialize(_: ThingEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(())
        }
    }
    let store = block_on(Changing::open(Sqlite::in_memory())).unwrap();
    let _live = store.age("now").subscribe(|_| {}).unwrap();
    let before = store.age("now").get().unwrap();
    // The clock of SQLite has milliseconds.
    while store.age("now").get().unwrap() == before {}
}

#[test]
fn floats_and_json_structs_come_back_as_they_went() {
    let store = things(Sqlite::in_memory());
    let ratios: Vec<_> = (1..2_000).map(|n| 1_000.0 / f64::from(n) * 0.217_244_920_783_274_18).collect();
    let events = ratios.iter().zip(0..).map(|(ratio, id)| ThingEvent::Added { id, ratio: *ratio });
    store.commit(events.collect::<Vec<_>>()).unwrap();
    assert!(store.ratios().get().unwrap().iter().map(|row| row.ratio).eq(ratios));
    assert_eq!(store.things().filter(|t| t.payload.contains(payload(7))).count().get().unwrap(), 1);
}

#[test]
fn subscribe_now_never_ends_on_an_older_state() {
    let store = in_memory();
    let committing = AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..300 {
                store.commit(created(&n.to_string(), "one of many")).unwrap();
            }
            committing.store(false, Ordering::SeqCst);
        });
        let mut watchers = Vec::new();
        while committing.load(Ordering::SeqCst) && watchers.len() < 300 {
            let (sender, told) = mpsc::channel();
            watchers.push((store.total().subscribe_now(move |total| _ = sender.send(total.unwrap())).unwrap(), told));
        }
        for (_live, told) in &watchers {
            let mut states = vec![told.recv().unwrap()];
            while states.last() != Some(&300) {
                states.push(told.recv().unwrap());
            }
            assert!(states.is_sorted(), "{states:?}");
        }
    });
}

#[test]
fn a_commit_returns_while_others_go_on_committing() {
    let store = in_memory();
    let (is_done, still_committing) = (AtomicBool::new(false), AtomicBool::new(false));
    let _busy = store.total().subscribe(|_| std::thread::yield_now()).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0;
            while !is_done.load(Ordering::SeqCst) && n < 1_000_000 {
                store.commit(created(&n.to_string(), "one of many")).unwrap();
                n += 1;
            }
            still_committing.store(n < 1_000_000, Ordering::SeqCst);
        });
        for n in 0..50 {
            store.commit(created(&format!("mine {n}"), "has to return")).unwrap();
        }
        is_done.store(true, Ordering::SeqCst);
    });
    assert!(still_committing.load(Ordering::SeqCst));
}

#[test]
fn a_receipt_waiting_while_its_store_closes_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..100 {
        let store = in_dir(dir.path());
        let receipt = store.commit(created(&n.to_string(), "one")).unwrap();
        let waiting = std::thread::spawn(move || block_on(receipt.durable()));
        drop(store);
        waiting.join().unwrap().unwrap();
    }
}

#[test]
fn a_subscription_dropped_by_another_subscriber_is_not_called_any_more() {
    let store = in_memory();
    let other: Arc<Mutex<Option<Subscription>>> = Arc::default();
    let (dropping, told) = (other.clone(), Arc::new(AtomicBool::new(false)));
    let _first = store.total().subscribe(move |_| drop(dropping.lock().unwrap().take())).unwrap();
    let teller = told.clone();
    let second = store.total().subscribe(move |_| teller.store(true, Ordering::SeqCst)).unwrap();
    *other.lock().unwrap() = Some(second);
    store.commit(created("a", "one")).unwrap();
    assert!(!told.load(Ordering::SeqCst));
}
