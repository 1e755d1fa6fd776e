//! Ten promises that the system this project answers does not keep.

use std::sync::Arc;

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::error::DecodeError;
#[cfg(not(feature = "checked-sql"))]
use store_context::error::OpenError;
use store_context::prelude::*;

use crate::project::{Status, created, filed, ids, in_memory, moved};

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "things")]
struct Thing {
    #[row(primary_key)]
    id: i64,
    name: String,
}

#[derive(Row, Clone, Debug, PartialEq)]
struct Named {
    name: String,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum ThingEvent {
    Added { id: i64, name: String },
}

#[derive(StoreContext)]
#[store(name = "things", events = ThingEvent)]
struct Things {
    things: Table<Thing>,
    #[query("SELECT typeof(:value)")]
    kind_of_number: Query<fn(value: i64) -> String>,
    #[query("SELECT typeof(:value)")]
    kind_of_text: Query<fn(value: &str) -> String>,
    #[query("SELECT * FROM things")]
    whole: Query<fn() -> Vec<Thing>>,
    #[query("SELECT * FROM things")]
    named: Query<fn() -> Vec<Named>>,
}

impl Materialize for Things {
    fn materialize(event: ThingEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let ThingEvent::Added { id, name } = event;
        Ok(tx.insert(Thing { id, name })?)
    }
}

fn things() -> ThingsStore {
    let store = block_on(Things::open(Sqlite::in_memory())).unwrap();
    store.commit(ThingEvent::Added { id: 1, name: "one".into() }).unwrap();
    store
}

#[test]
fn the_number_1_and_the_text_1_never_share_a_result() {
    let store = things();
    let (number, text) = (store.kind_of_number(1), store.kind_of_text("1"));
    // Live, so that both are cached and could be mistaken for each other.
    let _number = number.subscribe(|_| {}).unwrap();
    let _text = text.subscribe(|_| {}).unwrap();
    assert_eq!((number.get().unwrap(), text.get().unwrap()), ("integer".to_owned(), "text".to_owned()));
}

#[test]
fn two_row_types_over_one_statement_never_share_a_result() {
    let store = things();
    let (whole, named) = (store.whole(), store.named());
    let _whole = whole.subscribe(|_| {}).unwrap();
    let _named = named.subscribe(|_| {}).unwrap();
    assert_eq!(whole.get().unwrap().to_vec(), [Thing { id: 1, name: "one".into() }]);
    assert_eq!(named.get().unwrap().to_vec(), [Named { name: "one".into() }]);
}

#[test]
fn a_result_handed_out_cannot_be_altered_by_another_holder() {
    let store = in_memory();
    store.commit(created("a", "kept")).unwrap();
    let _live = store.issues().subscribe(|_| {}).unwrap();
    let mine = store.issues().get().unwrap();
    let theirs = store.issues().get().unwrap();
    // Another holder can only get at a copy.
    let mut copy = Arc::unwrap_or_clone(theirs[0].clone());
    copy.title = "altered".into();
    let mut list = theirs.to_vec();
    list.clear();
    assert_eq!(mine[0].title, "kept");
    assert_eq!(store.issues().get().unwrap()[0].title, "kept");
    store.commit(moved("a", Status::Done)).unwrap();
    assert_eq!(mine[0].status, Status::Todo, "a commit does not reach into a result either");
}

// With the feature, by the compiler: `ui-tests/tests/query`.
#[cfg(not(feature = "checked-sql"))]
#[test]
fn a_query_that_writes_is_refused() {
    #[derive(StoreContext)]
    #[store(name = "writing", events = ThingEvent)]
    struct Writing {
        things: Table<Thing>,
        #[query("DELETE FROM things RETURNING id")]
        wipe: Query<fn() -> Vec<i64>>,
    }
    impl Materialize for Writing {
        fn materialize(_: ThingEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(())
        }
    }
    let error = block_on(Writing::open(Sqlite::in_memory())).unwrap_err();
    let StoreError::Open { cause: OpenError::Query { query, message }, .. } = &error else { panic!("{error}") };
    assert_eq!(*query, "wipe");
    assert!(message.contains("it deletes from `things`"), "{message}");
    assert!(error.to_string().contains("writing@default"), "{error}");
}

#[test]
fn a_failed_commit_returns_an_error_and_the_store_goes_on() {
    let store = in_memory();
    store.commit(created("a", "first")).unwrap();
    let before = store.sequence().unwrap();
    let error = store.commit([created("b", "second"), created("a", "a key that is taken")]).unwrap_err();
    assert!(matches!(error, StoreError::Materialize { event: "v1.IssueCreated", .. }), "{error}");
    assert_eq!((ids(&store), store.sequence().unwrap()), (vec!["a".to_owned()], before));
    store.commit(created("b", "second")).unwrap();
    assert_eq!(ids(&store), ["a", "b"]);
}

#[test]
fn reading_a_documents_default_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = crate::project::in_dir(dir.path());
    assert_eq!(store.view().get().unwrap(), crate::project::BoardView::default());
    assert_eq!(store.drafts("a").get().unwrap().text, "");
    let _live = store.view().subscribe_now(|_| {}).unwrap();
    assert_eq!(store.sequence().unwrap(), 0);
    drop((store, _live));
    let file = rusqlite::Connection::open(dir.path().join("project@default.db")).unwrap();
    let count = |table: &str| file.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
    assert_eq!([count("board_view"), count("issue_drafts"), count("store_context_events")], [Ok(0), Ok(0), Ok(0)]);
}

#[test]
fn an_empty_in_an_offset_alone_and_a_comparison_with_none_mean_what_they_say() {
    let store = in_memory();
    let all = [filed("a", Status::Todo, None, &[], 1), filed("b", Status::Todo, Some(1), &[], 2)];
    store.commit(all).unwrap();
    let none: [&str; 0] = [];
    assert_eq!(store.issues().filter(|i| i.id.is_in(none)).count().get().unwrap(), 0);
    assert_eq!(store.issues().filter(|i| i.id.not_in(none)).count().get().unwrap(), 2);
    let rest = store.issues().order_by(|i| i.id.asc()).offset(1).get().unwrap();
    assert_eq!(rest.iter().map(|issue| issue.id.as_str()).collect::<Vec<_>>(), ["b"]);
    let with = |points: Option<i64>| store.issues().filter(|i| i.points.eq(points)).get().unwrap().to_vec();
    assert_eq!(with(None)[0].id, "a");
    assert_eq!(with(Some(1))[0].id, "b");
    let without = |points: Option<i64>| store.issues().filter(|i| i.points.ne(points)).get().unwrap().to_vec();
    assert_eq!(without(None)[0].id, "b");
    assert_eq!(without(Some(1))[0].id, "a", "NULL is not 1");
}

#[test]
fn a_default_with_a_quote_works() {
    #[derive(Row, Clone, Debug, PartialEq)]
    #[row(table = "notes")]
    struct Note {
        #[row(primary_key)]
        id: i64,
        #[row(default = "it's \"quoted\"; DROP TABLE notes; --")]
        text: String,
    }
    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    enum NoteEvent {
        Taken { id: i64 },
    }
    #[derive(StoreContext)]
    #[store(name = "notes", events = NoteEvent)]
    struct Notes {
        notes: Table<Note>,
    }
    impl Materialize for Notes {
        fn materialize(event: NoteEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let NoteEvent::Taken { id } = event;
            Ok(tx.insert_partial::<Note, _>(|n| n.id.set(id))?)
        }
    }
    let store = block_on(Notes::open(Sqlite::in_memory())).unwrap();
    store.commit(NoteEvent::Taken { id: 1 }).unwrap();
    let note = store.notes().by_key(1).get().unwrap().unwrap();
    assert_eq!(note.text, "it's \"quoted\"; DROP TABLE notes; --");
}

/// Schemas of one name that differ in one thing each.
macro_rules! ledger {
    ($name:ident, $version:literal, $default:literal, $json:ty) => {
        mod $name {
            use super::*;

            #[derive(Row, Clone, Debug, PartialEq)]
            #[row(table = "entries")]
            pub struct Entry {
                #[row(primary_key)]
                pub id: i64,
                #[row(default = $default)]
                pub kind: String,
                #[row(json)]
                pub tags: $json,
            }

            #[derive(Event, Clone, Debug, Serialize, Deserialize)]
            pub enum Event {
                Entered { id: i64 },
            }

            #[derive(StoreContext)]
            #[store(name = "ledger", events = Event, version = $version)]
            pub struct Ledger {
                pub entries: Table<Entry>,
            }

            impl Materialize for Ledger {
                fn materialize(event: Event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    let Event::Entered { id } = event;
                    Ok(tx.insert_partial::<Entry, _>(|e| [e.id.set(id), e.tags.set(&Default::default())])?)
                }
            }

            pub fn open(dir: &std::path::Path) -> LedgerStore {
                block_on(Ledger::open(Sqlite::in_dir(dir))).unwrap()
            }
        }
    };
}

ledger!(first, 1, "plain", Vec<String>);
ledger!(other_default, 1, "fancy", Vec<String>);
ledger!(other_json, 1, "fancy", Vec<i64>);
ledger!(other_version, 2, "fancy", Vec<i64>);

#[test]
fn changing_only_a_default_a_json_type_or_the_version_triggers_replay() {
    let dir = tempfile::tempdir().unwrap();
    let store = first::open(dir.path());
    store.commit([first::Event::Entered { id: 1 }, first::Event::Entered { id: 2 }]).unwrap();
    drop(store);
    let again = first::open(dir.path());
    assert_eq!(again.boot_report().unwrap().replayed, 0, "the same schema replays nothing");
    drop(again);
    let store = other_default::open(dir.path());
    assert_eq!(store.boot_report().unwrap().replayed, 2);
    assert_eq!(store.entries().by_key(1).get().unwrap().unwrap().kind, "fancy");
    drop(store);
    assert_eq!(other_json::open(dir.path()).boot_report().unwrap().replayed, 2);
    assert_eq!(other_version::open(dir.path()).boot_report().unwrap().replayed, 2);
    assert_eq!(other_version::open(dir.path()).boot_report().unwrap().replayed, 0);
}

#[test]
fn a_rolled_back_commit_leaves_no_stale_cached_result() {
    let store = in_memory();
    store.commit(created("a", "first")).unwrap();
    let fired = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counter = fired.clone();
    let _live =
        store.total().subscribe(move |_| _ = counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst)).unwrap();
    let refused = crate::project::ProjectEvent::Refused { reason: "no".into() };
    assert!(store.commit([created("b", "second"), refused]).is_err());
    assert_eq!(store.total().get().unwrap(), 1);
    assert_eq!(store.issues().count().get().unwrap(), 1);
    assert_eq!(fired.load(std::sync::atomic::Ordering::SeqCst), 0);
    store.commit(created("c", "third")).unwrap();
    assert_eq!(store.total().get().unwrap(), 2);
    assert_eq!(fired.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[test]
fn a_scalar_declared_as_exactly_one_row_says_when_there_is_none() {
    #[derive(StoreContext)]
    #[store(name = "one", events = ThingEvent)]
    struct OneThing {
        things: Table<Thing>,
        #[query("SELECT name FROM things ORDER BY id")]
        name: Query<fn() -> String>,
    }
    impl Materialize for OneThing {
        fn materialize(event: ThingEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let ThingEvent::Added { id, name } = event;
            Ok(tx.insert(Thing { id, name })?)
        }
    }
    let store = block_on(OneThing::open(Sqlite::in_memory())).unwrap();
    let row_count = |error| match error {
        StoreError::Decode { cause: DecodeError::RowCount { found, .. }, .. } => found,
        other => panic!("{other}"),
    };
    assert_eq!(row_count(store.name().get().unwrap_err()), "none");
    store.commit(ThingEvent::Added { id: 1, name: "one".into() }).unwrap();
    assert_eq!(store.name().get().unwrap(), "one");
    store.commit(ThingEvent::Added { id: 2, name: "two".into() }).unwrap();
    assert_eq!(row_count(store.name().get().unwrap_err()), "more than one");
}
