//! The schema that is measured.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;
use store_context::query::TableOf;

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
pub struct Issue {
    #[row(primary_key)]
    pub id: String,
    pub title: String,
    #[row(index)]
    pub status: String,
    pub points: Option<i64>,
    pub created_at: i64,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "labels")]
pub struct Label {
    #[row(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum TrackerEvent {
    IssueCreated { id: String, title: String, status: String, points: Option<i64> },
    TitleChanged { id: String, title: String },
    LabelCreated { id: i64, name: String },
}

#[derive(StoreContext)]
#[store(name = "tracker", events = TrackerEvent)]
pub struct Tracker {
    pub issues: Table<Issue>,
    pub labels: Table<Label>,
    #[query("SELECT * FROM issues WHERE status = :status ORDER BY created_at DESC, id LIMIT :limit")]
    pub by_status: Query<fn(status: String, limit: u32) -> Vec<Issue>>,
}

/// The same schema at another version: what a replay brings to.
pub mod later {
    use super::{Issue, Label, TrackerEvent};
    use store_context::prelude::*;

    #[derive(StoreContext)]
    #[store(name = "tracker", version = 2, events = TrackerEvent)]
    pub struct Tracker {
        pub issues: Table<Issue>,
        pub labels: Table<Label>,
    }

    impl Materialize for Tracker {
        fn materialize(event: TrackerEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            super::write(event, tx)
        }
    }
}

impl Materialize for Tracker {
    fn materialize(event: TrackerEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        write(event, tx)
    }
}

fn write<S>(event: TrackerEvent, tx: &mut Tx<'_, S>) -> Result<(), MaterializeError>
where
    Issue: TableOf<S>,
    Label: TableOf<S>,
{
    match event {
        TrackerEvent::IssueCreated { id, title, status, points } => {
            let created_at = tx.meta().unix_ms;
            tx.insert(Issue { id, title, status, points, created_at })?;
        }
        TrackerEvent::TitleChanged { id, title } => {
            tx.table::<Issue>().by_key(id).update(|i| i.title.set(title))?;
        }
        TrackerEvent::LabelCreated { id, name } => tx.insert(Label { id, name })?,
    }
    Ok(())
}

/// The key of the issue with this number.
pub fn key(number: u64) -> String {
    format!("issue-{number:08}")
}

/// The creation of the issue with this number.
pub fn created(number: u64) -> TrackerEvent {
    let status = if number.is_multiple_of(5) { "todo" } else { "done" }.to_owned();
    TrackerEvent::IssueCreated { id: key(number), title: format!("Issue number {number}"), status, points: Some(3) }
}
