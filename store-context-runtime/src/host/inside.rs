//! [`Inside`] and [`Waiter`]: which foreign code the calling thread runs just now.

use std::cell::Cell;

use crate::host::threads::thread_local;

/// Which user code is running inside a store operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    Materializer,
    UpdateClosure,
    ReadClosure,
    Decoding,
    Upcasting,
}

impl Inside {
    /// It in words.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Materializer => "a materializer",
            Self::UpdateClosure => "an `update` closure",
            Self::Decoding => "the decoding of a row",
            Self::Upcasting => "an `upcast_from` function",
            Self::ReadClosure => "a `read` closure",
        }
    }
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

/// Which user code the calling thread runs inside a store operation, if any.
pub(crate) fn now() -> Option<Inside> {
    INSIDE.with(Cell::get)
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

/// The foreign code for which the calling thread may not wait, if any.
pub(crate) fn waiter() -> Option<Waiter> {
    WAITER.with(Cell::get)
}
