//! The facade under another name, and the derives without the prelude.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

extern crate store_context as sc;

mod facade {
    pub(crate) mod inner {
        pub(crate) use sc::*;
    }
}

use serde::{Deserialize, Serialize};

// What the default path would find.
mod store_context {}

#[derive(sc::Row, Clone)]
#[row(crate = sc, table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: i64,
    status: Status,
}

#[derive(sc::Column, Clone)]
#[column(crate = crate::facade::inner)]
enum Status {
    Todo,
}

#[derive(sc::Document, Clone, Default, Serialize, Deserialize)]
#[document(crate = sc)]
struct View {
    draft: String,
}

#[derive(sc::Event, Clone, Serialize, Deserialize)]
#[event(crate = sc)]
enum ProjectEvent {
    Created(i64),
}

#[derive(sc::StoreContext)]
#[store(crate = crate::facade::inner, events = ProjectEvent)]
struct Project {
    issues: sc::Table<Issue>,
    view: facade::inner::ClientDocument<View>,
    #[query("SELECT id FROM issues WHERE id = :id")]
    ids: ::sc::Query<fn(id: i64) -> Vec<i64>>,
}

impl sc::Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut sc::Tx<'_, Self>) -> Result<(), sc::MaterializeError> {
        let ProjectEvent::Created(id) = event;
        Ok(tx.insert(Issue { id, status: Status::Todo })?)
    }
}

fn main() {
    let id: sc::StoreId = sc::store_id!(crate = sc, "alpha");
    assert_eq!(id.as_str(), "alpha");
    let _ = |store: &ProjectStore| {
        let _ = (store.issues().get(), store.view().get().map(|view| view.draft), store.ids(1).get());
    };
}
