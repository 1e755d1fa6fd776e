//! [`Generation`]: one load of a store and what it led to. It is looked at without a lock; only its slot changes it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use once_cell::sync::OnceCell;

use crate::adapter::boot::{BootStatus, OpenError};
use crate::engine::closed::{Closed, ClosedOnDrop};
use crate::engine::open_store::OpenStore;
use crate::error::StoreError;
use crate::host::signal::Signal;
use crate::host::threads::{AtomicUsize, Mutex, Ordering, lock};
use crate::host::usage::LiveQuerySnapshot;
use crate::id::StoreName;
use crate::phase::ShutdownCause;
use crate::slot::transition::State;

pub(crate) struct Generation {
    pub(crate) store: StoreName,
    pub(crate) number: u64,
    /// Handles, bound queries and suspended readers.
    holds: AtomicUsize,
    /// Set before the boot hook, which uses it.
    opened: OnceCell<Arc<OpenStore>>,
    /// How the load ended.
    outcome: OnceCell<Result<(), StoreError>>,
    /// Why it was shut down. The load's watchers have it too, since they must not keep the generation.
    ended: Arc<OnceCell<ShutdownCause>>,
    status: Mutex<BootStatus>,
    started: Duration,
    /// The load is over, one way or the other.
    loaded: Arc<Signal<()>>,
    closed: Closed,
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generation").field("store", &self.store).field("number", &self.number).finish_non_exhaustive()
    }
}

impl Generation {
    pub(crate) fn new(store: StoreName, number: u64, started: Duration) -> (Arc<Self>, ClosedOnDrop) {
        let (closed_on_drop, closed) = ClosedOnDrop::new();
        let generation = Arc::new(Self {
            store,
            number,
            holds: AtomicUsize::new(0),
            opened: OnceCell::new(),
            outcome: OnceCell::new(),
            ended: Arc::default(),
            status: Mutex::new(BootStatus::Opening),
            started,
            loaded: Signal::new(),
            closed,
        });
        (generation, closed_on_drop)
    }

    /// What a store is before it is mounted: shut down, with nothing to wait for.
    pub(crate) fn none(store: StoreName) -> Arc<Self> {
        let (generation, _) = Self::new(store, 0, Duration::ZERO);
        generation.end(ShutdownCause::Unused);
        generation.loaded.fire(());
        generation
    }

    /// What it came to. Only while it loads a lock is taken, for how far it is.
    pub(crate) fn state(&self) -> State {
        match (self.ended.get(), self.outcome.get()) {
            (Some(cause), _) => State::Shutdown(cause.clone()),
            (None, None) => State::Loading(*lock(&self.status)),
            (None, Some(Ok(()))) => State::Running,
            (None, Some(Err(error))) => State::Error(error.clone()),
        }
    }

    /// The open store; the boot hook gets it before anybody else.
    pub(crate) fn opened(&self) -> Result<&Arc<OpenStore>, StoreError> {
        match (self.ended.get(), self.outcome.get(), self.opened.get()) {
            (None, None | Some(Ok(())), Some(opened)) => Ok(opened),
            // Its boot hook failed, and gave a handle away before.
            (None, Some(Err(error)), _) => Err(error.clone()),
            _ => Err(self.shutdown_error()),
        }
    }

    /// Whether the load found no store.
    pub(crate) fn is_not_there(&self) -> bool {
        matches!(self.outcome.get(), Some(Err(StoreError::Open { cause: OpenError::NotFound { .. }, .. })))
    }

    /// A look at the live queries; none where it does not run.
    pub(crate) fn live_queries(&self) -> Vec<LiveQuerySnapshot> {
        self.opened().map(|opened| opened.live.look()).unwrap_or_default()
    }

    pub(crate) fn shutdown_error(&self) -> StoreError {
        StoreError::shutdown(&self.store, &self.ended)
    }

    pub(crate) fn ended(&self) -> &Arc<OnceCell<ShutdownCause>> {
        &self.ended
    }

    pub(crate) fn started(&self) -> Duration {
        self.started
    }

    pub(crate) fn loaded(&self) -> &Arc<Signal<()>> {
        &self.loaded
    }

    pub(crate) fn closed(&self) -> &Closed {
        &self.closed
    }

    /// Whether its file is closed, or was never opened.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_fired()
    }

    /// Its file is closed soon, on another thread.
    pub(crate) fn will_close(&self) {
        if let Some(opened) = self.opened.get() {
            opened.engine.session.will_close();
        }
    }

    /// Closes the file, if it is open; returns when this thread is done with it.
    pub(crate) fn close(&self) {
        if let Some(opened) = self.opened.get() {
            opened.close();
        }
    }

    pub(crate) fn holds(&self) -> usize {
        self.holds.load(Ordering::Acquire)
    }

    pub(crate) fn hold(&self) {
        self.holds.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether that was the last hold.
    pub(crate) fn release(&self) -> bool {
        self.holds.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

/// For the slot, which calls these under its lock.
impl Generation {
    /// Says whether the load came further.
    pub(crate) fn set_status(&self, status: BootStatus) -> bool {
        std::mem::replace(&mut *lock(&self.status), status) != status
    }

    /// For the load, before the boot hook.
    pub(crate) fn set_opened(&self, opened: Arc<OpenStore>) {
        let _ = self.opened.set(opened);
    }

    pub(crate) fn set_outcome(&self, outcome: Result<(), StoreError>) {
        let _ = self.outcome.set(outcome);
    }

    pub(crate) fn end(&self, cause: ShutdownCause) {
        let _ = self.ended.set(cause);
    }
}
