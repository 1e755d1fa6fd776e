//! [`StoresError`]: what can go wrong with stores that are not open.

use std::path::PathBuf;

use store_context_runtime::{OpenError, StoreName};

/// Why something could not be done with the stores of a directory. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoresError {
    /// The adapter keeps its stores in memory.
    #[error("stores in memory are in no directory; open them with `Sqlite::in_dir(..)`")]
    InMemory,
    /// No store has this id.
    #[error("{} has no store `{store}`; `Sqlite::stores` lists those that are there", .directory.display())]
    NotFound {
        /// The store.
        store: StoreName,
        /// The directory.
        directory: PathBuf,
    },
    /// A store with this id is there already.
    #[error("{} is there already; delete the store, or choose another id", .path.display())]
    Exists {
        /// The store's file.
        path: PathBuf,
    },
    /// The store is open, in this process or another, or another problem keeps it from being used.
    #[error("store `{store}`: {cause}")]
    Open {
        /// The store.
        store: StoreName,
        /// Why.
        cause: OpenError,
    },
    /// A file is not a whole store of this schema.
    #[error("{} is not a backup of a store of the schema `{schema}`: {message}", .path.display())]
    NotABackup {
        /// The file.
        path: PathBuf,
        /// The schema.
        schema: &'static str,
        /// What is wrong.
        message: String,
    },
    /// A line of an exported log cannot be read.
    #[error("line {line} is not an event of an exported log: {message}")]
    Line {
        /// The line's number, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// A file or the directory cannot be read or written.
    #[error("{}: {message}", .path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        message: String,
    },
}

impl StoresError {
    /// Whether trying again later can succeed without a change to program or files.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Open { cause, .. } if cause.is_retryable())
    }
}
