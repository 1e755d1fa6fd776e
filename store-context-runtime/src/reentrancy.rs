//! Refuses what would wait for itself: a store used by code that runs inside a store's transaction.
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

pub(crate) fn refuse(store: &StoreName, attempted: &'static str) -> Result<(), StoreError> {
    let (inside, instead) = match INSIDE.with(Cell::get) {
        None => return Ok(()),
        Some(Inside::Materializer) => ("a materializer", "use the transaction `tx` that it is given"),
        Some(Inside::UpdateClosure) => ("an `update` closure", "do it before or after the update"),
        Some(Inside::Decoding) => ("the decoding of a row", "decode from the row alone"),
        Some(Inside::ReadClosure) => ("a `read` closure", "use the snapshot that it is given"),
    };
    Err(StoreError::Reentrant { store: store.clone(), attempted, inside, instead })
}
