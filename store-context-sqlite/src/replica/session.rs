//! [`ReplicaSession`]: commits to the outbox at once, and takes one step with the log after the other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store_context_runtime::{
    Committed, Done, EachRow, LoggedEvent, OpenRequest, Outside, ReadSet, Reader, Replay, Session, SessionError,
    Statement, Transaction, Verdict, WatchedTable, WriteSet,
};

use crate::capture::Watched;
use crate::error::session_error;
use crate::log;
use crate::replica::outbox::{Kept, Outbox, Rebased};
use crate::replica::shared_log::{Image, LogPage, SharedLog};

/// How often a step with the log is taken anew by itself when it failed.
const REPEATS: u32 = 2;

/// An image is taken after as many events at least.
const IMAGE_EVENTS: u64 = 1_000;

/// And after one event more for each so many bytes of the last one: taking a large one holds up the page for longer.
const IMAGE_BYTES_PER_EVENT: u64 = 8 * 1024;

/// An open replica.
pub(crate) struct ReplicaSession(Arc<Replica>);

struct Replica {
    log: Arc<dyn SharedLog>,
    schema_hash: u64,
    replay: Arc<dyn Replay>,
    outside: Arc<dyn Outside>,
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
    step: Option<Step>,
    /// How many steps failed since one succeeded.
    failed: u32,
    /// A sequence number that the log is said to have reached.
    hinted: u64,
    /// Flushes that the next exchange covers.
    waiting: Vec<Done<u64>>,
    closing: Option<Done<()>>,
    image: KeptImage,
}

/// The image of the state that the log has.
#[derive(Default)]
pub(crate) struct KeptImage {
    head: u64,
    bytes: u64,
    /// Whether another one is being taken.
    is_offered: bool,
}

impl KeptImage {
    pub(crate) fn of(image: &Image) -> Self {
        Self { head: image.head, bytes: image.bytes.len() as u64, is_offered: false }
    }

    fn is_due(&self, head: u64) -> bool {
        !self.is_offered && head >= self.head + IMAGE_EVENTS.max(self.bytes / IMAGE_BYTES_PER_EVENT)
    }
}

/// Told what others changed.
type Told = Box<dyn FnOnce(&WriteSet) + Send>;

/// A step with the log that is under way.
#[derive(Default)]
struct Step {
    /// What a read is to reach.
    hinted: u64,
    /// How many commits the log is to take.
    sent: usize,
    /// Flushes that it covers.
    covered: Vec<Done<u64>>,
    /// What others changed, and who is told of it.
    changed: Option<(Told, Rebased)>,
}

/// Runs a replica that is where its log was.
pub(crate) fn run(outbox: Outbox, log: Arc<dyn SharedLog>, image: KeptImage, request: &OpenRequest) -> ReplicaSession {
    let sequence = AtomicU64::new(outbox.end.sequence);
    let state = State {
        outbox: Some(outbox),
        broken: None,
        step: None,
        failed: 0,
        hinted: 0,
        waiting: Vec::new(),
        closing: None,
        image,
    };
    let replica = Arc::new(Replica {
        log,
        schema_hash: request.schema_hash,
        replay: Arc::clone(&request.replay),
        outside: Arc::clone(&request.outside),
        watched: Mutex::default(),
        sequence,
        state: Mutex::new(state),
    });
    let weak = Arc::downgrade(&replica);
    replica.log.listen(Arc::new(move |head| {
        if let Some(replica) = weak.upgrade() {
            replica.hinted(head);
        }
    }));
    replica.offer_image();
    ReplicaSession(replica)
}

/// What is to be done next.
enum Next {
    Read { after: u64 },
    Exchange { after: u64 },
}

impl State {
    /// What to do with the log now: others first, so that what an exchange has to take up is little.
    fn next(&mut self) -> Option<Next> {
        let outbox = self.outbox.as_ref().filter(|_| self.step.is_none() && self.broken.is_none())?;
        let after = outbox.head();
        if self.hinted > after && self.closing.is_none() {
            self.step = Some(Step { hinted: std::mem::take(&mut self.hinted), ..Step::default() });
            return Some(Next::Read { after });
        }
        let has_more = outbox.unconfirmed() > 0 || !self.waiting.is_empty();
        has_more.then(|| {
            self.step = Some(Step::default());
            Next::Exchange { after }
        })
    }
}

impl Replica {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something on the state with everything that is pending.
    fn with<T>(&self, body: impl FnOnce(&mut Outbox) -> Result<T, SessionError>) -> Result<T, SessionError> {
        let mut state = self.lock();
        if let Some(broken) = &state.broken {
            return Err(broken.clone());
        }
        body(state.outbox.as_mut().ok_or(SessionError::Closed)?)
    }

    fn hinted(self: &Arc<Self>, head: u64) {
        {
            let mut state = self.lock();
            state.hinted = state.hinted.max(head);
        }
        self.go_on();
    }

    /// Takes the next step with the log, unless one is under way: what is committed meanwhile goes with that one, or the
    /// next.
    fn go_on(self: &Arc<Self>) {
        let next = self.lock().next();
        let (me, ends) = (Arc::clone(self), Arc::clone(self));
        match next {
            None => {}
            Some(Next::Read { after }) => self.log.read(after, Box::new(move |page| me.took(page))),
            Some(Next::Exchange { after }) => self.log.exchange(
                after,
                Box::new(move |others| me.rebase(others, true)),
                Box::new(move |done| ends.end(done)),
            ),
        }
    }

    fn took(self: Arc<Self>, page: Result<LogPage, SessionError>) {
        let done = page.map(|LogPage { events, .. }| {
            if events.is_empty()
                && let Some(step) = &mut self.lock().step
            {
                // There was no more to be had, whatever was said.
                step.hinted = 0;
            }
            self.rebase(events, false);
        });
        self.end(done);
    }

    /// Takes up what others appended, and gives what the log is to take. Inside the log's step, so that nobody is called.
    fn rebase(&self, others: Vec<LoggedEvent>, is_exchange: bool) -> Vec<LoggedEvent> {
        // Before the change is visible.
        let told = (!others.is_empty()).then(|| self.outside.changing());
        let mut state = self.lock();
        let state = &mut *state;
        let (Some(outbox), Some(step)) = (&mut state.outbox, &mut state.step) else { return Vec::new() };
        if is_exchange {
            step.covered = std::mem::take(&mut state.waiting);
        }
        if state.broken.is_some() {
            return Vec::new();
        }
        match outbox.rebase(&*self.replay, others) {
            Ok((events, rebased)) => {
                if is_exchange {
                    step.sent = outbox.unconfirmed();
                }
                step.changed = told.map(|told| (told, rebased));
                self.sequence.store(outbox.end.sequence, Ordering::Release);
                events
            }
            Err(error) => {
                state.broken = Some(error.of_running());
                Vec::new()
            }
        }
    }

    /// The step is over: tells everybody what came of it, with no lock held, and takes the next one.
    fn end(self: Arc<Self>, done: Result<(), SessionError>) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Step { hinted, sent, mut covered, changed } = state.step.take().unwrap_or_default();
        state.hinted = state.hinted.max(hinted);
        let mut settled = Vec::new();
        let done = done.and_then(|()| match (&state.broken, &mut state.outbox) {
            (Some(broken), _) => Err(broken.clone()),
            (None, Some(outbox)) => outbox.confirm(sent).map(|confirmed| settled = confirmed),
            (None, None) => Err(SessionError::Closed),
        });
        let broke = done.clone().err().filter(SessionError::is_fatal);
        if let Some(broke) = &broke {
            state.broken.get_or_insert_with(|| broke.clone());
        }
        state.failed = if done.is_ok() { 0 } else { state.failed + 1 };
        // After that whoever commits or flushes next tries again.
        let gives_up = broke.is_some() || state.failed > REPEATS;
        if gives_up {
            state.failed = 0;
            covered.append(&mut state.waiting);
        } else if done.is_err() {
            state.waiting.append(&mut covered);
        }
        let has_more = !gives_up
            && (!state.waiting.is_empty() || state.outbox.as_ref().is_some_and(|outbox| outbox.unconfirmed() > 0));
        let closes = if has_more { None } else { state.closing.take().map(|closing| (closing, state.outbox.take())) };
        drop(guard);
        settled.iter().for_each(|settlement| settlement.settle(Ok(())));
        if let Some((told, Rebased { writes, taken, refused })) = changed {
            taken.iter().for_each(|settlement| settlement.settle(Ok(())));
            for (settlement, commit) in refused {
                settlement.settle(Err(Arc::clone(&commit.message)));
                self.outside.refused(commit);
            }
            told(&writes);
        }
        let sequence = self.sequence.load(Ordering::Acquire);
        for flushed in covered {
            flushed(done.clone().map(|()| sequence));
        }
        if let Some(broke) = broke {
            self.outside.broke(broke);
        }
        if let Some((closing, outbox)) = closes {
            self.close(outbox, done, closing);
        } else if !gives_up {
            self.go_on();
            // Whoever appends looks after the image, and not everybody who reads.
            if sent > 0 {
                self.offer_image();
            }
        }
    }

    fn close(&self, outbox: Option<Outbox>, flushed: Result<(), SessionError>, done: Done<()>) {
        let closed = outbox
            .map_or(Ok(()), |outbox| outbox.connection.sqlite.close().map_err(|(_, error)| session_error(&error)));
        self.log.close(Box::new(move |let_go| done(flushed.and(closed).and(let_go))));
    }

    /// Lets the log take an image of the state when it has time, where the one that it has is old.
    fn offer_image(self: &Arc<Self>) {
        {
            let mut state = self.lock();
            let State { outbox: Some(outbox), image, step: None, broken: None, .. } = &mut *state else { return };
            if !outbox.is_settled() || !image.is_due(outbox.head()) {
                return;
            }
            image.is_offered = true;
        }
        let weak = Arc::downgrade(self);
        self.log.keep_image(self.schema_hash, Box::new(move |kept| weak.upgrade()?.take_image(kept)));
    }

    /// The state as bytes, unless something of it is not in the log, or the image that the log has is new enough.
    fn take_image(&self, kept: Option<u64>) -> Option<Image> {
        let mut state = self.lock();
        let State { outbox, image, broken: None, .. } = &mut *state else { return None };
        image.is_offered = false;
        image.head = kept.unwrap_or(0);
        let outbox = outbox.as_mut().filter(|outbox| outbox.is_settled() && image.is_due(outbox.head()))?;
        match outbox.connection.sqlite.serialize("main") {
            Ok(bytes) => {
                let taken = Image { head: outbox.end.sequence, bytes: bytes.to_vec() };
                *image = KeptImage::of(&taken);
                Some(taken)
            }
            Err(error) => {
                tracing::warn!(%error, "no image of the state could be taken");
                None
            }
        }
    }
}

impl Session for ReplicaSession {
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError> {
        let replica = &self.0;
        let (sequence, settlement) = {
            let mut state = replica.lock();
            if let Some(broken) = &state.broken {
                return Err(broken.clone());
            }
            if state.closing.is_some() {
                return Err(SessionError::Closed);
            }
            let outbox = state.outbox.as_mut().ok_or(SessionError::Closed)?;
            let settlement = match outbox.commit(&replica.watched, body)? {
                Kept::Nothing => return Ok(None),
                Kept::Here => None,
                Kept::Pending(settlement) => Some(settlement),
            };
            let sequence = outbox.end.sequence;
            replica.sequence.store(sequence, Ordering::Release);
            (sequence, settlement)
        };
        replica.go_on();
        Ok(Some(Committed { sequence, durable: false, flush_within: None, settlement }))
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
        self.0.go_on();
    }

    fn close(&self, done: Done<()>) {
        {
            let mut state = self.0.lock();
            let is_idle = state.step.is_none();
            let has_more = state.outbox.as_ref().is_some_and(|outbox| outbox.unconfirmed() > 0);
            if is_idle && (!has_more || state.broken.is_some()) {
                let outbox = state.outbox.take();
                // What is pending then is lost, and whoever waits for it hears why.
                let flushed = state.broken.clone().map_or(Ok(()), Err);
                drop(state);
                return self.0.close(outbox, flushed, done);
            }
            state.closing = Some(done);
        }
        self.0.go_on();
    }
}

/// The state as it is, which nobody else changes meanwhile.
struct StateReader<'o>(&'o mut Outbox);

impl Reader for StateReader<'_> {
    fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        self.0.connection.query(statement, each)
    }
}
