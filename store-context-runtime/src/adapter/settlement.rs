//! [`Settlement`]: what becomes of a commit that a shared log has still to take.

use std::fmt;
use std::sync::Arc;

use crate::adapter::log::LoggedEvent;
use crate::host::signal::{Signal, Wait};
use crate::host::threads::{AtomicU64, Ordering};

/// Why a shared log did not take a commit: what came before it, and what the materializer says of that.
pub type Refusal = Arc<str>;

/// A commit that a shared log did not take: others committed first, and it does not hold behind that.
#[derive(Clone, Debug)]
pub struct RefusedCommit {
    /// Its events, with the sequence numbers that they had.
    pub events: Vec<LoggedEvent>,
    /// What the materializer said of them behind what others committed.
    pub message: Refusal,
}

/// Where a commit stands in a log that others append to, and whether it is there for good. The engine tells, whoever has
/// the receipt asks.
pub struct Settlement {
    sequence: AtomicU64,
    settled: Arc<Signal<Result<(), Refusal>>>,
}

impl fmt::Debug for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settlement").field("sequence", &self.sequence()).finish_non_exhaustive()
    }
}

impl Settlement {
    /// Of a commit whose last event stands at this sequence number for now.
    #[must_use]
    pub fn new(sequence: u64) -> Arc<Self> {
        Arc::new(Self { sequence: AtomicU64::new(sequence), settled: Signal::new() })
    }

    /// Events of others came before it.
    pub fn moved(&self, sequence: u64) {
        self.sequence.store(sequence, Ordering::Release);
    }

    /// The log has it, where it stands; or it does not hold any more, and is gone. Called with no lock of the engine held.
    pub fn settle(&self, settled: Result<(), Refusal>) {
        self.settled.fire(settled);
    }

    pub(crate) fn sequence(&self) -> u64 {
        self.sequence.load(Ordering::Acquire)
    }

    pub(crate) fn settled(&self) -> Wait<Result<(), Refusal>> {
        self.settled.wait()
    }
}
