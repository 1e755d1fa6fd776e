//! [`Receipt`]: what a commit acknowledges, and when it survives power loss.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;

use crate::adapter::session::SessionError;
use crate::adapter::settlement::Settlement;
use crate::engine::engine::Engine;
use crate::error::StoreError;
use crate::host::spawner::Work;
use crate::host::threads::{AtomicBool, AtomicU64, Mutex, Ordering, lock};
use crate::refuse;

/// Acknowledges a commit.
///
/// It holds nothing open: a store that closes flushes first, and answers the receipts still waiting.
#[derive(Clone)]
pub struct Receipt {
    sequence: u64,
    /// Of a commit that a shared log has still to take.
    settlement: Option<Arc<Settlement>>,
    durable: Arc<Durable>,
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt").field("sequence", &self.sequence()).finish_non_exhaustive()
    }
}

impl Receipt {
    pub(crate) fn new(sequence: u64, settlement: Option<Arc<Settlement>>, durable: Arc<Durable>) -> Self {
        Self { sequence, settlement, durable }
    }

    /// The position in the log of the commit's last event, counted from 1. Where the log is shared with other tabs or
    /// devices, it is where the commit stands now, and final once it is [durable](Self::durable).
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.settlement.as_ref().map_or(self.sequence, |settlement| settlement.sequence())
    }

    /// Waits until the commit survives power loss. One flush serves all receipts that wait for one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> { futures::executor::block_on(async {
    /// # let directory = tempfile::tempdir()?;
    /// let store = Project::open(Sqlite::in_dir(directory.path())).await?;
    /// let receipt = store.commit(ProjectEvent::IssueCreated { id: "1".into(), title: "First".into() })?;
    /// receipt.durable().await?;
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::NotDurable`] when the store is in memory or the disk refuses; [`StoreError::Reentrant`] inside a
    /// materializer, an `update` closure, a `read` closure or an observer, where the flush would wait for the caller;
    /// [`StoreError::Refused`] where the log is shared, others were first, and the commit does not hold any more.
    pub async fn durable(&self) -> Result<(), StoreError> {
        refuse::waiting_for_flush(&self.durable.engine.store)?;
        let Some(settlement) = &self.settlement else {
            return match self.durable.wait(self.sequence) {
                None => Ok(()),
                Some(answer) => self.answered(answer).await,
            };
        };
        let settled = match settlement.settled().now_or_never() {
            Some(settled) => settled,
            None => {
                self.answered(self.durable.ask()).await?;
                settlement.settled().await
            }
        };
        settled.map_err(|message| StoreError::Refused { store: self.durable.engine.store.clone(), message })
    }

    async fn answered(&self, answer: oneshot::Receiver<Answer>) -> Answer {
        answer.await.unwrap_or_else(|oneshot::Canceled| Err(self.durable.engine.shutdown_error()))
    }
}

/// Flushes when it is dropped: by upkeep, or by whoever drops upkeep's work.
struct Flushing(Arc<Durable>);

impl Drop for Flushing {
    fn drop(&mut self) {
        self.0.flush();
    }
}

/// A flush that is due by itself, until it comes or whoever was to do it is dropped.
struct Due(Weak<Durable>);

impl Drop for Due {
    fn drop(&mut self) {
        if let Some(durable) = self.0.upgrade() {
            durable.is_due.store(false, Ordering::Release);
        }
    }
}

type Answer = Result<(), StoreError>;

/// Wakes whoever waits; with no lock held, since a waker may come back at once.
fn answer_all(waiting: Vec<oneshot::Sender<Answer>>, answer: &Answer) {
    for waiter in waiting {
        let _ = waiter.send(answer.clone());
    }
}

/// How far a store survives power loss, and who waits for more.
pub(crate) struct Durable {
    engine: Arc<Engine>,
    /// Every event up to this sequence number survives power loss.
    reached: AtomicU64,
    /// Whether a flush is due by itself.
    is_due: AtomicBool,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    answers: Vec<oneshot::Sender<Answer>>,
    flushing: bool,
    closed: Option<Answer>,
}

impl Durable {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine, reached: AtomicU64::new(0), is_due: AtomicBool::new(false), waiting: Mutex::default() }
    }

    pub(crate) fn reached(&self, sequence: u64) {
        self.reached.fetch_max(sequence, Ordering::AcqRel);
    }

    /// `None` when the event is durable already.
    fn wait(self: &Arc<Self>, sequence: u64) -> Option<oneshot::Receiver<Answer>> {
        if self.reached.load(Ordering::Acquire) >= sequence { None } else { Some(self.ask()) }
    }

    /// Asks for a flush of what is committed by now.
    fn ask(self: &Arc<Self>) -> oneshot::Receiver<Answer> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = lock(&self.waiting);
        if let Some(closed) = waiting.closed.clone() {
            // Nobody polls the receiver yet, so no waker runs under the lock.
            let _ = sender.send(closed);
            return receiver;
        }
        waiting.answers.push(sender);
        let is_flushing = std::mem::replace(&mut waiting.flushing, true);
        drop(waiting);
        if !is_flushing {
            self.flush_soon();
        }
        receiver
    }

    fn flush_soon(self: &Arc<Self>) {
        let flushing = Flushing(Arc::clone(self));
        self.engine.host.spawn(Work::Upkeep, async move { drop(flushing) });
    }

    /// Flushes once this time has passed, together with all that is committed until then.
    pub(crate) fn flush_within(self: &Arc<Self>, time: Duration) {
        if self.is_due.swap(true, Ordering::AcqRel) {
            return;
        }
        let (due, timer) = (Due(Arc::downgrade(self)), Arc::clone(&self.engine.host.timer));
        self.engine.host.spawn(Work::Upkeep, async move {
            timer.sleep(time).await;
            // A store that is closed flushed then.
            if let Some(durable) = due.0.upgrade() {
                // Before the flush: what is committed from here on needs another.
                drop(due);
                durable.flush_due(time);
            }
        });
    }

    /// A flush that is tried again after this time where the file is busy.
    fn flush_due(self: &Arc<Self>, time: Duration) {
        let me = Arc::clone(self);
        self.engine.session.flush(Box::new(move |flushed| {
            if flushed == Err(SessionError::Closed) {
                return;
            }
            if let Err(error) = me.answer(flushed) {
                tracing::error!(store = %me.engine.store, %error, "flushing a store failed");
                if error.is_retryable() {
                    me.flush_within(time);
                }
            }
        }));
    }

    /// Flushes for those who wait.
    fn flush(self: &Arc<Self>) {
        let answers = {
            let mut waiting = lock(&self.waiting);
            let answers = std::mem::take(&mut waiting.answers);
            waiting.flushing = !answers.is_empty();
            answers
        };
        if !answers.is_empty() {
            // Whoever waits here committed before the flush began, so the flush covers its commit.
            let me = Arc::clone(self);
            self.engine.session.flush(Box::new(move |flushed| me.flushed(answers, flushed)));
        }
    }

    fn flushed(self: &Arc<Self>, answers: Vec<oneshot::Sender<Answer>>, flushed: Result<u64, SessionError>) {
        if flushed == Err(SessionError::Closed) {
            // Closing flushed; its answer is there, or comes and finds those who wait.
            let mut waiting = lock(&self.waiting);
            waiting.flushing = false;
            match waiting.closed.clone() {
                None => waiting.answers.extend(answers),
                Some(closed) => {
                    drop(waiting);
                    answer_all(answers, &closed);
                }
            }
            return;
        }
        let answer = self.answer(flushed);
        answer_all(answers, &answer);
        let is_waited_for = {
            let mut waiting = lock(&self.waiting);
            waiting.flushing = !waiting.answers.is_empty();
            waiting.flushing
        };
        if is_waited_for {
            self.flush_soon();
        }
    }

    fn answer(&self, flushed: Result<u64, SessionError>) -> Answer {
        match flushed {
            Ok(sequence) => {
                self.reached(sequence);
                Ok(())
            }
            Err(cause) => Err(self.engine.session_error(cause, |store, cause| StoreError::NotDurable { store, cause })),
        }
    }

    /// Answers everybody, now and later, with how closing ended.
    pub(crate) fn close(&self, closed: Result<(), SessionError>) {
        let answer = self.answer(closed.map(|()| u64::MAX));
        let answers = {
            let mut waiting = lock(&self.waiting);
            waiting.closed = Some(answer.clone());
            std::mem::take(&mut waiting.answers)
        };
        answer_all(answers, &answer);
    }
}
