//! What was written is what is read back, or the write is refused and nothing is kept: columns, JSON, events, documents.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::executor::block_on;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store_context::column::{ColumnError, Fingerprint, SqlType, Value, ValueRef};
use store_context::prelude::*;
use store_context::query::{Assignment, TableRow};

/// Stored without its sign: what a column type of somebody's may do by mistake.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Unsigned(i64);

impl store_context::Column for Unsigned {
    const TYPE: SqlType = SqlType::Integer;
    const FINGERPRINT: u64 = Fingerprint::of("unsigned");
    fn to_value(&self) -> Value {
        Value::Integer(self.0)
    }
    fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Integer(number) => Ok(Self(number.saturating_abs())),
            other => Err(ColumnError::wrong_type("integer", other)),
        }
    }
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "samples")]
struct Sample {
    #[row(primary_key)]
    id: i64,
    ratio: f64,
    maybe: Option<f64>,
    count: Unsigned,
    #[row(json)]
    series: Vec<f64>,
    #[row(json)]
    tallies: HashMap<String, i64>,
    #[row(json)]
    set: HashSet<i64>,
    #[row(json)]
    any: Json,
}

fn sample() -> Sample {
    Sample {
        id: 1,
        ratio: 0.0,
        maybe: None,
        count: Unsigned(0),
        series: vec![1.5],
        tallies: HashMap::new(),
        set: HashSet::new(),
        any: json!({}),
    }
}

#[derive(Document, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct View {
    zoom: f64,
    shift: Option<f64>,
    nested: Json,
    pair: Option<Option<i64>>,
    #[serde(skip)]
    cached: i64,
}

impl Default for View {
    fn default() -> Self {
        Self { zoom: 1.0, shift: None, nested: Json::Null, pair: None, cached: 7 }
    }
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum LabEvent {
    /// Runs what the thread's test has set: a script may hold what no event can.
    Scripted,
    Maybe {
        value: Option<Option<i64>>,
    },
    Measured {
        value: Option<f64>,
    },
}

type Script = Box<dyn FnOnce(&mut Tx<'_, Lab>) -> Result<(), MaterializeError>>;

thread_local! {
    static SCRIPT: Cell<Option<Script>> = const { Cell::new(None) };
}

#[derive(StoreContext)]
#[store(name = "lab", events = LabEvent)]
struct Lab {
    samples: Table<Sample>,
    view: ClientDocument<View>,
    #[query("SELECT count(*) FROM samples WHERE ratio > :ratio")]
    above: Query<fn(ratio: f64) -> i64>,
}

impl Materialize for Lab {
    fn materialize(event: LabEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            LabEvent::Scripted => SCRIPT.take().map_or(Ok(()), |script| script(tx)),
            LabEvent::Maybe { .. } | LabEvent::Measured { .. } => Ok(()),
        }
    }
}

fn lab() -> LabStore {
    block_on(Lab::open(Sqlite::in_memory())).unwrap()
}

fn run(
    store: &LabStore,
    script: impl FnOnce(&mut Tx<'_, Lab>) -> Result<(), MaterializeError> + 'static,
) -> Result<(), StoreError> {
    SCRIPT.set(Some(Box::new(script)));
    store.commit(LabEvent::Scripted).map(|_| ())
}

fn updated(
    tx: &mut Tx<'_, Lab>,
    assignment: impl FnOnce(<Sample as TableRow>::Columns) -> Assignment<Sample>,
) -> Result<(), MaterializeError> {
    tx.table::<Sample>().by_key(1).update(assignment)?;
    Ok(())
}

/// The write is refused with this in its sentence, and nothing is kept.
fn refused(change: impl FnOnce(&mut Sample) + 'static, why: &str) {
    let store = lab();
    let error = run(&store, move |tx| {
        let mut row = sample();
        change(&mut row);
        Ok(tx.insert(row)?)
    });
    let error = error.unwrap_err().to_string();
    assert!(error.contains(why) && error.contains("nothing was committed"), "{error}");
    assert_eq!((store.samples().count().get().unwrap(), store.sequence().unwrap()), (0, 0));
}

#[test]
fn a_column_that_would_read_back_as_something_else_is_refused() {
    refused(|row| row.ratio = f64::NAN, "SQLite has no NaN");
    refused(|row| row.maybe = Some(f64::NAN), "SQLite has no NaN");
    refused(|row| row.count = Unsigned(-3), "reads back as Integer(3)");
    refused(|row| row.series = vec![1.0, f64::NAN], "NaN has no JSON form");
    refused(|row| row.series = vec![f64::INFINITY], "inf has no JSON form");
    refused(|row| row.set = (0..20).collect(), "`BTreeSet` for `HashSet`");
    refused(|row| row.any = (0..200).fold(Json::Null, |inner, _| Json::Array(vec![inner])), "does not read back");
}

#[test]
fn an_assignment_that_would_read_back_as_something_else_is_refused() {
    let store = lab();
    run(&store, |tx| Ok(tx.insert(sample())?)).unwrap();
    let before = store.samples().get().unwrap();
    for script in [
        |tx: &mut Tx<'_, Lab>| updated(tx, |s| s.ratio.set(f64::NAN)),
        |tx: &mut Tx<'_, Lab>| updated(tx, |s| s.maybe.set(Some(f64::NAN))),
        |tx: &mut Tx<'_, Lab>| updated(tx, |s| s.count.set(Unsigned(-1))),
        |tx: &mut Tx<'_, Lab>| updated(tx, |s| s.series.set(&vec![f64::NAN])),
        |tx: &mut Tx<'_, Lab>| Ok(tx.insert_partial::<Sample, _>(|s| [s.id.set(2), s.ratio.set(f64::NAN)])?),
    ] as [fn(&mut Tx<'_, Lab>) -> Result<(), MaterializeError>; 5]
    {
        let error = run(&store, script).unwrap_err();
        assert!(matches!(error, StoreError::Materialize { .. }), "{error}");
        assert_eq!(store.samples().get().unwrap(), before);
    }
    // Infinities are numbers of SQLite's.
    run(&store, |tx| updated(tx, |s| s.ratio.set(f64::NEG_INFINITY))).unwrap();
    assert_eq!(store.samples().get().unwrap()[0].ratio, f64::NEG_INFINITY);
}

#[test]
fn nothing_is_compared_with_nan() {
    let store = lab();
    run(&store, |tx| Ok(tx.insert(sample())?)).unwrap();
    for filter in [
        store.samples().filter(|s| s.maybe.eq(f64::NAN)),
        store.samples().filter(|s| s.ratio.gt(f64::NAN)),
        store.samples().filter(|s| !s.ratio.le(f64::NAN)),
    ] {
        let error = filter.get().unwrap_err().to_string();
        assert!(error.contains("is compared with NaN"), "{error}");
    }
    let error = store.above(f64::NAN).get().unwrap_err().to_string();
    assert!(error.contains("NaN"), "{error}");
    assert_eq!(store.above(-1.0).get().unwrap(), 1);
}

#[test]
fn an_event_that_would_read_back_as_something_else_is_refused() {
    let store = lab();
    for (event, why) in [
        (LabEvent::Maybe { value: Some(None) }, "`Some(None)`"),
        (LabEvent::Measured { value: Some(f64::NAN) }, "NaN has no JSON form"),
        (LabEvent::Measured { value: Some(f64::INFINITY) }, "inf has no JSON form"),
    ] {
        let error = store.commit([LabEvent::Measured { value: None }, event]).unwrap_err();
        assert!(matches!(error, StoreError::Event { .. }) && error.to_string().contains(why), "{error}");
    }
    assert_eq!(store.sequence().unwrap(), 0);
    store.commit([LabEvent::Maybe { value: None }, LabEvent::Maybe { value: Some(Some(1)) }]).unwrap();
    assert_eq!(store.sequence().unwrap(), 2);
}

#[test]
fn equal_maps_are_stored_as_one_text() {
    let store = lab();
    let map = || (0..20).map(|key| (format!("key {key}"), key)).collect::<HashMap<_, _>>();
    run(&store, move |tx| Ok(tx.insert(Sample { tallies: map(), ..sample() })?)).unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    let teller = Arc::clone(&told);
    let live = store
        .samples()
        .subscribe(move |_| {
            teller.fetch_add(1, Ordering::SeqCst);
        })
        .unwrap();
    for _ in 0..5 {
        run(&store, move |tx| updated(tx, |s| s.tallies.set(&map()))).unwrap();
    }
    assert_eq!(told.load(Ordering::SeqCst), 0, "the map is equal");
    assert_eq!(store.samples().get().unwrap()[0].tallies, map());
    drop(live);
}

#[test]
fn a_document_that_would_read_back_as_something_else_is_refused() {
    let store = lab();
    store.view().update(|view| view.nested = json!([1])).unwrap();
    let (before, sequence) = (store.view().get().unwrap(), store.sequence().unwrap());
    let deep = |depth: usize| (0..depth).fold(Json::from(1), |inner, _| Json::Array(vec![inner]));
    let refused = |change: &dyn Fn(&mut View), why: &str| {
        let error = store.view().update(change).unwrap_err();
        assert!(matches!(error, StoreError::Document { .. }) && error.to_string().contains(why), "{error}");
        assert_eq!((store.view().get().unwrap(), store.sequence().unwrap()), (before.clone(), sequence));
    };
    refused(&|view| view.zoom = f64::INFINITY, "inf has no JSON form");
    refused(&|view| view.shift = Some(f64::NAN), "NaN has no JSON form");
    refused(&|view| view.pair = Some(None), "`Some(None)`");
    for depth in 100..140 {
        match store.view().update(|view| view.nested = deep(depth)) {
            Ok(_) => assert_eq!(store.view().get().unwrap().nested, deep(depth)),
            Err(error) => assert!(error.to_string().contains("read"), "{error}"),
        }
        store.view().update(|view| view.nested = json!([1])).unwrap();
    }
}

#[test]
fn a_field_that_serde_skips_has_one_value_before_and_after_an_update() {
    let store = lab();
    let before = store.view().get().unwrap();
    store.view().update(|view| view.zoom = 2.0).unwrap();
    assert_eq!(store.view().get().unwrap(), View { zoom: 2.0, ..before });
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,5}".prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::hash_map(".{0,3}", inner, 0..4).prop_map(Json::from_iter),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read_back_or_refused(
        zoom in any::<f64>(),
        shift in proptest::option::of(prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY)]),
        pair in proptest::option::of(proptest::option::of(any::<i64>())),
        any in any_json(),
        depth in 0_usize..130,
    ) {
        let store = lab();
        let nested = (0..depth).fold(any.clone(), |inner, _| Json::Array(vec![inner]));
        let view = View { zoom, shift, pair, nested: nested.clone(), cached: 0 };
        let before = store.view().get().unwrap();
        match store.view().set(view.clone()) {
            Ok(_) => prop_assert_eq!(store.view().get().unwrap(), view),
            Err(_) => prop_assert_eq!(store.view().get().unwrap(), before),
        }
        let row = Sample { ratio: zoom, maybe: shift, any: nested, series: shift.into_iter().collect(), ..sample() };
        let written = row.clone();
        match run(&store, move |tx| Ok(tx.insert(row)?)) {
            Ok(()) => prop_assert_eq!(&*store.samples().get().unwrap()[0], &written),
            Err(_) => prop_assert_eq!(store.samples().get().unwrap().len(), 0),
        }
    }
}

#[cfg(feature = "jiff")]
#[test]
fn a_date_that_would_not_read_back_is_refused() {
    #[derive(Row, Clone, Debug, PartialEq)]
    #[row(table = "days")]
    struct Day {
        #[row(primary_key)]
        date: jiff::civil::Date,
    }

    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    enum DayEvent {
        Seen { year: i16 },
    }

    #[derive(StoreContext)]
    #[store(name = "days", events = DayEvent)]
    struct Days {
        days: Table<Day>,
    }

    impl Materialize for Days {
        fn materialize(DayEvent::Seen { year }: DayEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(tx.insert(Day { date: jiff::civil::date(year, 3, 1) })?)
        }
    }

    let store = block_on(Days::open(Sqlite::in_memory())).unwrap();
    for year in [-9999, -1, 0, 1, 999, 9999] {
        let before = store.days().count().get().unwrap();
        match store.commit(DayEvent::Seen { year }) {
            Ok(_) => assert!(store.days().by_key(jiff::civil::date(year, 3, 1)).get().unwrap().is_some(), "{year}"),
            Err(error) => {
                assert!(year < 0 && error.to_string().contains("does not read back"), "{error}");
                assert_eq!(store.days().count().get().unwrap(), before);
            }
        }
    }
}
