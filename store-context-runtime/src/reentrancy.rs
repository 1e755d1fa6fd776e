//! Refuses what would wait for itself: a store used by code that runs inside a store's transaction, and waiting in code
//! that others wait for.
//!
//! The rule covers all stores of a thread: two that wait for each other would not be seen by one store alone.

use std::cell::Cell;

use crate::error::StoreError;
use crate::id::StoreName;
use crate::sync::thread_local;

/// Which user code is running inside a store operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    Materializer,
    UpdateClosure,
    ReadClosure,
    Decoding,
    Upcasting,
}

thread_local! {
    static INSIDE: Cell<Option<Inside>> = const { Cell::new(None) };
}

/// While it lives, every store operation of this thread is refused.
pub(crate) struct Entered {
    before: Option<Inside>,
}

pub(crate) fn enter(inside: Inside) -> Entered {
    Entered { before: INSIDE.with(|now| now.replace(Some(inside))) }
}

impl Drop for Entered {
    fn drop(&mut self) {
        INSIDE.with(|now| now.set(self.before));
    }
}

/// Foreign code that runs on a thread which others wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiter {
    /// On a thread that loads stores: one that waits for another load may wait for itself.
    BootHook,
    /// On any thread of the library, and before what it observes is over.
    Observer,
}

thread_local! {
    static WAITER: Cell<Option<Waiter>> = const { Cell::new(None) };
}

/// While it lives, waiting on this thread is refused.
pub(crate) struct NoWaiting {
    before: Option<Waiter>,
}

pub(crate) fn forbid_waiting(waiter: Waiter) -> NoWaiting {
    NoWaiting { before: WAITER.with(|now| now.replace(Some(waiter))) }
}

impl Drop for NoWaiting {
    fn drop(&mut self) {
        WAITER.with(|now| now.set(self.before));
    }
}

/// Refuses to wait for a load, or for what only a load may end: the closing of a store that is loading is one.
pub(crate) fn refuse_waiting_for_load(store: &StoreName, attempted: &'static str) -> Result<(), StoreError> {
    refuse_waiting(store, attempted, &[Waiter::BootHook, Waiter::Observer])
}

/// Refuses to wait for a flush.
pub(crate) fn refuse_waiting_for_flush(store: &StoreName) -> Result<(), StoreError> {
    refuse_waiting(store, "waiting for durability", &[Waiter::Observer])
}

fn refuse_waiting(store: &StoreName, attempted: &'static str, whom: &[Waiter]) -> Result<(), StoreError> {
    refuse(store, attempted)?;
    let (inside, why, instead) = match WAITER.with(Cell::get).filter(|waiter| whom.contains(waiter)) {
        None => return Ok(()),
        Some(Waiter::BootHook) => (
            "a boot hook",
            "loads need the thread it runs on",
            "wait before this store is mounted and give the hook the handle, or look with `read()`",
        ),
        Some(Waiter::Observer) => (
            "an observer",
            "others wait until it returns",
            "wait on a thread or in a task of your own, or look with `read()`",
        ),
    };
    Err(StoreError::Reentrant { store: store.clone(), attempted, inside, why, instead })
}

pub(crate) fn refuse(store: &StoreName, attempted: &'static str) -> Result<(), StoreError> {
    let (inside, instead) = match INSIDE.with(Cell::get) {
        None => return Ok(()),
        Some(Inside::Materializer) => ("a materializer", "use the transaction `tx` that it is given"),
        Some(Inside::UpdateClosure) => ("an `update` closure", "do it before or after the update"),
        Some(Inside::Decoding) => ("the decoding of a row", "decode from the row alone"),
        Some(Inside::Upcasting) => ("an `upcast_from` function", "make the event from the older one alone"),
        Some(Inside::ReadClosure) => ("a `read` closure", "use the snapshot that it is given"),
    };
    let why = "it would wait for itself";
    Err(StoreError::Reentrant { store: store.clone(), attempted, inside, why, instead })
}
