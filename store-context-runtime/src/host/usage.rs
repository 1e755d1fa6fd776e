//! [`Usage`]: what a store was used for, counted over all its generations. [`LiveQuerySnapshot`]: for what it is used now.

use std::sync::Arc;
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

/// One live query of a [`StoreSnapshot`](crate::StoreSnapshot): what somebody subscribes to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LiveQuerySnapshot {
    /// The accessor that it comes from, or what [`BoundQuery::label`](crate::BoundQuery::label) says.
    pub label: &'static str,
    /// Its statement.
    pub sql: Arc<str>,
    /// How many subscribe to it.
    pub subscribers: usize,
    /// How often it ran.
    pub runs: u64,
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
