//! The open store itself, without its schema's type: session, live queries, durability.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::adapter::Opened;
use crate::boot::BootReport;
use crate::error::StoreError;
use crate::footprint::WriteSet;
use crate::generation::{ClosedOnDrop, Generation};
use crate::host::Host;
use crate::id::StoreName;
use crate::live::Live;
use crate::receipt::{Durable, Receipt};
use crate::reentrancy::{self, Inside};
use crate::result::{Cardinality, Collector};
use crate::session::{Committed, Reader, Session, SessionError, Transaction, Verdict};
use crate::slot::Slot;
use crate::spawn::Work;
use crate::state::ShutdownCause;
use crate::statement::Statement;
use crate::sync::{Mutex, lock};
use crate::trace;
use crate::usage::Usage;

/// An open store. Dropping it flushes and closes its file.
pub(crate) struct Core {
    pub(crate) store: StoreName,
    pub(crate) session: Box<dyn Session>,
    pub(crate) live: Live,
    pub(crate) durable: Arc<Durable>,
    pub(crate) report: BootReport,
    pub(crate) host: Arc<Host>,
    pub(crate) usage: Arc<Usage>,
    /// Told when the engine cannot go on.
    broke: Box<dyn Fn(StoreError) + Send + Sync>,
    ended: Arc<OnceCell<ShutdownCause>>,
    /// Locked while the file is closed, so that a second one to close it waits for the first.
    is_closed: Mutex<bool>,
    /// Fired when the file is closed: whoever waits to open it again may then.
    closed: ClosedOnDrop,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.close();
    }
}

/// Why a transaction's body gave up.
pub(crate) enum Abort {
    /// Nothing is to be written, which is no failure.
    Unchanged,
    Failed(StoreError),
}

impl From<StoreError> for Abort {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl Core {
    pub(crate) fn new(slot: &Arc<Slot>, generation: &Generation, opened: Opened, closed: ClosedOnDrop) -> Self {
        let store = slot.store().clone();
        let (weak, number) = (Arc::downgrade(slot), generation.number);
        let broke = move |error| {
            // Elsewhere: this may be inside a transaction or a closure, and observers are told.
            if let Some(slot) = weak.upgrade() {
                let host = Arc::clone(slot.host());
                host.spawn(Work::Upkeep, async move { slot.broke(number, error) });
            }
        };
        Self {
            durable: Arc::new(Durable::new(store.clone(), Arc::clone(slot.host()), Arc::clone(generation.ended()))),
            store,
            session: opened.session,
            live: Live::default(),
            report: opened.report,
            host: Arc::clone(slot.host()),
            usage: Arc::clone(slot.usage()),
            broke: Box::new(broke),
            ended: Arc::clone(generation.ended()),
            is_closed: Mutex::new(false),
            closed,
        }
    }

    /// Makes everything committed so far survive power loss.
    pub(crate) fn flush(&self) {
        if let Err(error) = self.session.flush()
            && !matches!(error, SessionError::InMemory | SessionError::Closed)
        {
            tracing::error!(store = %self.store, %error, "flushing a store failed");
        }
    }

    /// Flushes and closes. Whoever uses the store after gets `StoreError::Shutdown`.
    ///
    /// Called when the store is shut down, so that the file is closed then, even where a flush or a round of live
    /// queries on another thread has the core still.
    pub(crate) fn close(&self) {
        let closed = {
            let mut is_closed = lock(&self.is_closed);
            if std::mem::replace(&mut *is_closed, true) {
                return;
            }
            self.session.close()
        };
        let answer = match &closed {
            Ok(()) | Err(SessionError::InMemory) => Ok(()),
            Err(cause) => {
                tracing::error!(store = %self.store, error = %cause, "closing a store failed");
                Err(StoreError::NotDurable { store: self.store.clone(), cause: cause.clone() })
            }
        };
        self.durable.close(closed);
        self.closed.fire(answer);
    }

    /// Runs user code inside the write transaction: all or nothing, whatever it returns or throws.
    pub(crate) fn write(
        self: &Arc<Self>,
        attempted: &'static str,
        inside: Inside,
        body: impl FnOnce(&mut dyn Transaction, &mut WriteSet) -> Result<(), Abort>,
    ) -> Result<Receipt, StoreError> {
        reentrancy::refuse(&self.store, attempted)?;
        self.live.refuse_endless_rounds(&self.store)?;
        let span = trace::commit(&self.store).entered();
        let mut body = Some(body);
        let mut writes = WriteSet::default();
        let (mut aborted, mut committing) = (None, None);
        let committed = self.session.transaction(&mut |tx| {
            let Some(body) = body.take() else { return Verdict::Rollback };
            let _entered = reentrancy::enter(inside);
            let outcome = catch_unwind(AssertUnwindSafe(|| body(tx, &mut writes))).unwrap_or_else(|panic| {
                let what = if inside == Inside::Materializer { "a materializer" } else { "an `update` closure" };
                Err(StoreError::Panicked { store: self.store.clone(), what, message: panic_message(&*panic) }.into())
            });
            match outcome {
                Ok(()) => {
                    // Before the commit is visible, so that no cached result outlives what it was read from.
                    committing = Some(self.live.committing());
                    Verdict::Commit
                }
                Err(abort) => {
                    aborted = Some(abort);
                    Verdict::Rollback
                }
            }
        });
        if let Some(Abort::Failed(error)) = aborted {
            return Err(error);
        }
        match committed {
            Ok(Some(committed)) => {
                self.usage.commits.add(1);
                span.record("sequence", committed.sequence);
                self.live.changed(self, &writes, committing);
                Ok(self.receipt(committed))
            }
            Ok(None) => Ok(self.current_receipt()),
            Err(cause) => Err(self.session_error(cause, |store, cause| StoreError::Commit { store, cause })),
        }
    }

    /// The receipt of an operation that had nothing to write.
    pub(crate) fn current_receipt(self: &Arc<Self>) -> Receipt {
        self.receipt(Committed { sequence: self.session.sequence(), durable: false })
    }

    fn receipt(self: &Arc<Self>, committed: Committed) -> Receipt {
        if committed.durable {
            self.durable.reached(committed.sequence);
        }
        Receipt::new(committed.sequence, Arc::clone(&self.durable), Arc::downgrade(self))
    }

    /// Runs one query on the last committed state.
    pub(crate) fn query<K: Cardinality>(&self, statement: &Statement) -> Result<K::Output, StoreError> {
        reentrancy::refuse(&self.store, "a query")?;
        let _span = trace::query(&self.store, statement).entered();
        let mut rows = Collector::<K>::new();
        let entered = reentrancy::enter(Inside::Decoding);
        let run = self.session.query(statement, &mut |cells| rows.take(cells));
        drop(entered);
        self.finish(statement, run.map(|_| ()), rows)
    }

    /// Runs one query on a given state.
    pub(crate) fn query_on<K: Cardinality>(
        &self,
        reader: &mut dyn Reader,
        statement: &Statement,
    ) -> Result<K::Output, StoreError> {
        let _span = trace::query(&self.store, statement).entered();
        let mut rows = Collector::<K>::new();
        let _entered = reentrancy::enter(Inside::Decoding);
        let run = reader.query(statement, &mut |cells| rows.take(cells));
        self.finish(statement, run.map(|_| ()), rows)
    }

    pub(crate) fn finish<K: Cardinality>(
        &self,
        statement: &Statement,
        run: Result<(), SessionError>,
        rows: Collector<K>,
    ) -> Result<K::Output, StoreError> {
        run.map_err(|cause| {
            let sql = Arc::clone(&statement.sql);
            self.session_error(cause, |store, cause| StoreError::Query { store, sql, cause })
        })?;
        rows.finish().map_err(|cause| StoreError::Decode {
            store: self.store.clone(),
            sql: Arc::clone(&statement.sql),
            cause,
        })
    }

    pub(crate) fn shutdown_error(&self) -> StoreError {
        StoreError::shutdown(&self.store, &self.ended)
    }

    pub(crate) fn session_error(
        &self,
        cause: SessionError,
        wrap: impl FnOnce(StoreName, SessionError) -> StoreError,
    ) -> StoreError {
        match cause {
            SessionError::Closed => self.shutdown_error(),
            SessionError::Corrupt { .. } => {
                let error = wrap(self.store.clone(), cause);
                (self.broke)(error.clone());
                error
            }
            cause => wrap(self.store.clone(), cause),
        }
    }
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
