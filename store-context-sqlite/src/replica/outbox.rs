//! [`Outbox`]: the commits that a shared log has still to take, and the state with them.
//!
//! They are in savepoints of one open transaction, the outer one, so that they can be taken back together when others
//! were first. What the log has taken stays in that transaction until everything in it is taken: the confirmed ones come
//! first, in the log as in the transaction.

use std::sync::{Arc, Mutex};

use store_context_runtime::{
    EachRow, EventMeta, Executed, LoggedEvent, NewEvent, ReadSet, Reader, Refusal, Replay, Replayed, SessionError,
    Settlement, SkippedEvent, Statement, TableChanges, Transaction, Verdict, WriteSet,
};

use crate::capture::Watched;
use crate::connection::Connection;
use crate::error::session_error;
use crate::log::{self, LogEnd};
use crate::session::WriteTransaction;

/// A commit that the log has not taken for good.
struct Pending {
    events: Vec<LoggedEvent>,
    settlement: Arc<Settlement>,
    writes: WriteSet,
}

/// The state, and what of it is pending.
pub(crate) struct Outbox {
    pub(crate) connection: Connection,
    /// Where the log ends with what is pending.
    pub(crate) end: LogEnd,
    /// Where it ends in what is committed for good.
    committed: LogEnd,
    pending: Vec<Pending>,
    /// How many of the pending ones the log has taken, from the first on.
    confirmed: usize,
}

/// What an exchange came to, to be told with no lock held.
#[derive(Default)]
pub(crate) struct Rebased {
    /// What differs in the state.
    pub(crate) writes: WriteSet,
    /// Commits that do not hold any more.
    pub(crate) refused: Vec<(Arc<Settlement>, Refusal)>,
}

impl Outbox {
    pub(crate) fn new(connection: Connection, end: LogEnd) -> Self {
        Self { connection, end, committed: end, pending: Vec::new(), confirmed: 0 }
    }

    /// The sequence number of the last event that the shared log is known to have.
    pub(crate) fn head(&self) -> u64 {
        let last = self.pending[..self.confirmed].iter().rev().find_map(|pending| pending.events.last());
        last.map_or(self.committed.sequence, |event| event.meta.sequence)
    }

    /// How many commits the log has not taken yet.
    pub(crate) fn unconfirmed(&self) -> usize {
        self.pending.len() - self.confirmed
    }

    /// Runs a commit on the state with everything that is pending. `None` where the body gave up.
    pub(crate) fn commit(
        &mut self,
        watched: &Mutex<Watched>,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Arc<Settlement>>, SessionError> {
        let Connection { sqlite, capture, .. } = &mut self.connection;
        capture.prepare(sqlite, watched).map_err(|error| session_error(&error))?;
        let undo = Undo { outbox: self, is_done: false };
        let outbox = &mut *undo.outbox;
        outbox.begin()?;
        let mut end = outbox.end;
        let mut tx = Recording::new(&mut outbox.connection, &mut end);
        let verdict = body(&mut tx);
        let (events, writes, failed) = (tx.events, tx.writes, tx.tx.failed);
        if verdict == Verdict::Rollback {
            return Ok(None);
        }
        if let Some(failed) = failed {
            return Err(failed);
        }
        outbox.connection.release_savepoint()?;
        outbox.end = end;
        let settlement = Settlement::new(end.sequence);
        outbox.pending.push(Pending { events, settlement: Arc::clone(&settlement), writes });
        undo.keep();
        Ok(Some(settlement))
    }

    /// Begins a savepoint of the outer transaction, which is begun where there is none.
    fn begin(&self) -> Result<(), SessionError> {
        if self.connection.sqlite.is_autocommit() {
            self.connection.internal("BEGIN IMMEDIATE")?;
        }
        self.connection.begin_savepoint()
    }

    /// Takes up what others appended, before what is pending. Gives the events that the log is to take.
    ///
    /// # Errors
    /// An event of the log that cannot be materialized here. The state is that of the log before it.
    pub(crate) fn rebase(
        &mut self,
        replay: &dyn Replay,
        others: Vec<LoggedEvent>,
    ) -> Result<(Vec<LoggedEvent>, Rebased), SessionError> {
        let mut rebased = Rebased::default();
        if others.is_empty() {
            return Ok((self.unsent(), rebased));
        }
        let pending = std::mem::take(&mut self.pending);
        pending.iter().for_each(|pending| rebased.writes.merge(&pending.writes));
        if !self.connection.sqlite.is_autocommit() {
            self.connection.internal("ROLLBACK")?;
            self.connection.capture.forget();
        }
        self.end = self.committed;
        self.connection.internal("BEGIN IMMEDIATE")?;
        let mut pending = pending.into_iter();
        let confirmed = pending.by_ref().take(std::mem::take(&mut self.confirmed));
        let confirmed = confirmed.flat_map(|pending| pending.events).collect::<Vec<_>>();
        for event in confirmed.iter().chain(&others) {
            self.apply_logged(replay, event, &mut rebased.writes)?;
        }
        self.connection.internal("COMMIT")?;
        self.committed = self.end;
        for pending in pending {
            self.commit_again(replay, pending, &mut rebased)?;
        }
        self.commit_outer_if_all_is_confirmed()?;
        Ok((self.unsent(), rebased))
    }

    /// The events that the log has not taken.
    fn unsent(&self) -> Vec<LoggedEvent> {
        self.pending[self.confirmed..].iter().flat_map(|pending| pending.events.iter().cloned()).collect()
    }

    /// An event as the log has it.
    fn apply_logged(
        &mut self,
        replay: &dyn Replay,
        event: &LoggedEvent,
        writes: &mut WriteSet,
    ) -> Result<(), SessionError> {
        log::insert_logged(&self.connection.sqlite, event).map_err(|error| session_error(&error))?;
        self.end.sequence = event.meta.sequence;
        if event.slot().is_none() {
            self.end.parent = event.meta.sequence;
        }
        let mut end = self.end;
        let mut tx = WriteTransaction::new(&mut self.connection, &mut end, None);
        match replay.apply(event, &mut tx) {
            Ok(Replayed::Applied(wrote)) => writes.merge(&wrote),
            Ok(Replayed::Skipped(error)) => {
                let (name, reason) = (event.name.clone(), error.to_string());
                let left_out = [SkippedEvent { sequence: event.meta.sequence, name, reason }];
                log::record_left_out(&self.connection.sqlite, &left_out).map_err(|error| session_error(&error))?;
            }
            Err(message) => {
                let (sequence, name) = (event.meta.sequence, &event.name);
                let message = format!("the event {sequence} (`{name}`) of the shared log fails here: {message}");
                return Err(SessionError::Broken { message });
            }
        }
        Ok(())
    }

    /// A pending commit behind what others appended; it may not hold there.
    fn commit_again(
        &mut self,
        replay: &dyn Replay,
        mut pending: Pending,
        rebased: &mut Rebased,
    ) -> Result<(), SessionError> {
        self.begin()?;
        let mut end = self.end;
        let mut writes = WriteSet::default();
        let mut refusal = None;
        for event in &mut pending.events {
            let slot = event.slot();
            let (id, unix_ms) = (event.meta.id, event.meta.unix_ms);
            let new = NewEvent { id, name: &event.name, arguments: &event.arguments, unix_ms, slot: slot.as_deref() };
            let mut tx = WriteTransaction::new(&mut self.connection, &mut end, None);
            event.meta = tx.append(new)?;
            match replay.apply(event, &mut tx) {
                Ok(Replayed::Applied(wrote)) => writes.merge(&wrote),
                Ok(Replayed::Skipped(error)) => refusal = Some(Refusal::from(error.to_string())),
                Err(message) => refusal = Some(message),
            }
            if refusal.is_some() {
                break;
            }
        }
        if let Some(refusal) = refusal {
            self.connection.undo_savepoint()?;
            rebased.refused.push((pending.settlement, refusal));
            return Ok(());
        }
        self.connection.release_savepoint()?;
        self.end = end;
        rebased.writes.merge(&writes);
        pending.writes = writes;
        pending.settlement.moved(end.sequence);
        self.pending.push(pending);
        Ok(())
    }

    /// The log has taken as many commits more. Gives what is to be told.
    pub(crate) fn confirm(&mut self, commits: usize) -> Result<Vec<Arc<Settlement>>, SessionError> {
        let first = self.confirmed;
        self.confirmed += commits;
        let confirmed = self.pending[first..self.confirmed].iter().map(|pending| Arc::clone(&pending.settlement));
        let confirmed = confirmed.collect();
        self.commit_outer_if_all_is_confirmed()?;
        Ok(confirmed)
    }

    fn commit_outer_if_all_is_confirmed(&mut self) -> Result<(), SessionError> {
        if self.confirmed == self.pending.len() {
            if !self.connection.sqlite.is_autocommit() {
                self.connection.internal("COMMIT")?;
            }
            self.pending.clear();
            self.confirmed = 0;
            self.committed = self.end;
        }
        Ok(())
    }
}

/// Takes a commit back, for a body that unwinds too.
struct Undo<'o> {
    outbox: &'o mut Outbox,
    is_done: bool,
}

impl Undo<'_> {
    fn keep(mut self) {
        self.is_done = true;
    }
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let connection = &self.outbox.connection;
        _ = connection.undo_savepoint();
        if self.outbox.pending.is_empty() {
            _ = connection.internal("ROLLBACK");
            self.outbox.connection.capture.forget();
        }
    }
}

/// A commit that is kept as events, to be made again elsewhere in the log.
struct Recording<'w> {
    tx: WriteTransaction<'w>,
    events: Vec<LoggedEvent>,
    writes: WriteSet,
}

impl<'w> Recording<'w> {
    fn new(connection: &'w mut Connection, end: &'w mut LogEnd) -> Self {
        Self { tx: WriteTransaction::new(connection, end, None), events: Vec::new(), writes: WriteSet::default() }
    }
}

impl Reader for Recording<'_> {
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.tx.query(statement, each)
    }
}

impl Transaction for Recording<'_> {
    fn append(&mut self, event: NewEvent<'_>) -> Result<EventMeta, SessionError> {
        let meta = self.tx.append(event)?;
        self.events.push(LoggedEvent { meta, name: event.name.to_owned(), arguments: event.arguments.to_owned() });
        Ok(meta)
    }

    fn execute(&mut self, statement: &Statement) -> Result<Executed, SessionError> {
        let executed = self.tx.execute(statement)?;
        if executed.changed {
            self.writes.merge(&executed.writes);
        }
        Ok(executed)
    }

    fn changes(&mut self) -> Vec<TableChanges> {
        self.tx.changes()
    }
}
