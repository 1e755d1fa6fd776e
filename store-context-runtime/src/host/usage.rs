//! [`Usage`]: what a store was used for, counted over all its generations.

use std::time::Duration;

use crate::host::threads::{AtomicU64, Ordering};

/// Counts; written from any thread, without a lock.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    pub(crate) loads: Count,
    /// Of the last load that ended, in microseconds.
    pub(crate) load_time: Count,
    pub(crate) commits: Count,
    pub(crate) reruns: Count,
    pub(crate) skipped_reruns: Count,
}

#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn set_time(&self, time: Duration) {
        self.0.store(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
