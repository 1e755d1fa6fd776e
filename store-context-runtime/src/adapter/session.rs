//! [`Session`]: an open store as an engine runs it, and the statements that it takes.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::adapter::footprint::{ReadSet, TableChanges, WatchedTable, WriteSet};
use crate::adapter::log::{EventMeta, LoggedEvent, NewEvent};
use crate::adapter::settlement::Settlement;
use crate::row::row::Cells;
use crate::sql::statement::Statement;

/// What a transaction's body decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Keep everything.
    Commit,
    /// Keep nothing.
    Rollback,
}

/// How a transaction ended.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The sequence number of the log's last event.
    pub sequence: u64,
    /// Whether everything up to it survives power loss already.
    pub durable: bool,
    /// Within which time the session wants to be [flushed](Session::flush); `None` where it need not be.
    pub flush_within: Option<Duration>,
    /// Of an engine whose log is shared: what becomes of the commit. Where there is one, it is durable when it is settled.
    pub settlement: Option<Arc<Settlement>>,
}

/// An open store. Every method may block for one SQLite transaction.
///
/// The runtime never calls a session from inside one of its own callbacks.
pub trait Session: Send + Sync {
    /// Runs `body` in the one write transaction, log and state together.
    ///
    /// # Errors
    /// When the transaction cannot begin or commit; nothing is kept then, unless it is
    /// [`SessionError::OutcomeUnknown`]. `Ok(None)` after [`Verdict::Rollback`].
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

    /// The events of the log from one sequence number to another, both included, in order.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn events(&self, from: u64, to: u64) -> Result<Vec<LoggedEvent>, SessionError>;

    /// The sequence number of the log's last event.
    fn sequence(&self) -> u64;

    /// Told of which tables live queries depend on some rows only, and which columns say on which: transactions that begin
    /// later give these of the rows that they write ([`Transaction::changes`]). Calls may come out of order; the one with
    /// the largest `version` counts. An engine that does nothing here has its live queries run again more often.
    fn watch(&self, version: u64, tables: Vec<Arc<WatchedTable>>) {
        let _ = (version, tables);
    }

    /// Writes a copy of the store, as the last commit left it, to a file that is not there yet. Commits go on meanwhile.
    ///
    /// # Errors
    /// When the file is there already, or cannot be written; an engine that keeps no files has no backups.
    fn backup(&self, to: &Path) -> Result<(), SessionError> {
        let message = format!("this engine makes no backups; {} was not written", to.display());
        Err(SessionError::Other { message })
    }

    /// Makes everything committed so far survive power loss, and tells `done` up to which sequence number: before it
    /// returns, or later.
    ///
    /// # Errors
    /// When the store is in memory, or the disk refuses.
    fn flush(&self, done: Done<u64>);

    /// Told that [`close`](Self::close) comes: the store was shut down, or its engine cannot go on. Whoever opens the store
    /// meanwhile may wait for that.
    fn will_close(&self) {}

    /// Flushes and closes, and tells `done`: before it returns, or later. Calls that come after, from threads that had the
    /// store still, get [`SessionError::Closed`].
    ///
    /// # Errors
    /// When the last flush failed.
    fn close(&self, done: Done<()>);
}

/// Told once how something ended.
pub type Done<T> = Box<dyn FnOnce(Result<T, SessionError>) + Send>;

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

    /// The rows that were written so far, of each watched table of which they are known: all of them, those of foreign key
    /// actions and replaced ones too. A table that is left out may have been written anywhere.
    fn changes(&mut self) -> Vec<TableChanges> {
        Vec::new()
    }
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

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Constraint {
    /// Another row has the same values in these columns, `table.column` each: a primary key or a unique index.
    Unique(Vec<String>),
    /// A column that cannot be `NULL` would be.
    NotNull(String),
    /// A foreign key names a row that is not there, or a row that is named would go.
    ForeignKey,
    /// A value is of another type than its column.
    Type,
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
        constraint: Constraint,
        /// What SQLite says.
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
    /// The process, or the system, has as many files open as it may.
    #[error(
        "too many files are open: {message}; keep fewer stores open at once, with a shorter `cache_time`, or raise the \
         limit with `ulimit -n`"
    )]
    TooManyOpenFiles {
        /// What SQLite says.
        message: String,
    },
    /// The file is damaged.
    #[error("the file is damaged: {message}; restore it from a backup")]
    Corrupt {
        /// What SQLite says.
        message: String,
    },
    /// Committing failed in a way that leaves open whether it was kept, and it could not be undone. The session writes
    /// nothing any more.
    #[error("whether events {from} to {to} were kept is not known: {message}")]
    OutcomeUnknown {
        /// The sequence number of the commit's first event.
        from: u64,
        /// The sequence number of its last event.
        to: u64,
        /// The id of its last event, which no other event has.
        event: Uuid,
        /// What SQLite says.
        message: String,
    },
    /// Another program wrote to the file. The session writes nothing over it.
    #[error(
        "another program writes to this file, though it is this store's own; end that program, and do not remove the \
         `.lock` file beside a store that is open"
    )]
    OtherWriter,
    /// The session met with an error after which it cannot go on.
    #[error("the store writes nothing any more since an earlier error: {message}")]
    Broken {
        /// What SQLite said then.
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

impl SessionError {
    /// Whether trying again later can succeed without a change to program or files.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Disk { .. } | Self::TooManyOpenFiles { .. })
    }

    /// Whether the session cannot go on after it: the runtime shuts the store down.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::OutcomeUnknown { .. } | Self::OtherWriter | Self::Broken { .. })
    }

    /// Whether a statement or its values are to blame, and not the engine, the file or the disk.
    #[must_use]
    pub fn is_of_statement(&self) -> bool {
        matches!(self, Self::NotReadOnly { .. } | Self::Parameter { .. } | Self::Sql { .. } | Self::Constraint { .. })
    }
}
