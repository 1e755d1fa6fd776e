//! [`SqliteSession`]: the writer, the readers, and what makes a commit durable.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store_context_runtime::{
    Committed, EachRow, EventMeta, Executed, LoggedEvent, NewEvent, ReadSet, Reader, Session, SessionError, Statement,
    Transaction, Verdict,
};

use crate::connection::Connection;
use crate::error::session_error;
use crate::lock::FileLock;
use crate::log::{self, LogEnd};
use crate::readers::Readers;
use crate::settings::Durability;

/// The one connection that writes, and the end of the log that it appends to.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) end: LogEnd,
    /// Every event up to this one survives power loss; `None` where a process before may not have synced its last.
    pub(crate) synced: Option<u64>,
}

/// An open store.
pub(crate) struct SqliteSession {
    /// `None` in memory, where one connection reads and writes in turn.
    pub(crate) file: Option<OpenFile>,
    /// `None` once closed.
    pub(crate) writer: Mutex<Option<Writer>>,
    /// The log's last acknowledged event.
    pub(crate) sequence: AtomicU64,
    pub(crate) durability: Durability,
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

    /// Runs `body` on a connection that sees every acknowledged commit.
    fn with_reader<T>(&self, body: impl FnOnce(&mut Connection) -> T) -> Result<T, SessionError> {
        if let Some(file) = &self.file {
            return file.readers.with(body);
        }
        let mut writer = self.writer();
        Ok(body(&mut writer.as_mut().ok_or(SessionError::Closed)?.connection))
    }

    /// Everything committed so far is in the write-ahead log; a commit that is synced syncs all of it.
    fn sync(&self, writer: &mut Writer) -> Result<u64, SessionError> {
        let sequence = writer.end.sequence;
        if writer.synced == Some(sequence) {
            return Ok(sequence);
        }
        let connection = &writer.connection;
        connection.internal("PRAGMA synchronous = FULL")?;
        let synced = log::set_meta(&connection.sqlite, "synced", sequence.cast_signed());
        let restored = connection.internal(&format!("PRAGMA synchronous = {}", self.durability.synchronous()));
        synced.map_err(|error| session_error(&error))?;
        restored?;
        writer.synced = Some(sequence);
        Ok(sequence)
    }
}

/// Undoes an open transaction when dropped, for a body that unwinds.
struct Open<'w> {
    writer: &'w mut Writer,
    is_done: bool,
}

impl Open<'_> {
    fn end(&mut self, statement: &str) -> Result<(), SessionError> {
        let running = still_running(&self.writer.connection);
        self.is_done = running.is_err();
        running?;
        self.writer.connection.internal(statement)?;
        self.is_done = true;
        Ok(())
    }
}

/// Some errors, such as a full disk, end a transaction by themselves; what ran after would be kept outside of it.
fn still_running(connection: &Connection) -> Result<(), SessionError> {
    if connection.sqlite.is_autocommit() {
        return Err(SessionError::Disk { message: "the transaction was undone".to_owned() });
    }
    Ok(())
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = self.end("ROLLBACK");
        }
    }
}

impl Session for SqliteSession {
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError> {
        let mut guard = self.writer();
        let writer = guard.as_mut().ok_or(SessionError::Closed)?;
        if !writer.connection.sqlite.is_autocommit() {
            // A rollback failed, for example on a full disk.
            writer.connection.internal("ROLLBACK")?;
        }
        writer.connection.internal("BEGIN IMMEDIATE")?;
        let mut end = writer.end;
        let mut open = Open { writer, is_done: false };
        let verdict = body(&mut WriteTransaction { connection: &mut open.writer.connection, end: &mut end });
        if verdict == Verdict::Rollback {
            let _ = open.end("ROLLBACK");
            return Ok(None);
        }
        open.end("COMMIT")?;
        open.writer.end = end;
        self.sequence.store(end.sequence, Ordering::Release);
        let durable = self.file.is_some() && self.durability == Durability::Power;
        if durable {
            open.writer.synced = Some(end.sequence);
        }
        Ok(Some(Committed { sequence: end.sequence, durable }))
    }

    fn query(&self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.with_reader(|connection| connection.query(statement, each))?
    }

    fn snapshot(&self, body: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError> {
        self.with_reader(|connection| {
            connection.internal("BEGIN")?;
            let mut snapshot = SnapshotReader(connection);
            body(&mut snapshot);
            Ok(())
        })?
    }

    fn events(&self, from: u64, to: u64) -> Result<Vec<LoggedEvent>, SessionError> {
        let events = self.with_reader(|connection| log::events(&connection.sqlite, from, to, -1))?;
        events.map_err(|error| session_error(&error))
    }

    fn sequence(&self) -> u64 {
        self.sequence.load(Ordering::Acquire)
    }

    fn flush(&self) -> Result<u64, SessionError> {
        if self.file.is_none() {
            return Err(SessionError::InMemory);
        }
        let mut guard = self.writer();
        let writer = guard.as_mut().ok_or(SessionError::Closed)?;
        self.sync(writer)
    }

    fn will_close(&self) {
        if let Some(file) = &self.file
            && let Some(lock) = &*file.lock.lock().unwrap_or_else(PoisonError::into_inner)
        {
            lock.set_ending();
        }
    }

    fn close(&self) -> Result<(), SessionError> {
        self.will_close();
        let flushed = self.flush();
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
struct SnapshotReader<'c>(&'c mut Connection);

impl Reader for SnapshotReader<'_> {
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.0.query(statement, each)
    }
}

impl Drop for SnapshotReader<'_> {
    fn drop(&mut self) {
        let _ = self.0.internal("ROLLBACK");
    }
}

/// The running write transaction.
pub(crate) struct WriteTransaction<'w> {
    pub(crate) connection: &'w mut Connection,
    pub(crate) end: &'w mut LogEnd,
}

impl Reader for WriteTransaction<'_> {
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        still_running(self.connection)?;
        self.connection.query(statement, each)
    }
}

impl Transaction for WriteTransaction<'_> {
    fn append(&mut self, event: NewEvent<'_>) -> Result<EventMeta, SessionError> {
        still_running(self.connection)?;
        log::append(&self.connection.sqlite, self.end, event)
    }

    fn execute(&mut self, statement: &Statement) -> Result<Executed, SessionError> {
        still_running(self.connection)?;
        self.connection.execute(statement)
    }
}
