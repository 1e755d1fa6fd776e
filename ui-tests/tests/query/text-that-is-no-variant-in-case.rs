use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "snake_case")]
enum Kind {
    Work,
    Home,
}

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    title: String,
    kind: Kind,
    done: bool,
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
    #[query("SELECT CASE kind WHEN 'hme' THEN 1 ELSE 0 END FROM issues")]
    asked: Query<fn() -> Vec<i64>>,
}

impl Materialize for Tracker {
    fn materialize(_: TrackerEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {}
