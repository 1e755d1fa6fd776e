//! The stores of every page.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// How far an issue is.
#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Not begun.
    Todo,
    /// Over.
    Done,
}

impl Status {
    /// Of the value of a property.
    ///
    /// # Panics
    /// Where it is no status.
    #[must_use]
    pub fn of(value: &str) -> Self {
        match value {
            "todo" => Self::Todo,
            "done" => Self::Done,
            other => panic!("{other:?} is no status"),
        }
    }
}

/// A row.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
pub struct Issue {
    /// Its key.
    #[row(primary_key)]
    pub id: String,
    /// How far it is.
    pub status: Status,
}

/// A client document.
#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// What is typed.
    pub draft: String,
}

/// What happens.
#[derive(store_context::Event, Clone, Debug, Serialize, Deserialize)]
pub enum ProjectEvent {
    /// An issue begins as [`Status::Todo`].
    Created {
        /// The issue.
        id: String,
    },
    /// An issue is [`Status::Done`].
    Finished {
        /// The issue.
        id: String,
    },
}

/// An issue begins.
pub fn created(id: impl ToString) -> ProjectEvent {
    ProjectEvent::Created { id: id.to_string() }
}

/// An issue is over.
pub fn finished(id: impl ToString) -> ProjectEvent {
    ProjectEvent::Finished { id: id.to_string() }
}

/// The schema of most stores.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub struct Project {
    /// The issues.
    pub issues: Table<Issue>,
    /// One of a client.
    pub view: ClientDocument<View>,
    /// One of a client and a window.
    pub window: ClientDocument<Window, String>,
    /// How many have this status.
    #[query("SELECT count(*) FROM issues WHERE status = :status")]
    pub in_status: Query<fn(status: Status) -> i64>,
}

/// A client document by key.
#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// What is shown on top.
    pub title: String,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::Created { id } => tx.insert(Issue { id, status: Status::Todo })?,
            ProjectEvent::Finished { id } => {
                tx.table::<Issue>().by_key(id).update(|issue| issue.status.set(Status::Done))?;
            }
        }
        Ok(())
    }
}

/// A second schema, for stores side by side.
#[derive(StoreContext)]
#[store(name = "notes", events = ProjectEvent)]
pub struct Notes {
    /// The notes.
    pub notes: Table<Issue>,
}

impl Materialize for Notes {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}
