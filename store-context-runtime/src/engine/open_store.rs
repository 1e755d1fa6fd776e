//! [`OpenStore`]: a store while its file is open. It commits, and closes.

use std::fmt;
use std::sync::Arc;

use crate::adapter::boot::{BootReport, Persistence};
use crate::adapter::footprint::WriteSet;
use crate::adapter::session::{Committed, SessionError, Transaction, Verdict};
use crate::engine::closed::ClosedOnDrop;
use crate::engine::durable::{Durable, Receipt};
use crate::engine::engine::{Abort, Engine};
use crate::engine::live::rounds::Live;
use crate::engine::refused::Refused;
use crate::error::StoreError;
use crate::host::inside::Inside;
use crate::host::threads::{Mutex, lock};
use crate::{refuse, trace};

/// An open store. Dropping it flushes and closes its file.
pub(crate) struct OpenStore {
    pub(crate) engine: Arc<Engine>,
    pub(crate) live: Arc<Live>,
    durable: Arc<Durable>,
    pub(crate) refused: Arc<Refused>,
    pub(crate) report: BootReport,
    pub(crate) persistence: Persistence,
    /// Locked while the file is closed, so that a second one to close it waits for the first.
    is_closed: Mutex<bool>,
    /// Fired when the file is closed: whoever waits to open it again may then.
    closed: Arc<ClosedOnDrop>,
}

impl fmt::Debug for OpenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenStore").field("store", &self.engine.store).finish_non_exhaustive()
    }
}

/// Who is told that a store is closed.
struct End {
    engine: Arc<Engine>,
    live: Arc<Live>,
    durable: Arc<Durable>,
    /// What is refused while the store closes is told too.
    _refused: Arc<Refused>,
    closed: Arc<ClosedOnDrop>,
}

impl End {
    fn tell(self, closed: Result<(), SessionError>) {
        let answer = match &closed {
            Ok(()) | Err(SessionError::InMemory) => Ok(()),
            Err(cause) => {
                tracing::error!(store = %self.engine.store, error = %cause, "closing a store failed");
                Err(StoreError::NotDurable { store: self.engine.store.clone(), cause: cause.clone() })
            }
        };
        self.durable.close(closed);
        self.live.end(self.engine.shutdown_error());
        self.closed.fire(answer);
    }
}

/// Closing a session, which may end before the call for it returns, or later. Everybody is told with no lock held.
enum Ending {
    Called,
    Closed(Result<(), SessionError>),
    Returned(End),
}

impl Ending {
    fn closed(ending: &Mutex<Self>, closed: Result<(), SessionError>) {
        let mut ending = lock(ending);
        if let Self::Returned(end) = std::mem::replace(&mut *ending, Self::Closed(closed.clone())) {
            drop(ending);
            end.tell(closed);
        }
    }

    fn returned(ending: &Mutex<Self>, end: End) {
        let mut ending = lock(ending);
        match std::mem::replace(&mut *ending, Self::Called) {
            Self::Closed(closed) => {
                drop(ending);
                end.tell(closed);
            }
            _ => *ending = Self::Returned(end),
        }
    }
}

impl Drop for OpenStore {
    fn drop(&mut self) {
        self.close();
    }
}

impl OpenStore {
    pub(crate) fn new(engine: Engine, report: BootReport, persistence: Persistence, closed: ClosedOnDrop) -> Self {
        let engine = Arc::new(engine);
        Self {
            live: Arc::new(Live::new(Arc::clone(&engine))),
            durable: Arc::new(Durable::new(Arc::clone(&engine))),
            refused: Arc::new(Refused::new(engine.store.clone())),
            engine,
            report,
            persistence,
            is_closed: Mutex::new(false),
            closed: Arc::new(closed),
        }
    }

    /// Flushes and closes. Whoever uses the store after gets `StoreError::Shutdown`.
    ///
    /// Called when the store is shut down, so that the file is closed then, even where a flush or a round of live
    /// queries on another thread has the engine still.
    pub(crate) fn close(&self) {
        let end = End {
            engine: Arc::clone(&self.engine),
            live: Arc::clone(&self.live),
            durable: Arc::clone(&self.durable),
            _refused: Arc::clone(&self.refused),
            closed: Arc::clone(&self.closed),
        };
        let ending = Arc::new(Mutex::new(Ending::Called));
        let told = Arc::clone(&ending);
        {
            let mut is_closed = lock(&self.is_closed);
            if std::mem::replace(&mut *is_closed, true) {
                return;
            }
            self.engine.session.close(Box::new(move |closed| Ending::closed(&told, closed)));
        }
        Ending::returned(&ending, end);
    }

    /// Runs materializers, and what else the body runs, inside the write transaction: all or nothing, whatever they return
    /// or throw.
    pub(crate) fn write(
        &self,
        attempted: &'static str,
        body: impl FnOnce(&mut dyn Transaction, &mut WriteSet) -> Result<(), Abort>,
    ) -> Result<Receipt, StoreError> {
        refuse::reentrant(&self.engine.store, attempted)?;
        self.live.refuse_endless_rounds()?;
        let span = trace::commit(&self.engine.store).entered();
        let mut body = Some(body);
        let mut writes = WriteSet::default();
        let (mut aborted, mut committing) = (None, None);
        let committed = self.engine.session.transaction(&mut |tx| {
            let Some(body) = body.take() else { return Verdict::Rollback };
            let outcome = self.engine.run_foreign(Inside::Materializer, || body(tx, &mut writes));
            match outcome {
                Ok(()) => {
                    tx.changes().into_iter().for_each(|changes| writes.set_changes(changes));
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
                self.engine.usage.commits.add(1);
                span.record("sequence", committed.sequence);
                self.live.changed(&writes, committing);
                Ok(self.receipt(committed))
            }
            Ok(None) => Ok(self.current_receipt()),
            Err(cause) => Err(self.engine.commit_error(cause)),
        }
    }

    /// The receipt of an operation that had nothing to write.
    pub(crate) fn current_receipt(&self) -> Receipt {
        Receipt::new(self.engine.session.sequence(), None, Arc::clone(&self.durable))
    }

    fn receipt(&self, committed: Committed) -> Receipt {
        if committed.durable {
            self.durable.reached(committed.sequence);
        }
        if let Some(time) = committed.flush_within {
            self.durable.flush_within(time);
        }
        Receipt::new(committed.sequence, committed.settlement, Arc::clone(&self.durable))
    }
}
