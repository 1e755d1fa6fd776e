//! The schema: what the store of a tenant consists of.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone, Debug, Serialize, Deserialize)]
#[row(table = "notes")]
pub(crate) struct Note {
    /// Made by the client, so that a note that is sent twice is there once.
    #[row(primary_key)]
    pub(crate) id: String,
    pub(crate) text: String,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub(crate) enum TenantEvent {
    #[event(name = "v1.NoteTaken")]
    NoteTaken { id: String, text: String },
}

#[derive(StoreContext)]
#[store(name = "tenant", events = TenantEvent)]
pub(crate) struct Tenant {
    pub(crate) notes: Table<Note>,
}

impl Materialize for Tenant {
    fn materialize(event: TenantEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let TenantEvent::NoteTaken { id, text } = event;
        Ok(tx.insert(Note { id, text })?)
    }
}
