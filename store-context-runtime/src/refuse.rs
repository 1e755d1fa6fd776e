//! Refuses what would wait for itself: a store used by code that runs inside a store's transaction, and waiting in code
//! that others wait for.
//!
//! The rule covers all stores of a thread: two that wait for each other would not be seen by one store alone.

use crate::error::StoreError;
use crate::host::inside::{self, Inside, Waiter};
use crate::id::StoreName;

/// Refuses to wait for a load, or for what only a load may end: the closing of a store that is loading is one.
pub(crate) fn waiting_for_load(store: &StoreName, attempted: &'static str) -> Result<(), StoreError> {
    waiting(store, attempted, &[Waiter::BootHook, Waiter::Observer])
}

/// Refuses to wait for a flush.
pub(crate) fn waiting_for_flush(store: &StoreName) -> Result<(), StoreError> {
    waiting(store, "waiting for durability", &[Waiter::Observer])
}

fn waiting(store: &StoreName, attempted: &'static str, whom: &[Waiter]) -> Result<(), StoreError> {
    reentrant(store, attempted)?;
    let (inside, why, instead) = match inside::waiter().filter(|waiter| whom.contains(waiter)) {
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

/// Refuses to use a store inside code that a store runs.
pub(crate) fn reentrant(store: &StoreName, attempted: &'static str) -> Result<(), StoreError> {
    let Some(inside) = inside::now() else { return Ok(()) };
    let instead = match inside {
        Inside::Materializer => "use the transaction `tx` that it is given",
        Inside::UpdateClosure => "do it before or after the update",
        Inside::Decoding => "decode from the row alone",
        Inside::Upcasting => "make the event from the older one alone",
        Inside::ReadClosure => "use the snapshot that it is given",
    };
    let inside = inside.what();
    let why = "it would wait for itself";
    Err(StoreError::Reentrant { store: store.clone(), attempted, inside, why, instead })
}
