//! [`SqliteSession`]: the writer, the readers, and what makes a commit durable.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store_context_runtime::{
    Committed, Done, EachRow, EventMeta, Executed, LoggedEvent, NewEvent, ReadSet, Reader, Session, SessionError,
    Statement, TableChanges, Transaction, Uuid, Verdict, WatchedTable,
};

use crate::capture::Watched;
use crate::connection::Connection;
use crate::error::{look_again, session_error};
use crate::file;
use crate::lock::FileLock;
use crate::log::{self, LogEnd};
use crate::readers::Readers;
use crate::settings::Durability;
use crate::writer::{Writer, still_running};

/// An open store.
pub(crate) struct SqliteSession {
    /// `None` in memory, where one connection reads and writes in turn.
    pub(crate) file: Option<OpenFile>,
    /// `None` once closed.
    pub(crate) writer: Mutex<Option<Writer>>,
    /// The log's last acknowledged event.
    pub(crate) sequence: AtomicU64,
    pub(crate) durability: Durability,
    /// Of which tables the rows that are written are told apart.
    pub(crate) watched: Mutex<Watched>,
}

/// What a store on disk has besides its writer.
pub(crate) struct OpenFile {
    pub(crate) readers: Readers,
    /// Released when the file is closed.
    pub(crate) lock: Mutex<Option<FileLock>>,
}

impl SqliteSession {
    fn writer(&self) -> MutexGuard<'_, Option<Writer>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// SQLite calls a file damaged that could not be read: a second look tells.
    fn look_again(&self, error: SessionError) -> SessionError {
        look_again(self.path(), error)
    }

    fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.readers.path())
    }

    /// Runs `body` on a connection that sees every acknowledged commit.
    fn with_reader<T>(&self, body: impl FnOnce(&mut Connection) -> T) -> Result<T, SessionError> {
        if let Some(file) = &self.file
            && !self.has_group()?
        {
            return file.readers.with(body);
        }
        self.with_writer(|writer| body(&mut writer.connection))
    }

    /// Whether there are commits that only the writer's connection sees. One that comes meanwhile is not acknowledged yet.
    fn has_group(&self) -> Result<bool, SessionError> {
        Ok(self.durability.delay().is_some() && self.writer().as_ref().ok_or(SessionError::Closed)?.has_group())
    }

    fn with_writer<T>(&self, body: impl FnOnce(&mut Writer) -> T) -> Result<T, SessionError> {
        let mut guard = self.writer();
        let writer = guard.as_mut().ok_or(SessionError::Closed)?;
        let done = body(writer);
        // A read that failed may have undone what was not flushed.
        writer.look_at_group()?;
        Ok(done)
    }

    fn copy(&self, to: &Path) -> Result<(), SessionError> {
        let Some(to) = to.to_str() else {
            return Err(SessionError::Other { message: format!("{} is no text, which SQLite needs", to.display()) });
        };
        let copied = match &self.file {
            Some(file) => file.readers.copy_to(to),
            None => {
                let writer = self.writer();
                let connection = &writer.as_ref().ok_or(SessionError::Closed)?.connection;
                connection.sqlite.execute("VACUUM INTO ?", [to]).map(|_| ())
            }
        };
        copied.map_err(|error| session_error(&error))
    }
}

impl Session for SqliteSession {
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError> {
        let mut guard = self.writer();
        let writer = guard.as_mut().ok_or(SessionError::Closed)?;
        let mut open = writer.begin_commit(&self.watched).map_err(|error| self.look_again(error))?;
        let mut end = open.writer.end;
        let mut tx = WriteTransaction::new(&mut open.writer.connection, &mut end, self.path());
        let verdict = body(&mut tx);
        let (last, failed) = (tx.last, tx.failed);
        if failed.is_some() {
            open.has_failed();
        }
        if verdict == Verdict::Rollback {
            return open.roll_back().map(|()| None);
        }
        if let Some(failed) = failed {
            // The body went on as if nothing had happened; a replay would give other rows.
            return Err(open.roll_back().err().unwrap_or(failed));
        }
        open.commit(end, last).map_err(|error| self.look_again(error))?;
        self.sequence.store(end.sequence, Ordering::Release);
        let durable = self.file.is_some() && self.durability == Durability::Power;
        if durable {
            writer.synced = Some(end.sequence);
        }
        Ok(Some(Committed { sequence: end.sequence, durable, flush_within: writer.delay(), settlement: None }))
    }

    fn query(&self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        let ran = self.with_reader(|connection| connection.query(statement, each));
        ran.flatten().map_err(|error| self.look_again(error))
    }

    fn snapshot(&self, body: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError> {
        let path = self.path();
        let taken = self.with_reader(|connection| {
            // Inside a group's transaction nobody writes while its connection reads.
            let is_begun = connection.sqlite.is_autocommit();
            if is_begun {
                connection.internal("BEGIN")?;
            }
            body(&mut SnapshotReader { connection, path, is_begun });
            Ok(())
        });
        taken.flatten().map_err(|error| self.look_again(error))
    }

    fn events(&self, from: u64, to: u64) -> Result<Vec<LoggedEvent>, SessionError> {
        let events = self.with_reader(|connection| {
            log::events(&connection.sqlite, from, to, -1).map_err(|error| session_error(&error))
        });
        events.flatten().map_err(|error| self.look_again(error))
    }

    fn sequence(&self) -> u64 {
        self.sequence.load(Ordering::Acquire)
    }

    fn watch(&self, version: u64, tables: Vec<Arc<WatchedTable>>) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).set(version, tables);
    }

    fn backup(&self, to: &Path) -> Result<(), SessionError> {
        if to.exists() {
            let message = format!("{} is there already; name another file", to.display());
            return Err(SessionError::Other { message });
        }
        let disk =
            |_: &Path, error: std::io::Error| SessionError::Disk { message: format!("{}: {error}", to.display()) };
        if self.has_group()? {
            self.sync()?;
        }
        // One read transaction of a connection of its own: commits go on meanwhile.
        file::put(to, disk, |part| self.copy(part))
    }

    fn flush(&self, done: Done<u64>) {
        done(self.sync());
    }

    fn will_close(&self) {
        if let Some(file) = &self.file
            && let Some(lock) = &*file.lock.lock().unwrap_or_else(PoisonError::into_inner)
        {
            lock.set_ending();
        }
    }

    fn close(&self, done: Done<()>) {
        done(self.flush_and_close());
    }
}

impl SqliteSession {
    /// Makes everything committed so far survive power loss.
    fn sync(&self) -> Result<u64, SessionError> {
        if self.file.is_none() {
            return Err(SessionError::InMemory);
        }
        let mut guard = self.writer();
        guard.as_mut().ok_or(SessionError::Closed)?.sync().map_err(|error| self.look_again(error))
    }

    fn flush_and_close(&self) -> Result<(), SessionError> {
        self.will_close();
        let flushed = self.sync();
        if let Some(file) = &self.file {
            file.readers.close();
        }
        let closed = match self.writer().take() {
            Some(writer) => {
                let closed = writer.connection.sqlite.close();
                closed.map_err(|(_, error)| session_error(&error))
            }
            None => Ok(()),
        };
        if let Some(file) = &self.file {
            file.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        flushed.and(closed)
    }
}

/// One snapshot; it ends when dropped, for a body that unwinds too.
struct SnapshotReader<'c> {
    connection: &'c mut Connection,
    path: Option<&'c Path>,
    is_begun: bool,
}

impl Reader for SnapshotReader<'_> {
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.connection.query(statement, each).map_err(|error| look_again(self.path, error))
    }
}

impl Drop for SnapshotReader<'_> {
    fn drop(&mut self) {
        if self.is_begun {
            let _ = self.connection.internal("ROLLBACK");
        }
    }
}

/// The running write transaction.
pub(crate) struct WriteTransaction<'w> {
    connection: &'w mut Connection,
    end: &'w mut LogEnd,
    path: Option<&'w Path>,
    /// The event that was appended last.
    pub(crate) last: Option<Uuid>,
    /// The first failure of the file or the disk, whatever the body made of it.
    pub(crate) failed: Option<SessionError>,
}

impl<'w> WriteTransaction<'w> {
    pub(crate) fn new(connection: &'w mut Connection, end: &'w mut LogEnd, path: Option<&'w Path>) -> Self {
        Self { connection, end, path, last: None, failed: None }
    }

    fn run<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T, SessionError>) -> Result<T, SessionError> {
        let done = still_running(self.connection).and_then(|()| run(self));
        let done = done.map_err(|error| look_again(self.path, error));
        if let Err(error) = &done
            && (error.is_retryable() || error.is_fatal())
        {
            self.failed.get_or_insert_with(|| error.clone());
        }
        done
    }
}

impl Reader for WriteTransaction<'_> {
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.run(|tx| tx.connection.query(statement, each))
    }
}

impl Transaction for WriteTransaction<'_> {
    fn append(&mut self, event: NewEvent<'_>) -> Result<EventMeta, SessionError> {
        self.run(|tx| log::append(&tx.connection.sqlite, tx.end, event)).inspect(|meta| self.last = Some(meta.id))
    }

    fn execute(&mut self, statement: &Statement) -> Result<Executed, SessionError> {
        self.run(|tx| tx.connection.execute(statement))
    }

    fn changes(&mut self) -> Vec<TableChanges> {
        self.connection.capture.changes()
    }
}
