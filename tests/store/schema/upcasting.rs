//! Older events: a log that an older program wrote, opened by today's.

use std::path::Path;
use std::sync::Mutex;

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::StoreError;
use store_context::prelude::*;

/// A row for each event: what the materializer was given.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "seen")]
pub struct Seen {
    #[row(primary_key)]
    pub sequence: i64,
    pub event: String,
}

/// A program of one time: its events, and a store that notes them.
macro_rules! program {
    ($name:ident, $version:literal, { $($event:tt)* }) => {
        mod $name {
            use super::*;

            #[derive(Event, Clone, Debug, Serialize, Deserialize)]
            pub enum IssueEvent { $($event)* }

            #[derive(StoreContext)]
            #[store(name = "issues", events = IssueEvent, version = $version)]
            pub struct Issues {
                pub seen: Table<Seen>,
            }

            impl Materialize for Issues {
                fn materialize(event: IssueEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    let sequence = i64::try_from(tx.meta().sequence)?;
                    Ok(tx.insert(Seen { sequence, event: format!("{event:?}") })?)
                }
            }

            pub fn open(dir: &Path) -> IssuesStore {
                block_on(Issues::open(Sqlite::in_dir(dir))).unwrap()
            }
        }
    };
}

program!(first, 1, {
    #[event(name = "v1.Created")]
    Created { id: String, label: String },
    #[event(name = "v1.Closed")]
    Closed(String, bool),
    #[event(name = "v1.Cleared")]
    Cleared,
});
program!(without, 1, {
    #[event(name = "v2.Created")]
    Created { id: String, labels: Vec<String> },
    // Without an event that it knows, the log would be another schema's.
    #[event(name = "v1.Cleared")]
    Cleared,
});
program!(today, 1, {
    #[event(name = "v2.Created", upcast_from = ("v1.Created", super::created))]
    Created { id: String, labels: Vec<String> },
    #[event(upcast_from = ("v1.Closed", super::closed), upcast_from = ("v1.Cleared", super::cleared))]
    Closed { id: Option<String> },
    Deleted { id: String },
});
program!(raised, 2, {
    #[event(name = "v2.Created", upcast_from = ("v1.Created", super::raised_created))]
    Created { id: String, labels: Vec<String> },
    #[event(upcast_from = ("v1.Closed", super::panics), upcast_from = ("v1.Cleared", super::reaches))]
    Closed,
});

#[derive(Deserialize)]
struct CreatedV1 {
    id: String,
    label: String,
}

fn created(CreatedV1 { id, label }: CreatedV1) -> today::IssueEvent {
    today::IssueEvent::Created { id, labels: vec![label] }
}

/// Gives whichever of today's events the older one was.
fn closed((id, deleted): (String, bool)) -> today::IssueEvent {
    match deleted {
        true => today::IssueEvent::Deleted { id },
        false => today::IssueEvent::Closed { id: Some(id) },
    }
}

fn cleared((): ()) -> today::IssueEvent {
    today::IssueEvent::Closed { id: None }
}

/// Asks for another form than the log has.
fn raised_created(id: i64) -> raised::IssueEvent {
    raised::IssueEvent::Created { id: id.to_string(), labels: vec![] }
}

fn panics(_: serde_json::Value) -> raised::IssueEvent {
    panic!("the function's own panic")
}

static OTHER: Mutex<Option<today::IssuesStore>> = Mutex::new(None);

/// Commits to another store while it should only read.
fn reaches((): ()) -> raised::IssueEvent {
    let other = OTHER.lock().unwrap();
    let refused = other.as_ref().unwrap().commit(today::IssueEvent::Closed { id: None }).unwrap_err();
    assert!(matches!(&refused, StoreError::Reentrant { .. }), "{refused}");
    assert!(refused.to_string().contains("inside an `upcast_from` function"), "{refused}");
    raised::IssueEvent::Closed
}

/// A log that the first program wrote.
fn written(dir: &Path) {
    use first::IssueEvent::{Cleared, Closed, Created};
    let created = Created { id: "a".into(), label: "red".into() };
    first::open(dir).commit([created, Closed("a".into(), false), Closed("a".into(), true), Cleared]).unwrap();
}

const UPCAST: [&str; 4] = [
    r#"Created { id: "a", labels: ["red"] }"#,
    r#"Closed { id: Some("a") }"#,
    r#"Deleted { id: "a" }"#,
    "Closed { id: None }",
];

fn seen(store: &today::IssuesStore) -> Vec<String> {
    store.seen().order_by(|seen| seen.sequence.asc()).get().unwrap().iter().map(|seen| seen.event.clone()).collect()
}

#[test]
fn events_that_a_program_left_out_are_read_by_the_next_one_that_upcasts_them() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    assert_eq!(without::open(dir.path()).boot_report().unwrap().skipped.len(), 3);
    let store = today::open(dir.path());
    let report = store.boot_report().unwrap();
    assert_eq!((report.replayed, report.skipped.len()), (4, 0));
    assert_eq!(seen(&store), UPCAST);
}

#[test]
fn the_log_keeps_older_events_as_they_were_written_and_gets_new_ones_under_new_names() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    let store = today::open(dir.path());
    store.commit(today::IssueEvent::Created { id: "b".into(), labels: vec![] }).unwrap();
    let log = store.events(..).unwrap();
    let names: Vec<_> = log.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["v1.Created", "v1.Closed", "v1.Closed", "v1.Cleared", "v2.Created"]);
    assert_eq!(log[0].arguments, r#"{"id":"a","label":"red"}"#);
}

#[test]
fn tables_made_of_older_events_stay_until_the_schema_changes() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    let store = today::open(dir.path());
    assert_eq!(store.boot_report().unwrap().replayed, 0);
    assert_eq!(seen(&store)[0], r#"Created { id: "a", label: "red" }"#);
}

#[test]
fn an_upcast_that_fails_leaves_its_event_out_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    *OTHER.lock().unwrap() = Some(block_on(today::Issues::open(Sqlite::in_memory())).unwrap());
    let store = raised::open(dir.path());
    let skipped = &store.boot_report().unwrap().skipped;
    let reasons: Vec<_> = skipped.iter().map(|skipped| (skipped.sequence, skipped.reason.as_str())).collect();
    assert!(
        reasons[0].1.starts_with("the arguments of \"v1.Created\" do not decode: invalid type: map"),
        "{reasons:?}"
    );
    let panicked =
        "the arguments of \"v1.Closed\" do not decode: its `upcast_from` function panicked: the function's own panic";
    assert_eq!(reasons[1..], [(2, panicked), (3, panicked)]);
    assert_eq!(store.seen().get().unwrap().iter().map(|seen| seen.sequence).collect::<Vec<_>>(), [4]);
    assert_eq!(OTHER.lock().unwrap().take().unwrap().sequence().unwrap(), 0);
}

#[test]
fn a_program_that_upcasts_no_more_leaves_the_older_events_out() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    assert_eq!(today::open(dir.path()).boot_report().unwrap().skipped.len(), 0);
    let store = without::open(dir.path());
    let report = store.boot_report().unwrap();
    assert_eq!((report.replayed, report.skipped.len()), (4, 3));
}
