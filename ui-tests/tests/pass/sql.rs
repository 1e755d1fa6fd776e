//! What SQLite accepts and the types can hold.

// Nobody runs these; and clippy counts the parts of a function type, for which no derive can answer.
#![allow(dead_code, clippy::type_complexity)]

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

#[derive(Row, Clone)]
struct Summary {
    title: String,
    project: String,
}

#[derive(Row, Clone)]
struct Pointed {
    title: String,
    points: i64,
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
    #[query("SELECT ID, Title, points, PROJECT FROM Issues AS i WHERE i.rowid > 0")]
    case: Query<fn() -> Vec<Issue>>,
    #[query(r#"SELECT title, points AS "points!" FROM issues"#)]
    declared: Query<fn() -> Vec<Pointed>>,
    #[query("SELECT title, points FROM issues WHERE points > :least AND title LIKE :like")]
    required: Query<fn(least: i64, like: &str) -> Vec<Pointed>>,
    #[query(
        "SELECT i.title, p.name AS project FROM issues i LEFT JOIN projects p ON p.id = i.project WHERE p.id IS NOT NULL"
    )]
    matched: Query<fn() -> Vec<Summary>>,
    #[query("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n")]
    recursive: Query<fn(last: i64) -> Vec<i64>>,
    #[query("SELECT key, value FROM json_each(:json)")]
    json: Query<fn(json: &str) -> Vec<(i64, String)>>,
    #[query("WITH unused AS (SELECT nobody FROM nowhere) SELECT count(*) FROM issues")]
    unused: Query<fn() -> i64>,
    #[query("SELECT title, sum(points) OVER w FROM issues WINDOW w AS (PARTITION BY project ORDER BY id)")]
    window: Query<fn() -> Vec<(String, Option<i64>)>>,
    #[query(
        "
        SELECT id, title, points, project FROM issues -- the newest
        ORDER BY rowid DESC; 
    "
    )]
    comment: Query<fn() -> Vec<Issue>>,
    // Nothing reads the two columns `id`, and USING gives one.
    #[query("SELECT *, name AS project FROM (SELECT id, title FROM issues) i JOIN projects p ON p.id = i.id")]
    twice: Query<fn() -> Vec<Summary>>,
    #[query(
        "SELECT i.points, * FROM (SELECT id, title, project FROM issues) JOIN issues i USING (id, title, project)"
    )]
    shared: Query<fn() -> Vec<Summary>>,
    #[query("SELECT strftime('%Y', :at), date(:at, '+1 day')")]
    time: Query<fn(at: &str) -> (Option<String>, Option<String>)>,
}

impl Materialize for Tracker {
    fn materialize(_: TrackerEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {}
