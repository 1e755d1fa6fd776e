//! [`Generation`]: one load of a store and what it led to. It is looked at without a lock; only its slot changes it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use once_cell::sync::OnceCell;

use crate::boot::BootStatus;
use crate::core::Core;
use crate::error::StoreError;
use crate::id::StoreName;
use crate::signal::Signal;
use crate::state::{ShutdownCause, Step};
use crate::sync::{AtomicUsize, Mutex, Ordering, lock};

/// Fires when the file is closed, with what its last flush met with.
pub(crate) type Closed = Arc<Signal<Result<(), StoreError>>>;

pub(crate) struct Generation {
    pub(crate) store: StoreName,
    pub(crate) number: u64,
    /// Handles, bound queries and suspended readers.
    holds: AtomicUsize,
    /// The open engine; set before the boot hook, which uses it.
    core: OnceCell<Arc<Core>>,
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

/// Fires that a file is closed when it is dropped, if nobody did before: where nothing was opened, nothing is open.
pub(crate) struct ClosedOnDrop(Closed);

impl ClosedOnDrop {
    pub(crate) fn fire(&self, closed: Result<(), StoreError>) {
        self.0.fire(closed);
    }
}

impl Drop for ClosedOnDrop {
    fn drop(&mut self) {
        self.fire(Ok(()));
    }
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generation").field("store", &self.store).field("number", &self.number).finish_non_exhaustive()
    }
}

impl Generation {
    pub(crate) fn new(store: StoreName, number: u64, started: Duration) -> (Arc<Self>, ClosedOnDrop) {
        let closed = Signal::new();
        let generation = Arc::new(Self {
            store,
            number,
            holds: AtomicUsize::new(0),
            core: OnceCell::new(),
            outcome: OnceCell::new(),
            ended: Arc::default(),
            status: Mutex::new(BootStatus::Opening),
            started,
            loaded: Signal::new(),
            closed: Arc::clone(&closed),
        });
        (generation, ClosedOnDrop(closed))
    }

    /// What a store is before it is mounted: shut down, with nothing to wait for.
    pub(crate) fn none(store: StoreName) -> Arc<Self> {
        let (generation, _) = Self::new(store, 0, Duration::ZERO);
        generation.end(ShutdownCause::Unused);
        generation.loaded.fire(());
        generation
    }

    /// What it came to. Only while it loads a lock is taken, for how far it is.
    pub(crate) fn step(&self) -> Step {
        match (self.ended.get(), self.outcome.get()) {
            (Some(cause), _) => Step::Shutdown(cause.clone()),
            (None, None) => Step::Loading(*lock(&self.status)),
            (None, Some(Ok(()))) => Step::Running,
            (None, Some(Err(error))) => Step::Error(error.clone()),
        }
    }

    /// The open store; the boot hook gets it before anybody else.
    pub(crate) fn core(&self) -> Result<&Arc<Core>, StoreError> {
        match (self.ended.get(), self.outcome.get(), self.core.get()) {
            (None, None | Some(Ok(())), Some(core)) => Ok(core),
            // Its boot hook failed, and gave a handle away before.
            (None, Some(Err(error)), _) => Err(error.clone()),
            _ => Err(self.shutdown_error()),
        }
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

    /// Closes the file, if it is open; returns when this thread is done with it.
    pub(crate) fn close(&self) {
        if let Some(core) = self.core.get() {
            core.close();
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
    pub(crate) fn set_core(&self, core: Arc<Core>) {
        let _ = self.core.set(core);
    }

    pub(crate) fn set_outcome(&self, outcome: Result<(), StoreError>) {
        let _ = self.outcome.set(outcome);
    }

    pub(crate) fn end(&self, cause: ShutdownCause) {
        let _ = self.ended.set(cause);
    }
}
