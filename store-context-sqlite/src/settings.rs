//! [`Settings`]: what every connection of a store is set to, and [`Place`]: where stores are kept.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use store_context_runtime::SchemaDef;

use crate::connection::Connection;
use crate::replica::shared_log::SharedLogs;

/// What a commit survives when it returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// The end of the process, however it ends. `Receipt::durable` waits for power loss to be survived too.
    #[default]
    Process,
    /// Power loss: every commit waits for the disk.
    Power,
    /// Nothing, until they are flushed together: within `delay` of the first, or when `Receipt::durable` waits, or when the
    /// store closes. They survive power loss then. A commit costs what one in memory does.
    ///
    /// A crash takes the last commits with it, those that were not flushed, and never one without those after it. A disk
    /// that fails or is full while they are flushed takes them, too: the store ends then, with
    /// `StoreError::OutcomeUnknown`. While commits wait for their flush, reads wait for commits and other programs cannot
    /// write to the file.
    Grouped {
        /// How long a commit may wait.
        delay: Duration,
    },
}

impl Durability {
    /// SQLite's name for it.
    pub(crate) fn synchronous(self) -> &'static str {
        match self {
            Self::Process => "NORMAL",
            Self::Power | Self::Grouped { .. } => "FULL",
        }
    }

    /// How long commits wait for a flush of all of them.
    pub(crate) fn delay(self) -> Option<Duration> {
        match self {
            Self::Grouped { delay } => Some(delay),
            Self::Process | Self::Power => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// The number tells one `in_memory()` from another.
    Memory(u64),
    /// In memory, as replicas of shared logs.
    Shared(Arc<dyn SharedLogs>),
    /// In memory, as replicas of the logs of an application.
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    Browser(crate::browser::BrowserLogs),
    #[cfg_attr(all(target_family = "wasm", target_os = "unknown"), expect(dead_code, reason = "no files there"))]
    Directory(PathBuf),
}

impl Place {
    /// Where the shared logs of replicas are.
    pub(crate) fn logs(&self) -> Option<&dyn SharedLogs> {
        match self {
            Self::Shared(logs) => Some(&**logs),
            #[cfg(all(target_family = "wasm", target_os = "unknown"))]
            Self::Browser(logs) => Some(logs),
            Self::Memory(_) | Self::Directory(_) => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) durability: Durability,
    pub(crate) busy_timeout: Duration,
    pub(crate) cache_kib: Option<u32>,
    pub(crate) wait_for_lock: Duration,
    /// Opens no store that is not there yet.
    pub(crate) existing_only: bool,
}

impl Settings {
    /// Makes a connection with these self.
    pub(crate) fn connect(
        self,
        sqlite: rusqlite::Connection,
        schema: &'static SchemaDef,
    ) -> rusqlite::Result<Connection> {
        sqlite.busy_timeout(self.busy_timeout)?;
        // Where it cannot, SQLite keeps another mode without an error.
        // And it gives the mode before it commits the change, so the statement has to run to its end.
        let mut set = sqlite.prepare("PRAGMA journal_mode = WAL")?;
        let modes = set.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
        drop(set);
        if let Some(mode) = modes.iter().find(|mode| !["wal", "memory"].contains(&mode.as_str())) {
            let message = format!("the file stays in the journal mode `{mode}`, where a write-ahead log is needed");
            let error = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
            return Err(rusqlite::Error::SqliteFailure(error, Some(message)));
        }
        sqlite.pragma_update(None, "synchronous", self.durability.synchronous())?;
        sqlite.pragma_update(None, "foreign_keys", true)?;
        sqlite.pragma_update(None, "trusted_schema", false)?;
        if let Some(kib) = self.cache_kib {
            sqlite.pragma_update(None, "cache_size", -i64::from(kib))?;
        }
        Connection::new(sqlite, schema)
    }
}
