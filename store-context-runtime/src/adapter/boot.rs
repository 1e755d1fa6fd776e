//! Opening a store: what it does, what it found, and why it failed.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::adapter::session::SessionError;

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
    /// A shared log is open, and kept like this.
    Kept(Persistence),
    /// The boot hook runs.
    Booting,
}

/// Whether what a store keeps stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Persistence {
    /// It stays: in a file, or in a browser's storage which the browser promised to keep.
    Persistent,
    /// It is in a browser's storage, which the browser may clear where the device runs out of space. An application asks it
    /// not to with `navigator.storage.persist()`.
    Evictable,
    /// It is in memory alone, and gone with the store.
    Memory {
        /// Why it is there.
        reason: MemoryReason,
    },
}

/// Why a store is in memory alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MemoryReason {
    /// The adapter keeps its stores there.
    Chosen,
    /// The browser has no IndexedDB here.
    NoStorage,
    /// The browser refuses this page its storage: its settings, a private window or a sandbox.
    Blocked,
}

impl fmt::Display for Persistence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Persistent => "persistent",
            Self::Evictable => "evictable",
            Self::Memory { reason: MemoryReason::Chosen } => "in memory",
            Self::Memory { reason: MemoryReason::NoStorage } => "in memory, the browser has no storage",
            Self::Memory { reason: MemoryReason::Blocked } => "in memory, the browser refuses its storage",
        })
    }
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

/// Why a store could not be opened. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The data directory is a file.
    #[error("{} is a file, not a directory; remove the file, or name another data directory", .path.display())]
    NotADirectory {
        /// The data directory.
        path: PathBuf,
    },
    /// Only stores that are there already are opened, and this one is not.
    #[error("{} is not there, and the adapter opens only what is; `Sqlite::stores` lists the stores", .path.display())]
    NotFound {
        /// The file.
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
    /// The process, or the system, has as many files open as it may.
    #[error(
        "{} cannot be opened, since too many files are open: {message}; keep fewer stores open at once, with a shorter \
         `cache_time`, or raise the limit with `ulimit -n`",
        .path.display()
    )]
    TooManyOpenFiles {
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
    /// The directory has a store whose id differs only in case, on disk already or just being opened.
    #[error("the directory already has the store `{existing}`, which differs only in case; use that id or another one")]
    CaseConflict {
        /// The other id; the whole name where the names of the schemas differ in case too.
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
    /// The file holds the log of another schema of the same name: this one knows no event of it.
    #[error(
        "{} was written by another schema: the schema `{schema}` of this program knows none of its events, of which \
         the first is {event:?}; give one of the two another `#[store(name = \"..\")]`, or where the events were renamed, \
         read the old ones with `#[event(alias = \"..\")]` or `#[event(upcast_from = ..)]`",
        .path.display()
    )]
    OtherEvents {
        /// The file.
        path: PathBuf,
        /// The schema that was to be opened.
        schema: &'static str,
        /// An event of the log.
        event: String,
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
    /// The spawner dropped the load before its end.
    #[error("the spawner dropped the load; retry it on one that runs")]
    Dropped,
    /// The engine failed otherwise.
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl OpenError {
    /// Whether trying again later can succeed without a change to program or files.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::InUse { .. } | Self::Inaccessible { .. } | Self::TooManyOpenFiles { .. } | Self::Dropped => true,
            Self::Session(cause) => cause.is_retryable(),
            _ => false,
        }
    }
}
