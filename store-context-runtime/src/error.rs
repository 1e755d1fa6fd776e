//! [`StoreError`]: everything that can go wrong, each with the store's name and the way out.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use uuid::Uuid;

use crate::adapter::adapter::AdapterIdentity;
use crate::adapter::boot::OpenError;
use crate::adapter::session::{Constraint, SessionError};
use crate::id::{InvalidStoreId, StoreId, StoreName};
use crate::phase::{Phase, ShutdownCause};
use crate::row::row::DecodeError;
use crate::schema::event::EventError;
use crate::tx::error::TxError;

/// Why a store could not do what it was asked. Cheap to clone, so that every waiter gets the same one.
///
/// `Display` is the whole story in one sentence, with the cause and the way out; `Debug` is the same sentence, so that a
/// `main` that returns the error, and an `unwrap`, show it. What caused an error is in its `cause` field.
#[derive(Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The given store id is none.
    #[error("a store of the schema `{schema}` cannot have this id: {cause}")]
    InvalidId {
        /// The schema.
        schema: &'static str,
        /// What is wrong with the id.
        cause: InvalidStoreId,
    },
    /// The store did not open.
    #[error("store `{store}` did not open: {cause}")]
    Open {
        /// The store.
        store: StoreName,
        /// Why.
        cause: OpenError,
    },
    /// The registry has this store with another adapter.
    #[error(
        "store `{store}` is mounted with {mounted}, not with {requested}; give both a clone of one adapter, or another store id"
    )]
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
        "store `{store}` is mounted as a `{mounted}`, not as a `{requested}`; \
         give one of the two another `#[store(name = \"..\")]`"
    )]
    SchemaConflict {
        /// The store.
        store: StoreName,
        /// The schema type that it runs as.
        mounted: &'static str,
        /// The schema type that was asked for.
        requested: &'static str,
    },
    /// A materializer returned an error. Nothing of the commit was kept.
    #[error("store `{store}`: materializing {event:?} failed, nothing was committed: {cause}")]
    Materialize {
        /// The store.
        store: StoreName,
        /// The event's name.
        event: &'static str,
        /// The materializer's error; `downcast_ref` gives a [`TxError`](crate::TxError) or an error type of your own.
        cause: Arc<dyn Error + Send + Sync>,
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
        "store `{store}`: the event does not survive the log, nothing was committed: {cause}; correct its serde attributes"
    )]
    Event {
        /// The store.
        store: StoreName,
        /// Why.
        cause: EventError,
    },
    /// The engine did not commit. Nothing was kept.
    #[error("store `{store}`: the commit failed, nothing was kept: {cause}")]
    Commit {
        /// The store.
        store: StoreName,
        /// Why.
        cause: SessionError,
    },
    /// The disk failed while committing, and whether the commit was kept is not known. The store is shut down.
    #[error(
        "store `{store}`: whether the commit of the events {from} to {to} was kept is not known, since {message}; \
         open the store again, and look for the event {event} with `store.events({from}..)` before you commit again"
    )]
    OutcomeUnknown {
        /// The store.
        store: StoreName,
        /// The sequence number of the commit's first event.
        from: u64,
        /// The sequence number of its last event.
        to: u64,
        /// The id of its last event. If the log has it after reopening, all of the commit was kept, otherwise nothing.
        event: Uuid,
        /// What the engine says.
        message: String,
    },
    /// The log is shared, and what others committed first leaves no place for this commit: it is undone.
    #[error(
        "store `{store}`: others committed first, and this commit does not hold any more, so it was undone: {message}; \
         read what is there now, and commit what fits it"
    )]
    Refused {
        /// The store.
        store: StoreName,
        /// Why it does not hold.
        message: Arc<str>,
    },
    /// A query failed.
    #[error("store `{store}`: a query failed: {cause}; the statement is: {}", Shortened(.sql))]
    Query {
        /// The store.
        store: StoreName,
        /// The statement.
        sql: Arc<str>,
        /// Why.
        cause: SessionError,
    },
    /// A query's result does not decode into its declared type.
    #[error("store `{store}`: a result does not fit its declared type: {cause}; the statement is: {}", Shortened(.sql))]
    Decode {
        /// The store.
        store: StoreName,
        /// The statement.
        sql: Arc<str>,
        /// Why.
        cause: DecodeError,
    },
    /// A client document is no JSON object, or its stored form is damaged.
    #[error("store `{store}`: client document `{document}`: {message}")]
    Document {
        /// The store.
        store: StoreName,
        /// The document.
        document: &'static str,
        /// What is wrong.
        message: String,
    },
    /// A store was used inside a materializer, an `update` closure or a `read` closure, or waited for inside a boot hook
    /// or an observer.
    #[error("store `{store}`: {attempted} inside {inside} is refused, since {why}; {instead}")]
    Reentrant {
        /// The store.
        store: StoreName,
        /// What was attempted.
        attempted: &'static str,
        /// Where.
        inside: &'static str,
        /// Why it is refused there.
        why: &'static str,
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
    #[error("store `{store}`: the query was made by another open store, `{owner}`; ask the one that made it")]
    OtherStore {
        /// The store that was asked.
        store: StoreName,
        /// The store that made the query.
        owner: StoreName,
    },
    /// What was committed cannot be made to survive power loss.
    #[error("store `{store}`: the commit does not survive power loss: {cause}")]
    NotDurable {
        /// The store.
        store: StoreName,
        /// Why.
        cause: SessionError,
    },
    /// A backup was not written. Nothing is left of it.
    #[error("store `{store}`: the backup {} was not written: {cause}", .to.display())]
    Backup {
        /// The store.
        store: StoreName,
        /// The file.
        to: PathBuf,
        /// Why.
        cause: SessionError,
    },
    /// The log was not written whole.
    #[error("store `{store}`: the export ends before event {sequence}: {message}")]
    Export {
        /// The store.
        store: StoreName,
        /// The first event that was not written.
        sequence: u64,
        /// What the writer says.
        message: String,
    },
    /// The boot hook failed. What it committed is kept.
    #[error("store `{store}` opened, but its boot hook failed; `retry` runs it again: {cause}")]
    Boot {
        /// The store.
        store: StoreName,
        /// The hook's error.
        cause: Arc<dyn Error + Send + Sync>,
    },
    /// The store was shut down.
    #[error("store `{store}` was shut down, since {cause}; {}", .cause.way_out())]
    Shutdown {
        /// The store.
        store: StoreName,
        /// Why.
        cause: ShutdownCause,
    },
    /// A store in this phase cannot do that.
    #[error("store `{store}` is {phase} and cannot {asked}: {instead}")]
    Transition {
        /// The store.
        store: StoreName,
        /// The phase it is in.
        phase: Phase,
        /// What was asked.
        asked: &'static str,
        /// What can be done.
        instead: &'static str,
    },
    /// No provider of the schema, or none with this id, is in the scope.
    #[error(
        "no provider of `{schema}{}` is in this scope; {} Provided: {}",
        At(.id.as_ref()), Provide(schema_type, .id.as_ref(), .meant.as_ref()), Listed(.provided)
    )]
    NotProvided {
        /// The schema.
        schema: &'static str,
        /// Its Rust type.
        schema_type: &'static str,
        /// The id, where one was asked for.
        id: Option<StoreId>,
        /// A provided store that is called nearly so.
        meant: Option<StoreName>,
        /// What the scope has, nearest first.
        provided: Vec<StoreName>,
    },
    /// Nobody mounted this store in the registry that was asked.
    #[error("store `{store}` is not mounted here; {} Mounted: {}", Mount(.meant.as_ref()), Listed(.mounted))]
    NotMounted {
        /// The store that was asked for.
        store: StoreName,
        /// A mounted store that is called nearly so.
        meant: Option<StoreName>,
        /// What is mounted.
        mounted: Vec<StoreName>,
    },
    /// The registry was disposed and mounts nothing any more.
    #[error("store `{store}`: the registry was disposed and mounts nothing any more; make another `StoreRegistry`")]
    Disposed {
        /// The store.
        store: StoreName,
    },
}

impl StoreError {
    /// A store that ended, with its cause; one whose cause is not known was let go.
    pub(crate) fn shutdown(store: &StoreName, ended: &OnceCell<ShutdownCause>) -> Self {
        Self::Shutdown { store: store.clone(), cause: ended.get().cloned().unwrap_or(ShutdownCause::Unused) }
    }

    /// Whether trying again later can succeed without a change to program or files.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Open { cause, .. } => cause.is_retryable(),
            // The hook's other errors are the user's, who knows better.
            Self::Boot { cause, .. } => cause.downcast_ref::<Self>().is_some_and(Self::is_retryable),
            _ => self.session().is_some_and(SessionError::is_retryable),
        }
    }

    /// What the engine met with, where that is the cause, in a materializer too.
    pub(crate) fn session(&self) -> Option<&SessionError> {
        match self {
            Self::Commit { cause, .. } | Self::Query { cause, .. } | Self::NotDurable { cause, .. } => Some(cause),
            Self::Materialize { cause, .. } => match cause.downcast_ref()? {
                TxError::Session { cause, .. } => Some(cause),
                _ => None,
            },
            _ => None,
        }
    }

    /// The constraint that refused a row, where that is why a commit failed: for a form that says "this name is taken".
    #[must_use]
    pub fn constraint(&self) -> Option<&Constraint> {
        match (self, self.session()?) {
            (Self::Commit { .. } | Self::Materialize { .. }, SessionError::Constraint { constraint, .. }) => {
                Some(constraint)
            }
            _ => None,
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A statement in an error: as much of it as helps.
struct Shortened<'a>(&'a str);

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 600;
        let end = self.0.floor_char_boundary(SHOWN);
        match self.0.len() - end {
            0 => f.write_str(self.0),
            more => write!(f, "{}.. ({more} bytes more)", &self.0[..end]),
        }
    }
}

/// Names of stores in an error.
struct Listed<'a>(&'a [StoreName]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// More would bury the error.
        const SHOWN: usize = 10;
        if self.0.is_empty() {
            return f.write_str("nothing");
        }
        for (index, name) in self.0.iter().take(SHOWN).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}`{name}`")?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// What to mount, or what may have been meant by it.
struct Mount<'a>(Option<&'a StoreName>);

impl fmt::Display for Mount<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(meant) => write!(f, "did you mean `{meant}`?"),
            None => f.write_str("mount it first."),
        }
    }
}

/// The id in a store's name, where there is one.
struct At<'a>(Option<&'a StoreId>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |id| write!(f, "@{id}"))
    }
}

/// What to provide, by its schema's type and its id, or what may have been meant by that.
struct Provide<'a>(&'a str, Option<&'a StoreId>, Option<&'a StoreName>);

impl fmt::Display for Provide<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(schema, id, meant) = self;
        if let Some(meant) = meant {
            return write!(f, "did you mean `{meant}`?");
        }
        write!(f, "provide `{schema}Provider::new()")?;
        if let Some(id) = id {
            write!(f, ".store_id(\"{id}\")")?;
        }
        f.write_str("..` above, with a `StoreProvider` or `scope.provide(..)`.")
    }
}
