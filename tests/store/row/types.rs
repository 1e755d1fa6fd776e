//! Every column type, at its edges, through a file and back.

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;
use store_context::query::{Filter, TableRow};

#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[column(rename_all = "snake_case")]
enum Colour {
    DeepRed,
    #[column(rename = "le bleu")]
    Blue,
}

/// Stored as its `i64` is.
#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SampleId(i64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Nested {
    name: String,
    values: Vec<Option<f64>>,
}

#[derive(Row, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[row(table = "samples")]
struct Sample {
    #[row(primary_key)]
    id: SampleId,
    small: i8,
    byte: u8,
    wide: u32,
    real: f64,
    single: f32,
    flag: bool,
    text: String,
    bytes: Vec<u8>,
    colour: Colour,
    #[row(json)]
    nested: Nested,
    maybe_integer: Option<i64>,
    maybe_text: Option<String>,
    maybe_flag: Option<bool>,
    maybe_bytes: Option<Vec<u8>>,
    maybe_colour: Option<Colour>,
    #[row(json)]
    maybe_nested: Option<Nested>,
    #[row(rename = "order")]
    r#type: String,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "defaults")]
struct Defaults {
    #[row(primary_key)]
    id: i64,
    #[row(default = -7)]
    integer: i64,
    #[row(default = -1.5)]
    real: f64,
    #[row(default = 2)]
    whole_real: f64,
    #[row(default = true)]
    flag: bool,
    #[row(default = "it's")]
    text: String,
    #[row(default = b"\x00'\xff")]
    bytes: Vec<u8>,
    #[row(default = Colour::Blue)]
    colour: Colour,
    #[row(json, default = r#"["a'b"]"#)]
    list: Vec<String>,
    #[row(default = "here")]
    maybe: Option<String>,
    nothing: Option<String>,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum SampleEvent {
    Taken(Box<Sample>),
    Defaulted(i64),
}

#[derive(StoreContext)]
#[store(name = "samples", events = SampleEvent)]
struct Samples {
    samples: Table<Sample>,
    defaults: Table<Defaults>,
    #[query("SELECT id, text, maybe_integer FROM samples ORDER BY id")]
    pairs: Query<fn() -> Vec<(SampleId, String, Option<i64>)>>,
    #[query("SELECT max(maybe_integer) FROM samples")]
    largest: Query<fn() -> Option<Option<i64>>>,
    #[query("SELECT max(maybe_integer) AS \"most!\" FROM samples")]
    largest_if_any: Query<fn() -> Option<i64>>,
    #[query("SELECT colour FROM samples WHERE bytes = :bytes")]
    colour_of: Query<fn(bytes: &[u8]) -> Option<Colour>>,
    #[query("SELECT id FROM samples WHERE maybe_text IS :text")]
    with_text: Query<fn(text: Option<String>) -> Vec<i64>>,
}

impl Materialize for Samples {
    fn materialize(event: SampleEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            SampleEvent::Taken(sample) => tx.insert(*sample)?,
            SampleEvent::Defaulted(id) => tx.insert_partial::<Defaults, _>(|d| d.id.set(id))?,
        }
        Ok(())
    }
}

fn full() -> Sample {
    Sample {
        id: SampleId(i64::MIN),
        small: i8::MIN,
        byte: u8::MAX,
        wide: u32::MAX,
        real: 0.1 + 0.2,
        single: 0.1,
        flag: true,
        text: "it's \"text\" with \u{1F980} and \0 inside".into(),
        bytes: vec![0, 255, 39],
        colour: Colour::DeepRed,
        nested: Nested { name: "n".into(), values: vec![Some(0.1), None] },
        maybe_integer: Some(i64::MAX),
        maybe_text: Some(String::new()),
        maybe_flag: Some(false),
        maybe_bytes: Some(vec![]),
        maybe_colour: Some(Colour::Blue),
        maybe_nested: Some(Nested { name: "null".into(), values: vec![] }),
        r#type: "raw".into(),
    }
}

fn bare() -> Sample {
    Sample {
        id: SampleId(i64::MAX),
        maybe_integer: None,
        maybe_text: None,
        maybe_flag: None,
        maybe_bytes: None,
        maybe_colour: None,
        maybe_nested: None,
        text: String::new(),
        bytes: vec![],
        ..full()
    }
}

#[test]
fn every_value_comes_back_as_it_went() {
    let dir = tempfile::tempdir().unwrap();
    let open = || block_on(Samples::open(Sqlite::in_dir(dir.path()))).unwrap();
    let store = open();
    store.commit([SampleEvent::Taken(Box::new(full())), SampleEvent::Taken(Box::new(bare()))]).unwrap();
    drop(store);
    let store = open();
    assert_eq!(store.samples().order_by(|s| s.id.asc()).get().unwrap().to_vec(), [full(), bare()]);
    assert_eq!(store.samples().filter(|s| s.colour.eq(Colour::DeepRed)).count().get().unwrap(), 2);
    assert_eq!(store.samples().filter(|s| s.maybe_nested.is_null()).count().get().unwrap(), 1);
    assert_eq!(store.samples().filter(|s| s.bytes.eq(&[0, 255, 39][..])).count().get().unwrap(), 1);
    assert_eq!(store.samples().filter(|s| s.r#type.eq("raw")).count().get().unwrap(), 2);
    let pairs = store.pairs().get().unwrap();
    assert_eq!((pairs[0].0, pairs[1].2), (SampleId(i64::MIN), None));
    assert_eq!(store.samples().by_key(SampleId(i64::MIN)).get().unwrap(), Some(full()));
    assert_eq!(store.largest().get().unwrap(), Some(Some(i64::MAX)));
    assert_eq!(store.colour_of(&[0, 255, 39]).get().unwrap(), Some(Colour::DeepRed));
    assert_eq!(store.with_text(None).get().unwrap().to_vec(), [i64::MAX]);
    assert_eq!(store.with_text(Some(String::new())).get().unwrap().to_vec(), [i64::MIN]);
}

#[test]
fn a_column_of_bool_is_a_condition_and_null_is_not_true() {
    let store = block_on(Samples::open(Sqlite::in_memory())).unwrap();
    for (id, flag, maybe_flag) in [(1, true, Some(true)), (2, true, None), (3, false, Some(false)), (4, false, None)] {
        let sample = Sample { id: SampleId(id), flag, maybe_flag, ..bare() };
        store.commit(SampleEvent::Taken(Box::new(sample))).unwrap();
    }
    let found = |filter: fn(<Sample as TableRow>::Columns) -> Filter<Sample>| -> Vec<i64> {
        store.samples().filter(filter).order_by(|s| s.id.asc()).get().unwrap().iter().map(|s| s.id.0).collect()
    };
    let ids = |rows: Rows<Sample>| rows.iter().map(|s| s.id.0).collect::<Vec<_>>();
    assert_eq!(ids(store.samples().filter(|s| s.flag).order_by(|s| s.id.asc()).get().unwrap()), [1, 2]);
    assert_eq!(ids(store.samples().filter(|s| s.maybe_flag).get().unwrap()), [1]);
    assert_eq!(found(|s| !s.flag), [3, 4]);
    assert_eq!(found(|s| !s.maybe_flag), [2, 3, 4]);
    assert_eq!(found(|s| s.flag & s.maybe_flag.is_null()), [2]);
    assert_eq!(found(|s| s.maybe_flag.is_null() | s.flag), [1, 2, 4]);
    assert_eq!(found(|s| s.flag & s.maybe_flag), [1]);
}

#[test]
fn a_null_that_is_all_that_a_query_gives_needs_an_option_of_its_own() {
    let store = block_on(Samples::open(Sqlite::in_memory())).unwrap();
    assert_eq!(store.largest().get().unwrap(), Some(None));
    let error = store.largest_if_any().get().unwrap_err().to_string();
    assert!(error.contains("expected integer, found NULL"), "{error}");
    assert!(error.contains("`Option<Option<T>>` where it is all that a query gives"), "{error}");
}

#[test]
fn a_default_of_every_type_is_what_it_says() {
    let store = block_on(Samples::open(Sqlite::in_memory())).unwrap();
    store.commit(SampleEvent::Defaulted(1)).unwrap();
    let expected = Defaults {
        id: 1,
        integer: -7,
        real: -1.5,
        whole_real: 2.0,
        flag: true,
        text: "it's".into(),
        bytes: vec![0, 39, 255],
        colour: Colour::Blue,
        list: vec!["a'b".into()],
        maybe: Some("here".into()),
        nothing: None,
    };
    assert_eq!(store.defaults().by_key(1).get().unwrap().unwrap(), expected);
}

#[test]
fn a_settings_builder_opens_a_working_store() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path()).cache_size_kib(256).busy_timeout(std::time::Duration::from_secs(1));
    let store = block_on(Samples::open(data)).unwrap();
    store.commit(SampleEvent::Defaulted(1)).unwrap();
    assert_eq!(store.defaults().count().get().unwrap(), 1);
}

#[cfg(feature = "jiff")]
mod dates {
    use jiff::Timestamp;
    use jiff::civil::{Date, DateTime, Time};

    use super::*;

    #[derive(Row, Clone, Debug, PartialEq)]
    #[row(table = "moments")]
    struct Moment {
        #[row(primary_key)]
        at: Timestamp,
        local: DateTime,
        day: Date,
        hour: Time,
        end: Option<Timestamp>,
    }

    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    enum MomentEvent {
        Seen { nanoseconds: i64 },
    }

    #[derive(StoreContext)]
    #[store(name = "moments", events = MomentEvent)]
    struct Moments {
        moments: Table<Moment>,
        #[query("SELECT strftime('%Y', at) FROM moments ORDER BY at LIMIT 1")]
        first_year: Query<fn() -> String>,
    }

    impl Materialize for Moments {
        fn materialize(event: MomentEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let MomentEvent::Seen { nanoseconds } = event;
            let at = Timestamp::from_nanosecond(nanoseconds.into())?;
            let local = jiff::tz::TimeZone::UTC.to_datetime(at);
            Ok(tx.insert(Moment { at, local, day: local.date(), hour: local.time(), end: None })?)
        }
    }

    #[test]
    fn moments_keep_their_nanoseconds_and_sort_by_time() {
        let store = block_on(Moments::open(Sqlite::in_memory())).unwrap();
        let moments = [1_700_000_000_000_000_000, -1, 0, 500_000_000, 1];
        store.commit(moments.map(|nanoseconds| MomentEvent::Seen { nanoseconds }).to_vec()).unwrap();
        let rows = store.moments().order_by(|m| m.at.asc()).get().unwrap();
        let sorted: Vec<_> = rows.iter().map(|moment| moment.at.as_nanosecond()).collect();
        assert_eq!(sorted, [-1, 0, 1, 500_000_000, 1_700_000_000_000_000_000]);
        assert_eq!(rows[0].local.to_string(), "1969-12-31T23:59:59.999999999");
        let after = Timestamp::from_nanosecond(0).unwrap();
        assert_eq!(store.moments().filter(|m| m.at.gt(after)).count().get().unwrap(), 3);
        assert_eq!(store.moments().by_key(after).get().unwrap().unwrap().day.to_string(), "1970-01-01");
        assert_eq!(store.first_year().get().unwrap(), "1969");
    }
}

#[cfg(all(feature = "chrono", feature = "time", feature = "uuid"))]
mod columns_of_other_crates {
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
    use proptest::prelude::*;
    use time::{OffsetDateTime, PrimitiveDateTime};
    use uuid::Uuid;

    use super::*;

    #[derive(Row, Clone, Debug, PartialEq)]
    #[row(table = "moments")]
    struct Moment {
        #[row(primary_key)]
        id: Uuid,
        at: DateTime<Utc>,
        naive: NaiveDateTime,
        day: NaiveDate,
        hour: NaiveTime,
        offset: OffsetDateTime,
        primitive: PrimitiveDateTime,
        date: time::Date,
        time: Option<time::Time>,
    }

    fn moment(nanoseconds: i64) -> Moment {
        let at = DateTime::from_timestamp_nanos(nanoseconds);
        let offset = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds.into()).unwrap();
        Moment {
            id: Uuid::from_u128(u128::from(nanoseconds.cast_unsigned())),
            at,
            naive: at.naive_utc(),
            day: at.date_naive(),
            hour: at.time(),
            offset,
            primitive: PrimitiveDateTime::new(offset.date(), offset.time()),
            date: offset.date(),
            time: (nanoseconds % 2 == 0).then(|| offset.time()),
        }
    }

    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    enum MomentEvent {
        Seen { nanoseconds: i64 },
    }

    #[derive(StoreContext)]
    #[store(name = "moments", events = MomentEvent)]
    struct Moments {
        moments: Table<Moment>,
        #[query("SELECT strftime('%Y', at) || strftime('%Y', offset) FROM moments ORDER BY at LIMIT 1")]
        first_years: Query<fn() -> Option<String>>,
    }

    impl Materialize for Moments {
        fn materialize(event: MomentEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let MomentEvent::Seen { nanoseconds } = event;
            Ok(tx.insert(moment(nanoseconds))?)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn come_back_as_they_went_and_sort_by_time(all in proptest::collection::btree_set(any::<i64>(), 1..20)) {
            let store = block_on(Moments::open(Sqlite::in_memory())).unwrap();
            let mut shuffled: Vec<_> = all.iter().copied().collect();
            shuffled.sort_by_key(|nanoseconds| nanoseconds.wrapping_mul(0x9e37_79b9));
            store.commit(shuffled.iter().map(|at| MomentEvent::Seen { nanoseconds: *at }).collect::<Vec<_>>()).unwrap();
            let expected: Vec<_> = all.iter().copied().map(moment).collect();
            prop_assert_eq!(store.moments().order_by(|m| m.at.asc()).get().unwrap().to_vec(), expected.clone());
            prop_assert_eq!(store.moments().order_by(|m| m.offset.asc()).get().unwrap().to_vec(), expected.clone());
            prop_assert_eq!(store.moments().order_by(|m| m.naive.asc()).get().unwrap().to_vec(), expected.clone());
            prop_assert_eq!(store.moments().by_key(expected[0].id).get().unwrap(), Some(expected[0].clone()));
            let year = expected[0].at.format("%Y").to_string();
            prop_assert_eq!(store.first_years().get().unwrap(), Some(format!("{year}{year}")));
        }
    }
}
