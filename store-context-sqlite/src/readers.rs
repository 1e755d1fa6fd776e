//! [`Readers`]: the connections that read a file beside its writer.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use store_context_runtime::{SchemaDef, SessionError};

use crate::connection::Connection;
use crate::error::{FLAGS, session_error};
use crate::settings::Settings;

/// How many readers a store has at most.
const MAX_READERS: usize = 4;

/// Connections made when they are needed and kept. Each statement or snapshot begins its own read transaction, and so
/// sees every commit acknowledged before.
pub(crate) struct Readers {
    path: PathBuf,
    settings: Settings,
    schema: &'static SchemaDef,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    in_use: usize,
    is_closed: bool,
}

impl Readers {
    pub(crate) fn new(path: PathBuf, settings: Settings, schema: &'static SchemaDef) -> Self {
        Self { path, settings, schema, pool: Mutex::default(), returned: Condvar::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `body` on a reader, waiting for one where all are in use.
    pub(crate) fn with<T>(&self, body: impl FnOnce(&mut Connection) -> T) -> Result<T, SessionError> {
        let mut pool = self.pool();
        while pool.idle.is_empty() && pool.in_use >= MAX_READERS && !pool.is_closed {
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        if pool.is_closed {
            return Err(SessionError::Closed);
        }
        let idle = pool.idle.pop();
        pool.in_use += 1;
        drop(pool);
        // Gives the place back whatever happens, the connection only where there is one.
        let mut lent = Lent { readers: self, connection: idle };
        let connection = match &mut lent.connection {
            Some(connection) => connection,
            none => none.insert(self.connect().map_err(|error| session_error(&error))?),
        };
        Ok(body(connection))
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let connection =
            self.settings.connect(rusqlite::Connection::open_with_flags(&self.path, FLAGS)?, self.schema)?;
        connection.sqlite.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    /// Writes a copy of the database, as the last commit left it.
    pub(crate) fn copy_to(&self, to: &str) -> rusqlite::Result<()> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY.union(rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX);
        let sqlite = rusqlite::Connection::open_with_flags(&self.path, flags)?;
        sqlite.busy_timeout(self.settings.busy_timeout)?;
        sqlite.execute("VACUUM INTO ?", [to]).map(|_| ())
    }

    /// Closes every reader, waiting for those in use.
    pub(crate) fn close(&self) {
        let mut pool = self.pool();
        pool.is_closed = true;
        self.returned.notify_all();
        while pool.in_use > 0 {
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.idle.clear();
    }
}

struct Lent<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool();
        pool.in_use -= 1;
        // One that a panic left inside a snapshot would go on reading that.
        pool.idle.extend(self.connection.take().filter(|connection| connection.sqlite.is_autocommit()));
        // When nobody reads any more, one waits for the next read; the others would only hold files open.
        let kept = if pool.in_use == 0 { 1 } else { MAX_READERS }.min(pool.idle.len());
        let superfluous = pool.idle.split_off(kept);
        self.readers.returned.notify_all();
        drop(pool);
        drop(superfluous);
    }
}
