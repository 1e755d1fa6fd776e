use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    title: String,
    points: Option<i64>,
    project: String,
}

#[derive(Row, Clone)]
#[row(table = "projects")]
struct ProjectRow {
    #[row(primary_key)]
    id: String,
    name: String,
}

#[derive(Event, Clone, Serialize, Deserialize)]
enum TrackerEvent {
    Cleared,
}

#[derive(StoreContext)]
#[store(events = TrackerEvent)]
struct Tracker {
    issues: Table<Issue>,
    projects: Table<ProjectRow>,
    #[query(concat!("SELECT ", "1"))]
    asked: Query<fn() -> i64>,
}

impl Materialize for Tracker {
    fn materialize(_: TrackerEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {}
