//! Materializes the log's events for an adapter that replays them.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::adapter::adapter::{Replay, Replayed};
use crate::adapter::footprint::WriteSet;
use crate::adapter::log::LoggedEvent;
use crate::adapter::session::Transaction;
use crate::host::inside::{self, Inside};
use crate::host::panics::panic_message;
use crate::id::StoreName;
use crate::phase::ShutdownCause;
use crate::row::value::SqlType;
use crate::schema::document::{DOCUMENT_EVENT, DocumentUpdated};
use crate::schema::event::{self, Event, EventError};
use crate::store::context::StoreContext;
use crate::tx::stored_document;
use crate::tx::tx::Tx;

/// Replays the log of a store of the schema `S`.
pub(crate) struct Replayer<S> {
    store: StoreName,
    /// Set when nobody wants the load any more.
    ended: Arc<OnceCell<ShutdownCause>>,
    schema: PhantomData<fn() -> S>,
}

impl<S: StoreContext> Replayer<S> {
    pub(crate) fn new(store: StoreName, ended: Arc<OnceCell<ShutdownCause>>) -> Self {
        Self { store, ended, schema: PhantomData }
    }

    fn decode(name: &str, arguments: &str) -> Result<Decoded<S::Event>, EventError> {
        if name != DOCUMENT_EVENT {
            return event::decode(name, arguments).map(Decoded::Event);
        }
        let invalid = |message: String| EventError::Arguments { name: name.to_owned(), message };
        let update: DocumentUpdated = serde_json::from_str(arguments).map_err(|error| invalid(error.to_string()))?;
        match S::SCHEMA.documents.iter().find(|document| document.name == update.document) {
            Some(document) => {
                let (wanted, stored) = (document.key.unwrap_or(SqlType::Text), stored_document::key_type(&update));
                match stored == Some(wanted) {
                    true => Ok(Decoded::Document(update, document.name)),
                    false => Err(invalid(format!("the key of `{}` is {} now", document.name, wanted.as_sql()))),
                }
            }
            None => Err(invalid(format!("the schema has no client document `{}`", update.document))),
        }
    }
}

enum Decoded<E> {
    Event(E),
    Document(DocumentUpdated, &'static str),
}

impl<S: StoreContext> Replay for Replayer<S> {
    fn knows(&self, name: &str) -> bool {
        name == DOCUMENT_EVENT || S::Event::NAMES.iter().any(|names| names.contains(&name))
    }

    fn cancelled(&self) -> Option<Arc<str>> {
        self.ended.get().map(|cause| format!("the load was cancelled, since {cause}").into())
    }

    fn decodes(&self, name: &str, arguments: &str) -> Result<(), EventError> {
        Self::decode(name, arguments).map(|_| ())
    }

    fn apply(&self, event: &LoggedEvent, tx: &mut dyn Transaction) -> Result<Replayed, Arc<str>> {
        let decoded = match Self::decode(&event.name, &event.arguments) {
            Ok(decoded) => decoded,
            Err(error) => {
                tracing::warn!(store = %self.store, sequence = event.meta.sequence, %error, "an event of the log is left out");
                return Ok(Replayed::Skipped(error));
            }
        };
        let mut writes = WriteSet::default();
        let _entered = inside::enter(Inside::Materializer);
        let applied = catch_unwind(AssertUnwindSafe(|| match decoded {
            Decoded::Event(decoded) => {
                S::apply(decoded, &mut Tx::new(tx, &mut writes, event.meta)).map_err(|error| error.to_string())
            }
            Decoded::Document(update, table) => {
                stored_document::materialize(&update, table, tx, &mut writes).map_err(|error| error.to_string())
            }
        }));
        match applied {
            Ok(Ok(())) => Ok(Replayed::Applied(writes)),
            Ok(Err(message)) => Err(message.into()),
            Err(panic) => Err(format!("the materializer panicked: {}", panic_message(&*panic)).into()),
        }
    }
}
