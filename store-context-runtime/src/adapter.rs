//! What the runtime asks of an engine: an [`Adapter`] opens a [`Session`], a session runs statements.
//!
//! The runtime depends on no engine. It hands over SQLite-dialect text with bound [`Value`](crate::Value)s and reads
//! borrowed values back.

use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use futures::future::BoxFuture;
use uuid::Uuid;

use crate::event::EventError;
use crate::footprint::{ReadSet, WriteSet};
use crate::id::StoreName;
use crate::materialize::EventMeta;
use crate::row::Cells;
use crate::schema::SchemaDef;
use crate::statement::Statement;

/// Where an adapter keeps its stores. Two adapters are the same when their identities are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AdapterIdentity(Arc<str>);

impl AdapterIdentity {
    /// An identity that reads well in an error, for example `the directory /var/data`.
    pub fn new(description: impl Into<Arc<str>>) -> Self {
        Self(description.into())
    }
}

impl fmt::Display for AdapterIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Opens stores: the embedded SQLite, or an adapter of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an adapter",
    label = "expected an adapter such as `Sqlite::in_memory()` or `Sqlite::in_dir(\"data\")`"
)]
pub trait Adapter: Send + Sync + 'static {
    /// Where the adapter keeps its stores.
    fn identity(&self) -> AdapterIdentity;

    /// Opens one store: creates what is missing, and replays the log where the schema differs.
    ///
    /// The future may block the thread that polls it; the runtime polls it on a thread of its own.
    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>>;
}

/// What an adapter is asked to open.
#[derive(Clone)]
pub struct OpenRequest {
    /// The store's name.
    pub store: StoreName,
    /// What it consists of.
    pub schema: &'static SchemaDef,
    /// The schema's hash: tables that were made under another one are made anew from the log.
    pub schema_hash: u64,
    /// Materializes the log's events.
    pub replay: Arc<dyn Replay>,
    /// Told what opening does, for progress bars.
    pub progress: Arc<dyn Fn(BootStatus) + Send + Sync>,
    /// Identifies this opening; events that it commits carry it. A new store takes it as its client id too.
    pub session: Uuid,
}

impl fmt::Debug for OpenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenRequest").field("store", &self.store).finish_non_exhaustive()
    }
}

/// An opened store.
pub struct Opened {
    /// Runs its statements.
    pub session: Box<dyn Session>,
    /// What opening found.
    pub report: BootReport,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("report", &self.report).finish_non_exhaustive()
    }
}

/// What loading is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BootStatus {
    /// The file is opened and checked.
    Opening,
    /// Fresh tables are made, since the schema is new or differs from the stored one.
    Migrating,
    /// The log is replayed into fresh tables.
    Replaying {
        /// Events done.
        done: u64,
        /// Events in the log.
        total: u64,
    },
}

/// What opening a store found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BootReport {
    /// How many events were replayed; 0 where the tables fitted the schema.
    pub replayed: u64,
    /// Events of the log that the schema does not know or cannot decode. They stay in the log; a schema that knows
    /// them again materializes them.
    pub skipped: Vec<SkippedEvent>,
}

/// An event of the log that was not materialized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedEvent {
    /// Its sequence number.
    pub sequence: u64,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// An event of the log.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// Sequence number, time, origin.
    pub meta: EventMeta,
    /// Its name.
    pub name: String,
    /// Its arguments, JSON.
    pub arguments: String,
}

/// An event to append.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// Identifies the event everywhere.
    pub id: Uuid,
    /// Its name.
    pub name: &'a str,
    /// Its arguments, JSON.
    pub arguments: &'a str,
    /// When it is committed, in milliseconds since the Unix epoch.
    pub unix_ms: i64,
    /// For an event that never leaves this client and of which only the latest is kept: what it is the latest of.
    pub slot: Option<&'a str>,
}

/// Materializes events of the log; the runtime implements it for every schema.
pub trait Replay: Send + Sync {
    /// Whether the schema knows the event and decodes it.
    ///
    /// # Errors
    /// Says why it does not.
    fn decodes(&self, name: &str, arguments: &str) -> Result<(), EventError>;

    /// Materializes one event.
    ///
    /// # Errors
    /// When the materializer fails or panics; opening fails then, and nothing changes.
    fn apply(&self, event: &LoggedEvent, tx: &mut dyn Transaction) -> Result<Replayed, Arc<str>>;
}

/// What became of a replayed event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// It is in the tables.
    Applied,
    /// The schema does not know it or cannot decode it.
    Skipped(EventError),
}

/// What a transaction's body decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Keep everything.
    Commit,
    /// Keep nothing.
    Rollback,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The sequence number of the log's last event.
    pub sequence: u64,
    /// Whether everything up to it survives power loss already.
    pub durable: bool,
}

/// An open store. Every method may block for one SQLite transaction.
///
/// The runtime never calls a session from inside one of its own callbacks.
pub trait Session: Send + Sync {
    /// Runs `body` in the one write transaction, log and state together.
    ///
    /// # Errors
    /// When the transaction cannot begin or commit; nothing is kept then. `Ok(None)` after [`Verdict::Rollback`].
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError>;

    /// Runs one read-only statement on the last committed state.
    ///
    /// # Errors
    /// When the statement fails, or is not read-only.
    fn query(&self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError>;

    /// Runs `body` on one snapshot, which includes every commit acknowledged before.
    ///
    /// # Errors
    /// When no snapshot can be taken.
    fn snapshot(&self, body: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError>;

    /// The sequence number of the log's last event.
    fn sequence(&self) -> u64;

    /// Makes everything committed so far survive power loss, and says up to which sequence number.
    ///
    /// # Errors
    /// When the store is in memory, or the disk refuses.
    fn flush(&self) -> Result<u64, SessionError>;

    /// Flushes and closes; the last call a session gets.
    ///
    /// # Errors
    /// When the last flush failed.
    fn close(&self) -> Result<(), SessionError>;
}

/// Called with each row of a result until it breaks.
pub type EachRow<'a> = &'a mut dyn FnMut(&dyn Cells) -> ControlFlow<()>;

/// Reads on one state.
pub trait Reader {
    /// Runs one read-only statement. Returns what it reads: tables and columns.
    ///
    /// # Errors
    /// When the statement fails, or is not read-only.
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError>;
}

/// A running write transaction.
pub trait Transaction: Reader {
    /// Appends an event to the log.
    ///
    /// # Errors
    /// When the log cannot take it.
    fn append(&mut self, event: NewEvent<'_>) -> Result<EventMeta, SessionError>;

    /// Runs one writing statement.
    ///
    /// # Errors
    /// When the statement fails; what it did is undone then.
    fn execute(&mut self, statement: &Statement) -> Result<Executed, SessionError>;
}

/// What a writing statement did.
#[derive(Clone, Debug)]
pub struct Executed {
    /// Rows that the statement itself wrote.
    pub rows: u64,
    /// Whether anything changed, rows of other tables included.
    pub changed: bool,
    /// What it can have written, foreign key actions and replaced rows included.
    pub writes: Arc<WriteSet>,
}

/// Why a session could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The statement is not read-only.
    #[error("the statement is refused: a query only reads; write in a materializer ({message})")]
    NotReadOnly {
        /// What the statement tried.
        message: String,
    },
    /// The statement's parameters and the given values differ.
    #[error("{message}")]
    Parameter {
        /// Which, and how.
        message: String,
    },
    /// The statement does not parse, or names what is not there.
    #[error("{message}")]
    Sql {
        /// What SQLite says.
        message: String,
    },
    /// A constraint refuses the row.
    #[error("{message}; the constraint is in the row's `#[row(..)]` attributes")]
    Constraint {
        /// Which one.
        message: String,
    },
    /// Another connection holds the file.
    #[error("the file is busy: {message}; another program has it open, or the busy timeout is too short")]
    Busy {
        /// What SQLite says.
        message: String,
    },
    /// The disk is full, or refuses to read or write.
    #[error("the disk refuses: {message}")]
    Disk {
        /// What SQLite says.
        message: String,
    },
    /// The file is damaged.
    #[error("the file is damaged: {message}; restore it from a backup")]
    Corrupt {
        /// What SQLite says.
        message: String,
    },
    /// The store is in memory, so nothing of it survives power loss.
    #[error("a store in memory does not survive power loss; open it with `Sqlite::in_dir(..)`")]
    InMemory,
    /// The session is closed.
    #[error("the session is closed")]
    Closed,
    /// Anything else.
    #[error("{message}")]
    Other {
        /// What the engine says.
        message: String,
    },
}

/// Why a store could not be opened. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The data directory is a file.
    #[error("{} is a file, not a directory; name another data directory", .path.display())]
    NotADirectory {
        /// The data directory.
        path: PathBuf,
    },
    /// The directory or the file cannot be created, read or written.
    #[error("{} cannot be used: {message}; check that it is writable", .path.display())]
    Inaccessible {
        /// Directory or file.
        path: PathBuf,
        /// What the system says.
        message: String,
    },
    /// Another process, registry or handle has the store open.
    #[error("{} is open elsewhere; close it there, or let this one wait with `Sqlite::wait_for_lock(..)`", .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The directory has a store whose id differs only in case.
    #[error("the directory already has the store `{existing}`, which differs only in case; use that id or another one")]
    CaseConflict {
        /// The id on disk.
        existing: String,
    },
    /// The file is no SQLite database.
    #[error("{} is not a database; move it away or restore it from a backup", .path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another program.
    #[error("{} is a database of another program; name another data directory", .path.display())]
    ForeignDatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged or cut off.
    #[error("{} is damaged ({message}); restore it from a backup", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        message: String,
    },
    /// The file was written by a newer version of this library.
    #[error("{} has format {found}, this version reads up to {supported}; update store-context", .path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this version reads.
        supported: i64,
    },
    /// The file holds a store of another schema.
    #[error("{} holds a store of the schema `{found}`; give the file its own name back", .path.display())]
    OtherSchema {
        /// The file.
        path: PathBuf,
        /// The schema it holds.
        found: String,
    },
    /// An event of the log could not be materialized into fresh tables.
    #[error("replaying event {sequence} ({event:?}) failed: {message}; the log is untouched, correct the materializer")]
    Replay {
        /// The event's sequence number.
        sequence: u64,
        /// The event's name.
        event: String,
        /// What the materializer says.
        message: Arc<str>,
    },
    /// A `#[query(..)]` does not fit the tables, its parameters or its result.
    #[error("the query `{query}` is wrong: {message}; correct its `#[query(..)]`")]
    Query {
        /// The field's name.
        query: &'static str,
        /// What is wrong.
        message: String,
    },
    /// The adapter panicked.
    #[error("the adapter panicked: {message}; please report it")]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// The engine failed otherwise.
    #[error("{0}")]
    Session(#[from] SessionError),
}

impl OpenError {
    /// Whether trying again later can succeed without a change to program or files.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::InUse { .. }
                | Self::Inaccessible { .. }
                | Self::Session(SessionError::Busy { .. } | SessionError::Disk { .. })
        )
    }
}
