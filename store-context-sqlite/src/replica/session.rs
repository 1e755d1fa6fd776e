//! [`ReplicaSession`]: commits to the outbox at once, and exchanges with the log one exchange after the other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::channel::oneshot;
use store_context_runtime::{
    BootReport, BootStatus, Committed, Done, EachRow, LoggedEvent, OpenError, OpenRequest, Opened, Outside, ReadSet,
    Reader, Replay, Session, SessionError, Statement, Transaction, Verdict, WatchedTable, WriteSet,
};

use crate::capture::Watched;
use crate::error::session_error;
use crate::log;
use crate::replica::outbox::{Outbox, Rebased};
use crate::replica::shared_log::SharedLog;

/// An open replica.
pub(crate) struct ReplicaSession(Arc<Replica>);

struct Replica {
    log: Arc<dyn SharedLog>,
    replay: Arc<dyn Replay>,
    outside: Outside,
    watched: Mutex<Watched>,
    /// The last acknowledged event.
    sequence: AtomicU64,
    state: Mutex<State>,
}

struct State {
    /// `None` once closed.
    outbox: Option<Outbox>,
    /// Why nothing goes on.
    broken: Option<SessionError>,
    exchange: Option<Exchange>,
    /// Flushes that the next rebase covers.
    waiting: Vec<Done<u64>>,
    closing: Option<Done<()>>,
}

/// Told what others changed.
type Told = Box<dyn FnOnce(&WriteSet) + Send>;

/// An exchange that is under way.
#[derive(Default)]
struct Exchange {
    /// How many commits the log is to take.
    sent: usize,
    /// Flushes that it covers.
    covered: Vec<Done<u64>>,
    /// What others changed, and who is told of it.
    changed: Option<(Told, Rebased)>,
    /// Whether the log said that there is more.
    is_hinted: bool,
}

impl ReplicaSession {
    /// Brings an empty state to where the log is.
    pub(crate) async fn open(
        outbox: Outbox,
        log: Arc<dyn SharedLog>,
        request: &OpenRequest,
    ) -> Result<Opened, OpenError> {
        (request.progress)(BootStatus::Replaying { done: 0, total: 0 });
        let state = State { outbox: Some(outbox), broken: None, exchange: None, waiting: Vec::new(), closing: None };
        let replica = Arc::new(Replica {
            log,
            replay: Arc::clone(&request.replay),
            outside: Arc::clone(&request.outside),
            watched: Mutex::default(),
            sequence: AtomicU64::new(0),
            state: Mutex::new(state),
        });
        let (sender, booted) = oneshot::channel();
        replica.lock().waiting.push(Box::new(move |booted| _ = sender.send(booted)));
        replica.exchange();
        booted.await.unwrap_or(Err(SessionError::Closed)).map_err(OpenError::Session)?;
        let (weak, log) = (Arc::downgrade(&replica), Arc::clone(&replica.log));
        log.listen(Arc::new(move || {
            if let Some(replica) = weak.upgrade() {
                replica.hinted();
            }
        }));
        let report = replica.report().map_err(OpenError::Session)?;
        Ok(Opened { session: Box::new(Self(replica)), report })
    }
}

impl Replica {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self) -> Result<BootReport, SessionError> {
        self.with(|outbox| {
            let sqlite = &outbox.connection.sqlite;
            let found = || Ok((log::count(sqlite)?, log::left_out(sqlite)?));
            let (replayed, left_out) = found().map_err(|error: rusqlite::Error| session_error(&error))?;
            Ok(BootReport { replayed, skipped: left_out.into_iter().map(|left_out| left_out.event).collect() })
        })
    }

    /// Runs something on the state with everything that is pending.
    fn with<T>(&self, body: impl FnOnce(&mut Outbox) -> Result<T, SessionError>) -> Result<T, SessionError> {
        let mut state = self.lock();
        if let Some(broken) = &state.broken {
            return Err(broken.clone());
        }
        body(state.outbox.as_mut().ok_or(SessionError::Closed)?)
    }

    fn hinted(self: &Arc<Self>) {
        {
            let mut state = self.lock();
            if let Some(exchange) = &mut state.exchange {
                exchange.is_hinted = true;
                return;
            }
        }
        self.exchange();
    }

    /// Begins an exchange, unless one is under way: what is committed meanwhile goes with that one, or the next.
    fn exchange(self: &Arc<Self>) {
        let after = {
            let mut state = self.lock();
            let Some(outbox) = state.outbox.as_ref().filter(|_| state.exchange.is_none()) else { return };
            let after = outbox.head();
            state.exchange = Some(Exchange::default());
            after
        };
        let (rebases, ends) = (Arc::clone(self), Arc::clone(self));
        self.log.exchange(after, Box::new(move |others| rebases.rebase(others)), Box::new(move |done| ends.end(done)));
    }

    /// Takes up what others appended. Inside the log's step, so that nobody is called.
    fn rebase(&self, others: Vec<LoggedEvent>) -> Vec<LoggedEvent> {
        // Before the change is visible.
        let told = (!others.is_empty()).then(|| (self.outside)());
        let mut state = self.lock();
        let state = &mut *state;
        let covered = std::mem::take(&mut state.waiting);
        let (Some(outbox), Some(exchange)) = (&mut state.outbox, &mut state.exchange) else { return Vec::new() };
        exchange.covered = covered;
        if state.broken.is_some() {
            return Vec::new();
        }
        match outbox.rebase(&*self.replay, others) {
            Ok((events, rebased)) => {
                exchange.sent = outbox.unconfirmed();
                exchange.changed = told.map(|told| (told, rebased));
                self.sequence.store(outbox.end.sequence, Ordering::Release);
                events
            }
            Err(error) => {
                state.broken = Some(error);
                Vec::new()
            }
        }
    }

    /// The exchange is over: tells everybody what came of it, with no lock held, and begins another one where there is more.
    fn end(self: Arc<Self>, done: Result<(), SessionError>) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Exchange { sent, mut covered, changed, is_hinted } = state.exchange.take().unwrap_or_default();
        let mut settled = Vec::new();
        let done = done.and_then(|()| match (&state.broken, &mut state.outbox) {
            (Some(broken), _) => Err(broken.clone()),
            (None, Some(outbox)) => outbox.confirm(sent).map(|confirmed| settled = confirmed),
            (None, None) => Err(SessionError::Closed),
        });
        if done.is_err() {
            covered.append(&mut state.waiting);
        }
        let has_more = state.outbox.as_ref().is_some_and(|outbox| outbox.unconfirmed() > 0);
        // After an error whoever commits or flushes next tries again.
        let goes_on = done.is_ok() && (has_more || is_hinted || !state.waiting.is_empty());
        let closes = if goes_on { None } else { state.closing.take().map(|closing| (closing, state.outbox.take())) };
        drop(guard);
        settled.iter().for_each(|settlement| settlement.settle(Ok(())));
        if let Some((told, Rebased { writes, refused })) = changed {
            for (settlement, refusal) in refused {
                tracing::warn!(reason = &*refusal, "others committed first, and a commit does not hold any more");
                settlement.settle(Err(refusal));
            }
            told(&writes);
        }
        let sequence = self.sequence.load(Ordering::Acquire);
        for flushed in covered {
            flushed(done.clone().map(|()| sequence));
        }
        if let Some((closing, outbox)) = closes {
            self.close(outbox, done, closing);
        } else if goes_on {
            self.exchange();
        }
    }

    fn close(&self, outbox: Option<Outbox>, flushed: Result<(), SessionError>, done: Done<()>) {
        let closed = outbox
            .map_or(Ok(()), |outbox| outbox.connection.sqlite.close().map_err(|(_, error)| session_error(&error)));
        self.log.close(Box::new(move |let_go| done(flushed.and(closed).and(let_go))));
    }
}

impl Session for ReplicaSession {
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError> {
        let replica = &self.0;
        let committed = {
            let mut state = replica.lock();
            if let Some(broken) = &state.broken {
                return Err(broken.clone());
            }
            if state.closing.is_some() {
                return Err(SessionError::Closed);
            }
            let outbox = state.outbox.as_mut().ok_or(SessionError::Closed)?;
            let Some(settlement) = outbox.commit(&replica.watched, body)? else { return Ok(None) };
            let sequence = outbox.end.sequence;
            replica.sequence.store(sequence, Ordering::Release);
            Committed { sequence, durable: false, flush_within: None, settlement: Some(settlement) }
        };
        replica.exchange();
        Ok(Some(committed))
    }

    fn query(&self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.0.with(|outbox| outbox.connection.query(statement, each))
    }

    fn snapshot(&self, body: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError> {
        self.0.with(|outbox| {
            body(&mut StateReader(outbox));
            Ok(())
        })
    }

    fn events(&self, from: u64, to: u64) -> Result<Vec<LoggedEvent>, SessionError> {
        self.0
            .with(|outbox| log::events(&outbox.connection.sqlite, from, to, -1).map_err(|error| session_error(&error)))
    }

    fn sequence(&self) -> u64 {
        self.0.sequence.load(Ordering::Acquire)
    }

    fn watch(&self, version: u64, tables: Vec<Arc<WatchedTable>>) {
        self.0.watched.lock().unwrap_or_else(PoisonError::into_inner).set(version, tables);
    }

    fn flush(&self, done: Done<u64>) {
        {
            let mut state = self.0.lock();
            let answer = match (&state.broken, &state.outbox) {
                (Some(broken), _) => Some(Err(broken.clone())),
                (None, None) => Some(Err(SessionError::Closed)),
                (None, Some(outbox)) if outbox.unconfirmed() == 0 => Some(Ok(self.sequence())),
                (None, Some(_)) => None,
            };
            if let Some(answer) = answer {
                drop(state);
                return done(answer);
            }
            state.waiting.push(done);
        }
        self.0.exchange();
    }

    fn close(&self, done: Done<()>) {
        {
            let mut state = self.0.lock();
            let is_idle = state.exchange.is_none();
            let has_more = state.outbox.as_ref().is_some_and(|outbox| outbox.unconfirmed() > 0);
            if is_idle && (!has_more || state.broken.is_some()) {
                let outbox = state.outbox.take();
                drop(state);
                return self.0.close(outbox, Ok(()), done);
            }
            state.closing = Some(done);
        }
        self.0.exchange();
    }
}

/// The state as it is, which nobody else changes meanwhile.
struct StateReader<'o>(&'o mut Outbox);

impl Reader for StateReader<'_> {
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.0.connection.query(statement, each)
    }
}
