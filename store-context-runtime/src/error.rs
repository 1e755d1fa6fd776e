//! [`StoreError`]: everything that can go wrong, each with the store's name and the way out.

use std::error::Error;
use std::sync::Arc;

use crate::adapter::AdapterIdentity;
use crate::boot::OpenError;
use crate::event::EventError;
use crate::id::{InvalidStoreId, StoreName};
use crate::row::DecodeError;
use crate::session::SessionError;

/// Why a store could not do what it was asked. Cheap to clone, so that every waiter gets the same one.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The given store id is none.
    #[error("a store of the schema `{schema}` cannot be mounted: {source}")]
    InvalidId {
        /// The schema.
        schema: &'static str,
        /// What is wrong with the id.
        source: InvalidStoreId,
    },
    /// The store did not open.
    #[error("store `{store}` did not open: {source}")]
    Open {
        /// The store.
        store: StoreName,
        /// Why.
        source: OpenError,
    },
    /// The registry has this store with another adapter.
    #[error("store `{store}` is mounted with {mounted}, not with {requested}; use one adapter, or another store id")]
    AdapterConflict {
        /// The store.
        store: StoreName,
        /// The adapter it runs on.
        mounted: AdapterIdentity,
        /// The adapter that was asked for.
        requested: AdapterIdentity,
    },
    /// The registry has this store with another schema of the same name.
    #[error(
        "store `{store}` is mounted with another schema of the name `{}` (hash {mounted:016x}, not {requested:016x}); \
         give one of them another `#[store(name = \"..\")]`",
        .store.schema
    )]
    SchemaConflict {
        /// The store.
        store: StoreName,
        /// The hash of the mounted schema.
        mounted: u64,
        /// The hash of the requested one.
        requested: u64,
    },
    /// A materializer returned an error. Nothing of the commit was kept.
    #[error("store `{store}`: materializing {event:?} failed, nothing was committed: {source}")]
    Materialize {
        /// The store.
        store: StoreName,
        /// The event's name.
        event: &'static str,
        /// The materializer's error.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The user's code panicked inside a store operation. Nothing was kept, and the store still works.
    #[error("store `{store}`: {what} panicked, nothing was committed: {message}")]
    Panicked {
        /// The store.
        store: StoreName,
        /// Which code.
        what: &'static str,
        /// The panic's message.
        message: String,
    },
    /// An event has no JSON form, or its JSON does not read back.
    #[error(
        "store `{store}`: the event does not survive the log, nothing was committed: {source}; correct its serde attributes"
    )]
    Event {
        /// The store.
        store: StoreName,
        /// Why.
        source: EventError,
    },
    /// The engine did not commit. Nothing was kept.
    #[error("store `{store}`: the commit failed, nothing was kept: {source}")]
    Commit {
        /// The store.
        store: StoreName,
        /// Why.
        source: SessionError,
    },
    /// A query failed.
    #[error("store `{store}`: a query failed: {source}; the statement is: {sql}")]
    Query {
        /// The store.
        store: StoreName,
        /// The statement.
        sql: Arc<str>,
        /// Why.
        source: SessionError,
    },
    /// A query's result does not decode into its declared type.
    #[error("store `{store}`: a result does not fit its declared type: {source}; the statement is: {sql}")]
    Decode {
        /// The store.
        store: StoreName,
        /// The statement.
        sql: Arc<str>,
        /// Why.
        source: DecodeError,
    },
    /// A client document is no JSON object, or its key has no JSON form.
    #[error("store `{store}`: client document `{document}`: {message}")]
    Document {
        /// The store.
        store: StoreName,
        /// The document.
        document: &'static str,
        /// What is wrong.
        message: String,
    },
    /// A store was used inside a materializer, an `update` closure or a `read` closure.
    #[error("store `{store}`: {attempted} inside {inside} is refused, since it would wait for itself; {instead}")]
    Reentrant {
        /// The store.
        store: StoreName,
        /// What was attempted.
        attempted: &'static str,
        /// Where.
        inside: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// Subscribers went on committing in answer to each other's commits.
    #[error(
        "store `{store}`: {rounds} rounds of subscribers each committed again; break the circle, \
         for example by committing only when a value differs"
    )]
    SubscriberLoop {
        /// The store.
        store: StoreName,
        /// How many rounds ran.
        rounds: u32,
    },
    /// A query of one store was asked of another.
    #[error("store `{store}`: the query belongs to `{owner}`; ask the store that made it")]
    OtherStore {
        /// The store that was asked.
        store: StoreName,
        /// The store that made the query.
        owner: StoreName,
    },
    /// What was committed cannot be made to survive power loss.
    #[error("store `{store}`: the commit does not survive power loss: {source}")]
    NotDurable {
        /// The store.
        store: StoreName,
        /// Why.
        source: SessionError,
    },
    /// The store was shut down.
    #[error("store `{store}` was shut down; mount it again")]
    Shutdown {
        /// The store.
        store: StoreName,
    },
}

impl StoreError {
    /// Whether trying again later can succeed without a change to program or files.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Open { source, .. } => source.is_retryable(),
            Self::Commit { source, .. } | Self::Query { source, .. } | Self::NotDurable { source, .. } => {
                matches!(source, SessionError::Busy { .. } | SessionError::Disk { .. })
            }
            _ => false,
        }
    }
}
