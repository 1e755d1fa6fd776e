//! [`Writer`]: the one connection that writes, and what it does where a commit fails.
//!
//! Nobody else writes to a store's file. The writer looks whether that is so before each transaction: a lock is only a
//! file beside the database, and a file can be removed.

use std::sync::Mutex;
use std::time::Duration;

use rusqlite::ErrorCode;
use store_context_runtime::{SessionError, Uuid};

use crate::capture::Watched;
use crate::connection::Connection;
use crate::error::session_error;
use crate::log::{self, LogEnd};
use crate::settings::Durability;

/// The one connection that writes, and the end of the log that it appends to.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) end: LogEnd,
    /// Every event up to this one survives power loss; `None` where a process before may not have synced its last.
    pub(crate) synced: Option<u64>,
    /// SQLite's number for what others committed, as of the last transaction; `None` where an error may have moved it.
    version: Option<i64>,
    /// A sync of the write-ahead log failed. Systems may call the next one good without writing what this one did not,
    /// so the commits have to be written once more: into the database, by a checkpoint.
    has_lost_sync: bool,
    /// Whether others could write: not where the store is in memory.
    is_file: bool,
    /// Why nothing is written any more.
    broken: Option<SessionError>,
    durability: Durability,
    /// Commits that are acknowledged and wait for their flush, in one transaction that is open.
    group: Option<Group>,
}

/// Commits in savepoints of one open transaction.
struct Group {
    /// The sequence number of the first event.
    from: u64,
    /// The last event of a commit that is in it.
    last: Option<Uuid>,
}

impl Writer {
    pub(crate) fn new(
        connection: Connection,
        end: LogEnd,
        version: i64,
        durability: Durability,
        is_file: bool,
    ) -> Self {
        let (synced, version) = (None, Some(version));
        let (broken, group) = (None, None);
        Self { connection, end, synced, version, has_lost_sync: false, is_file, broken, durability, group }
    }

    /// How long commits wait for a flush of all of them.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.durability.delay().filter(|_| self.is_file)
    }

    /// Whether commits wait for their flush, which only this connection sees.
    pub(crate) fn has_group(&self) -> bool {
        self.group.is_some()
    }

    /// Begins what a commit runs in, where the rows that are written are told apart.
    pub(crate) fn begin_commit(&mut self, watched: &Mutex<Watched>) -> Result<Open<'_>, SessionError> {
        self.still_writes()?;
        // Triggers that are made inside a transaction go with it; a group that is undone is the end of the store.
        if self.group.is_none()
            && let Err(error) = self.roll_back()
        {
            self.version = None;
            return Err(error);
        }
        let Connection { sqlite, capture, .. } = &mut self.connection;
        capture.prepare(sqlite, watched).map_err(|error| session_error(&error))?;
        if self.delay().is_some() { self.begin_in_group() } else { self.begin() }
    }

    /// Begins the write transaction. It is undone when it is dropped, unless it was committed.
    fn begin(&mut self) -> Result<Open<'_>, SessionError> {
        self.still_writes()?;
        self.begin_anyway()
    }

    fn still_writes(&self) -> Result<(), SessionError> {
        self.broken.clone().map_or(Ok(()), Err)
    }

    /// Begins a savepoint of the group's transaction, which is begun where there is none.
    fn begin_in_group(&mut self) -> Result<Open<'_>, SessionError> {
        self.look_at_group()?;
        if self.group.is_none() {
            self.begin()?.is_done = true;
            self.group = Some(Group { from: self.end.sequence + 1, last: None });
        }
        if let Err(error) = self.connection.begin_savepoint() {
            return Err(self.look_at_group().err().unwrap_or(error));
        }
        Ok(Open { writer: self, is_done: false, is_grouped: true })
    }

    /// Ends a group that has no commits, and finds one that is gone, as some errors of the disk undo the transaction.
    ///
    /// # Errors
    /// Where commits went with it.
    pub(crate) fn look_at_group(&mut self) -> Result<(), SessionError> {
        let is_gone = self.connection.sqlite.is_autocommit();
        match &self.group {
            Some(Group { last: Some(_), .. }) if !is_gone => Ok(()),
            Some(Group { last: Some(_), .. }) => Err(self.lose_group("the disk failed")),
            Some(Group { last: None, .. }) => {
                self.group = None;
                self.roll_back()
            }
            None => Ok(()),
        }
    }

    /// The commits of the group may be kept, all of them, or none. What readers saw of them is no state to go on from.
    fn lose_group(&mut self, why: &str) -> SessionError {
        self.version = None;
        let message = format!("{why} before they were flushed");
        let broken = SessionError::Broken { message: message.clone() };
        self.broken = Some(broken.clone());
        match self.group.take() {
            Some(Group { from, last: Some(event) }) => {
                SessionError::OutcomeUnknown { from, to: self.end.sequence, event, message }
            }
            _ => broken,
        }
    }

    /// Commits the group, which syncs it.
    fn flush_group(&mut self) -> Result<(), SessionError> {
        self.look_at_group()?;
        if self.group.is_none() {
            return Ok(());
        }
        match self.connection.run("COMMIT") {
            Ok(()) => {
                self.group = None;
                self.synced = Some(self.end.sequence);
                self.look_at_version();
                Ok(())
            }
            // For example since the file is busy.
            Err(error) if !self.connection.sqlite.is_autocommit() => Err(session_error(&error)),
            Err(error) => Err(self.lose_group(&format!("committing failed ({error})"))),
        }
    }

    /// A checkpoint is part of a commit, and may fail without a word.
    fn look_at_version(&mut self) {
        if self.is_file {
            let version = data_version(&self.connection.sqlite).ok();
            self.version = self.version.filter(|before| version == Some(*before));
        }
    }

    fn begin_anyway(&mut self) -> Result<Open<'_>, SessionError> {
        let begun = self.roll_back().and_then(|()| self.connection.internal("BEGIN IMMEDIATE"));
        // Whoever keeps the file busy may be about to write, which the number tells.
        if begun.as_ref().is_err_and(|error| !matches!(error, SessionError::Busy { .. })) {
            self.version = None;
        }
        begun?;
        let open = Open { writer: self, is_done: false, is_grouped: false };
        if open.writer.is_alone()? {
            return Ok(open);
        }
        open.writer.broken = Some(SessionError::OtherWriter);
        Err(SessionError::OtherWriter)
    }

    /// Whether nobody else committed since the last transaction. Nobody can while this one is open.
    fn is_alone(&mut self) -> Result<bool, SessionError> {
        if !self.is_file {
            return Ok(true);
        }
        let look = || {
            let sqlite = &self.connection.sqlite;
            let version = data_version(sqlite)?;
            let is_alone = match self.version {
                Some(before) => before == version,
                None => log::read_end(sqlite, self.end.client, self.end.session)?.is_same(&self.end),
            };
            Ok((version, is_alone))
        };
        let looked = look().map_err(|error: rusqlite::Error| session_error(&error));
        self.version = looked.as_ref().ok().map(|(version, _)| *version);
        Ok(looked?.1)
    }

    /// Ends a transaction that is open still, for example since a rollback failed on a full disk.
    fn roll_back(&self) -> Result<(), SessionError> {
        if self.connection.sqlite.is_autocommit() {
            return Ok(());
        }
        self.connection.internal("ROLLBACK")
    }

    /// Everything committed so far is in the write-ahead log; a commit that is synced syncs all of it.
    pub(crate) fn sync(&mut self) -> Result<u64, SessionError> {
        self.flush_group()?;
        if self.synced == Some(self.end.sequence) {
            return Ok(self.end.sequence);
        }
        if self.has_lost_sync {
            drop(self.begin()?);
            self.empty_log()?;
            self.has_lost_sync = false;
            self.synced = Some(self.end.sequence);
        } else {
            let synced = self.with_full_sync(|writer| writer.begin()?.commit_mark());
            self.has_lost_sync = matches!(synced, Err(SessionError::Disk { .. }));
            synced?;
        }
        Ok(self.end.sequence)
    }

    fn with_full_sync(&mut self, body: impl FnOnce(&mut Self) -> Result<(), SessionError>) -> Result<(), SessionError> {
        self.connection.internal("PRAGMA synchronous = FULL")?;
        let done = body(self);
        let restored = self.connection.internal(&format!("PRAGMA synchronous = {}", self.durability.synchronous()));
        if done.is_ok() {
            self.synced = Some(self.end.sequence);
        }
        done.and(restored)
    }

    /// After a COMMIT that failed: makes sure that nothing of it was kept.
    ///
    /// All its frames may be in the write-ahead log, where whoever opens the file next would find and keep them. A
    /// commit that is written over the first of them makes the others void; so does a checkpoint, which empties the log.
    fn undo_commit(&mut self) -> Result<(), SessionError> {
        self.version = None;
        self.roll_back()?;
        // Beginning looks whether the log ends where it ended before.
        self.with_full_sync(|writer| writer.begin_anyway()?.commit_mark()).or_else(|_| self.empty_log())
    }

    fn empty_log(&mut self) -> Result<(), SessionError> {
        self.version = None;
        self.roll_back()?;
        let sqlite = &self.connection.sqlite;
        let is_busy = sqlite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        let end = log::read_end(sqlite, self.end.client, self.end.session);
        match (is_busy, end) {
            (Ok(false), Ok(end)) if end.is_same(&self.end) => Ok(()),
            (Err(error), _) | (_, Err(error)) => Err(session_error(&error)),
            _ => Err(SessionError::Busy { message: "the write-ahead log is read from".to_owned() }),
        }
    }
}

/// Changes when another connection commits, and not with commits of this one.
pub(crate) fn data_version(sqlite: &rusqlite::Connection) -> rusqlite::Result<i64> {
    sqlite.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}

/// The open transaction; undone when it is dropped, for a body that unwinds too.
pub(crate) struct Open<'w> {
    pub(crate) writer: &'w mut Writer,
    is_done: bool,
    /// Whether it is a savepoint of the group's transaction.
    is_grouped: bool,
}

impl Open<'_> {
    /// Keeps everything, up to this end of the log.
    pub(crate) fn commit(mut self, end: LogEnd, last: Option<Uuid>) -> Result<(), SessionError> {
        if let Err(error) = still_running(&self.writer.connection) {
            return Err(self.roll_back().err().unwrap_or(error));
        }
        if self.is_grouped {
            return self.commit_to_group(end, last);
        }
        let Err(error) = self.writer.connection.run("COMMIT") else {
            self.is_done = true;
            self.writer.end = end;
            self.writer.look_at_version();
            return Ok(());
        };
        let cause = session_error(&error);
        // These come before the last frame is written, so nothing can have been kept.
        let is_certain = matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::ConstraintViolation
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
            )
        );
        if is_certain {
            self.writer.version = None;
            return Err(cause);
        }
        self.is_done = true;
        let before = self.writer.end.sequence;
        if self.writer.undo_commit().is_ok() {
            return Err(cause);
        }
        let message = format!("committing failed ({error}), and so did undoing it");
        let broken = SessionError::Broken { message: message.clone() };
        self.writer.broken = Some(broken.clone());
        Err(match last {
            Some(event) => SessionError::OutcomeUnknown { from: before + 1, to: end.sequence, event, message },
            None => broken,
        })
    }

    fn commit_to_group(mut self, end: LogEnd, last: Option<Uuid>) -> Result<(), SessionError> {
        if let Err(error) = self.writer.connection.release_savepoint() {
            return Err(self.roll_back().err().unwrap_or(error));
        }
        self.is_done = true;
        self.writer.end = end;
        if let Some(group) = &mut self.writer.group {
            group.last = last.or(group.last);
        }
        self.writer.look_at_group()
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// Where the commits of the group went with it.
    pub(crate) fn roll_back(mut self) -> Result<(), SessionError> {
        self.undo()
    }

    fn undo(&mut self) -> Result<(), SessionError> {
        if std::mem::replace(&mut self.is_done, true) {
            return Ok(());
        }
        if !self.is_grouped {
            if self.writer.roll_back().is_err() {
                self.writer.version = None;
            }
            return Ok(());
        }
        let connection = &self.writer.connection;
        if !connection.sqlite.is_autocommit() && connection.undo_savepoint().is_err() {
            // What is half undone is not to be flushed.
            _ = self.writer.roll_back();
        }
        self.writer.look_at_group()
    }

    /// Commits what changes neither log nor state.
    fn commit_mark(mut self) -> Result<(), SessionError> {
        let sequence = self.writer.end.sequence.cast_signed();
        let marked = log::set_meta(&self.writer.connection.sqlite, "synced", sequence);
        let committed = marked.map_err(|error| session_error(&error)).and_then(|()| {
            still_running(&self.writer.connection)?;
            self.writer.connection.internal("COMMIT")
        });
        self.is_done = committed.is_ok();
        if committed.is_err() {
            self.writer.version = None;
        }
        committed
    }

    /// The engine failed meanwhile, which may have made SQLite forget what it knew of others.
    pub(crate) fn has_failed(&mut self) {
        self.writer.version = None;
    }
}

/// Some errors, such as a full disk, end a transaction by themselves; what ran after would be kept outside of it.
pub(crate) fn still_running(connection: &Connection) -> Result<(), SessionError> {
    if connection.sqlite.is_autocommit() {
        return Err(SessionError::Disk { message: "the transaction was undone".to_owned() });
    }
    Ok(())
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // What is lost with it is told by whatever comes next.
        _ = self.undo();
    }
}
