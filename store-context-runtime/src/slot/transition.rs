//! [`Transition`] and [`State`]: what observers are told of a store's life.

use crate::adapter::boot::BootStatus;
use crate::error::StoreError;
use crate::id::StoreName;
use crate::phase::{Phase, ShutdownCause};
use crate::trace;

/// One transition in a store's life, as its observers see it. It holds no store open.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Which generation: each time the store loads is one, counted from 1.
    pub generation: u64,
    /// What it is in now.
    pub to: State,
}

/// What a [`Transition`] leads to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum State {
    /// It began to load, or its load came further.
    Loading(BootStatus),
    /// It runs.
    Running,
    /// It did not open.
    Error(StoreError),
    /// It was shut down.
    Shutdown(ShutdownCause),
}

impl State {
    /// The phase alone.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self {
            Self::Loading(_) => Phase::Loading,
            Self::Running => Phase::Running,
            Self::Error(_) => Phase::Error,
            Self::Shutdown(_) => Phase::Shutdown,
        }
    }
}

impl Transition {
    /// Tells `tracing` of it.
    pub(crate) fn trace(&self, store: &StoreName) {
        match &self.to {
            State::Loading(status) => trace::stage(store, self.generation, status),
            to => trace::phase(store, self.generation, to.phase()),
        }
    }
}
