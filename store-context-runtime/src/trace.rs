//! The spans and events that tell the story of stores to `tracing`. `docs/src/watching.md` lists them; a test holds the
//! two together. They name stores, statements and numbers, and no value that a user's program keeps.

use std::fmt;

use tracing::{Span, debug, debug_span, field, info_span, trace_span};

use crate::id::StoreName;
use crate::phase::{Phase, ShutdownCause};

/// What all of them have, so that one filter finds them.
macro_rules! target {
    () => {
        "store_context"
    };
}

pub(crate) fn mount(store: &StoreName) -> Span {
    info_span!(target: target!(), "mount", %store)
}

pub(crate) fn load(store: &StoreName, generation: u64) -> Span {
    info_span!(target: target!(), "load", %store, generation)
}

pub(crate) fn shutdown(store: &StoreName, generation: u64, cause: &ShutdownCause) -> Span {
    info_span!(target: target!(), "shutdown", %store, generation, %cause)
}

/// `sequence` is recorded when the commit is there.
pub(crate) fn commit(store: &StoreName) -> Span {
    debug_span!(target: target!(), "commit", %store, sequence = field::Empty)
}

pub(crate) fn notify(store: &StoreName, queries: usize, skipped: usize) -> Span {
    debug_span!(target: target!(), "notify", %store, queries, skipped)
}

pub(crate) fn query(store: &StoreName, label: &str, sql: &str) -> Span {
    trace_span!(target: target!(), "query", %store, label, sql)
}

/// A load came further. Told with no lock held, as to an observer: a subscriber is foreign code.
pub(crate) fn stage(store: &StoreName, generation: u64, status: &dyn fmt::Debug) {
    debug!(name: "stage", target: target!(), %store, generation, ?status);
}

/// A store is in another phase. Told as [`stage`] is.
pub(crate) fn phase(store: &StoreName, generation: u64, phase: Phase) {
    debug!(name: "phase", target: target!(), %store, generation, %phase);
}
