//! [`Readers`]: the connections that read a file beside its writer.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use store_context_runtime::{SchemaDef, SessionError};

use crate::connection::Connection;
use crate::error::{FLAGS, session_error};
use crate::settings::Settings;

/// How many readers a store has at most.
const MAX_READERS: usize = 4;

/// How long a reader beyond the first rests before it is closed. Opening one, and preparing its statements anew, costs many
/// reads: two threads that read now and then would open one each time that they meet.
const REST: Duration = Duration::from_secs(1);

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
    /// Each with the time at which it was given back; the one that rests for longest first.
    idle: Vec<(Instant, Connection)>,
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
        let idle = pool.idle.pop().map(|(_, connection)| connection);
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
        let now = Instant::now();
        // One that a panic left inside a snapshot would go on reading that.
        let given_back = self.connection.take().filter(|connection| connection.sqlite.is_autocommit());
        pool.idle.extend(given_back.map(|connection| (now, connection)));
        // One stays for the next read; the others would only hold files open.
        let is_rested = pool.idle.len() > 1 && now.duration_since(pool.idle[0].0) > REST;
        let rested = is_rested.then(|| pool.idle.remove(0));
        self.readers.returned.notify_all();
        drop(pool);
        drop(rested);
    }
}
