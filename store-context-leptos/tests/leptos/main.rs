//! Behaviours of stores in Leptos, in process: pages as a server sends them, and the reactive graph of a client.

mod client;
mod page;
mod server;

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Todo,
    Done,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
pub(crate) struct Issue {
    #[row(primary_key)]
    pub(crate) id: String,
    pub(crate) status: Status,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct View {
    pub(crate) draft: String,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub(crate) enum ProjectEvent {
    Created { id: String },
    Finished { id: String },
}

#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub(crate) struct Project {
    pub(crate) issues: Table<Issue>,
    pub(crate) view: ClientDocument<View>,
    #[query("SELECT count(*) FROM issues WHERE status = :status")]
    pub(crate) in_status: Query<fn(status: Status) -> i64>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::Created { id } => tx.insert(Issue { id, status: Status::Todo })?,
            ProjectEvent::Finished { id } => {
                tx.table::<Issue>().by_key(id).update(|i| i.status.set(Status::Done))?;
            }
        }
        Ok(())
    }
}

pub(crate) fn created(id: impl ToString) -> ProjectEvent {
    ProjectEvent::Created { id: id.to_string() }
}

/// A second schema, for stores side by side.
#[derive(StoreContext)]
#[store(name = "notes", events = ProjectEvent)]
pub(crate) struct Notes {
    pub(crate) notes: Table<Issue>,
}

impl Materialize for Notes {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}
