//! [`Outbox`]: the commits that a shared log has still to take, and the state with them.
//!
//! They are in savepoints of one open transaction, the outer one, so that they can be taken back together when others
//! were first. What the log has taken stays in that transaction until everything in it is taken: the confirmed ones come
//! first, in the log as in the transaction.

use std::sync::{Arc, Mutex};

use foldhash::HashSet;
use store_context_runtime::{
    EachRow, EventMeta, Executed, LoggedEvent, NewEvent, OpenError, ReadSet, Reader, Refusal, RefusedCommit, Replay,
    Replayed, SessionError, Settlement, Statement, TableChanges, Transaction, Verdict, WriteSet,
};

use crate::capture::Watched;
use crate::connection::Connection;
use crate::error::session_error;
use crate::log::{self, LogEnd};
use crate::replica::session_documents::SessionDocuments;
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
    session_documents: SessionDocuments,
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
    /// Commits that the log turned out to have.
    pub(crate) taken: Vec<Arc<Settlement>>,
    /// Commits that do not hold any more.
    pub(crate) refused: Vec<(Arc<Settlement>, RefusedCommit)>,
}

/// Why the events of a log cannot be taken up.
pub(crate) enum ReplayError {
    /// The materializer refuses one.
    Refused {
        sequence: u64,
        event: String,
        message: Refusal,
    },
    Session(SessionError),
}

impl From<SessionError> for ReplayError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl From<rusqlite::Error> for ReplayError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Session(session_error(&error))
    }
}

impl ReplayError {
    /// While a store opens.
    pub(crate) fn at_opening(self) -> OpenError {
        match self {
            Self::Refused { sequence, event, message } => OpenError::Replay { sequence, event, message },
            Self::Session(error) => OpenError::Session(error),
        }
    }

    /// While it runs, which it cannot go on with.
    pub(crate) fn of_running(self) -> SessionError {
        match self {
            Self::Refused { sequence, event, message } => SessionError::Broken {
                message: format!("the event {sequence} (`{event}`) of the shared log fails here: {message}"),
            },
            Self::Session(error) if error.is_fatal() => error,
            Self::Session(error) => SessionError::Broken { message: error.to_string() },
        }
    }
}

impl Outbox {
    pub(crate) fn new(connection: Connection, session_documents: SessionDocuments, end: LogEnd) -> Self {
        Self { connection, session_documents, end, committed: end, pending: Vec::new(), confirmed: 0 }
    }

    /// Whether everything in the state is in the log.
    pub(crate) fn is_settled(&self) -> bool {
        self.pending.is_empty() && self.connection.sqlite.is_autocommit()
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

    /// Runs a commit on the state with everything that is pending. What becomes of it there is told by its settlement; it has
    /// none where it has nothing for the log.
    pub(crate) fn commit(
        &mut self,
        watched: &Mutex<Watched>,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Kept, SessionError> {
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
            return Ok(Kept::Nothing);
        }
        if let Some(failed) = failed {
            return Err(failed);
        }
        outbox.connection.release_savepoint()?;
        if events.is_empty() {
            outbox.commit_outer_if_all_is_confirmed()?;
            undo.keep();
            return Ok(Kept::Here);
        }
        outbox.end = end;
        let settlement = Settlement::new(end.sequence);
        outbox.pending.push(Pending { events, settlement: Arc::clone(&settlement), writes });
        undo.keep();
        Ok(Kept::Pending(settlement))
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
    ) -> Result<(Vec<LoggedEvent>, Rebased), ReplayError> {
        let mut rebased = Rebased::default();
        if others.is_empty() {
            return Ok((self.unsent(), rebased));
        }
        let mut pending = std::mem::take(&mut self.pending);
        pending.iter().for_each(|pending| rebased.writes.merge(&pending.writes));
        let session_documents = self.session_documents.read(&self.connection.sqlite)?;
        if !self.connection.sqlite.is_autocommit() {
            self.connection.internal("ROLLBACK")?;
            self.connection.capture.forget();
        }
        self.end = self.committed;
        self.connection.internal("BEGIN IMMEDIATE")?;
        let unconfirmed = pending.split_off(std::mem::take(&mut self.confirmed));
        let confirmed = pending.iter().flat_map(|pending| &pending.events);
        for event in confirmed.chain(&others) {
            self.apply_logged(replay, event, &mut rebased.writes)?;
        }
        self.session_documents.write(&self.connection.sqlite, session_documents)?;
        self.connection.internal("COMMIT")?;
        self.committed = self.end;
        let mut pending = unconfirmed.into_iter();
        let taken = taken(pending.as_slice(), &others);
        rebased.taken.extend(pending.by_ref().take(taken).map(|pending| pending.settlement));
        for pending in pending {
            self.commit_again(replay, pending, &mut rebased)?;
        }
        self.commit_outer_if_all_is_confirmed()?;
        Ok((self.unsent(), rebased))
    }

    /// The events that the log has not taken; of a slot the latest, as in the log.
    fn unsent(&self) -> Vec<LoggedEvent> {
        let mut slots = HashSet::default();
        let events = self.pending[self.confirmed..].iter().flat_map(|pending| &pending.events).rev();
        let mut unsent: Vec<_> =
            events.filter(|event| event.slot().is_none_or(|slot| slots.insert(slot))).cloned().collect();
        unsent.reverse();
        unsent
    }

    /// An event as the log has it.
    fn apply_logged(
        &mut self,
        replay: &dyn Replay,
        event: &LoggedEvent,
        writes: &mut WriteSet,
    ) -> Result<(), ReplayError> {
        log::insert_logged(&self.connection.sqlite, event)?;
        self.end.sequence = event.meta.sequence;
        if event.slot().is_none() {
            self.end.parent = event.meta.sequence;
        }
        let mut end = self.end;
        let mut tx = WriteTransaction::new(&mut self.connection, &mut end, None);
        match replay.apply(event, &mut tx) {
            Ok(Replayed::Applied(wrote)) => writes.merge(&wrote),
            Ok(Replayed::Skipped(error)) => {
                log::leave_out(&self.connection.sqlite, event.meta.sequence, &error.to_string())?;
            }
            Err(message) => {
                let (sequence, event) = (event.meta.sequence, event.name.clone());
                return Err(ReplayError::Refused { sequence, event, message });
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
            rebased.refused.push((pending.settlement, RefusedCommit { events: pending.events, message: refusal }));
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

/// How many of the pending commits are among the events of a log. It took all or nothing at a time, in their order, and of a
/// slot only the latest.
fn taken(pending: &[Pending], others: &[LoggedEvent]) -> usize {
    let ids: HashSet<_> = others.iter().map(|event| event.meta.id).collect();
    let is_there = |pending: &Pending| pending.events.iter().any(|event| ids.contains(&event.meta.id));
    pending.iter().rposition(is_there).map_or(0, |last| last + 1)
}

/// What a commit left.
pub(crate) enum Kept {
    /// Its body gave up.
    Nothing,
    /// What is of this replica alone.
    Here,
    /// What the log is to take.
    Pending(Arc<Settlement>),
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
