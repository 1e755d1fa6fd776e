//! What is said of a store's life: [`StoreState`] with the handle, [`Transition`] without.

use std::fmt;
use std::sync::Arc;

use crate::boot::BootStatus;
use crate::error::StoreError;
use crate::life::Phase;
use crate::schema::StoreContext;

/// Why a store was shut down.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShutdownCause {
    /// Nobody held it for its cache time.
    Unused,
    /// `shutdown()` was called.
    Requested,
    /// Its registry was disposed or dropped.
    Disposed,
    /// Its engine cannot go on, for example since the file is damaged.
    Broken {
        /// What the engine says.
        message: Arc<str>,
    },
}

impl ShutdownCause {
    /// How to have the store again.
    pub(crate) fn way_out(&self) -> &'static str {
        match self {
            Self::Disposed => "mount it in another `StoreRegistry`",
            Self::Unused | Self::Requested | Self::Broken { .. } => "mount it again",
        }
    }
}

impl fmt::Display for ShutdownCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unused => f.write_str("nobody held it for its cache time"),
            Self::Requested => f.write_str("`shutdown()` was called"),
            Self::Disposed => f.write_str("its registry was disposed"),
            Self::Broken { message } => write!(f, "its engine cannot go on: {message}"),
        }
    }
}

/// Where a store is in its life, with the handle of a running one.
#[non_exhaustive]
pub enum StoreState<S: StoreContext> {
    /// It loads.
    Loading(BootStatus),
    /// It runs.
    Running(S::Handle),
    /// It did not open. `retry()` loads it again.
    Error(StoreError),
    /// It is closed. Mounting it again loads it.
    Shutdown(ShutdownCause),
}

impl<S: StoreContext> StoreState<S> {
    /// The phase alone.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self {
            Self::Loading(_) => Phase::Loading,
            Self::Running(_) => Phase::Running,
            Self::Error(_) => Phase::Error,
            Self::Shutdown(_) => Phase::Shutdown,
        }
    }
}

impl<S: StoreContext> fmt::Debug for StoreState<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loading(status) => f.debug_tuple("Loading").field(status).finish(),
            Self::Running(_) => f.write_str("Running"),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
            Self::Shutdown(cause) => f.debug_tuple("Shutdown").field(cause).finish(),
        }
    }
}

/// One step in a store's life, as its observers see it. It holds no store open.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Which generation: each time the store loads is one, counted from 1.
    pub generation: u64,
    /// What it is in now.
    pub to: Step,
}

/// What a [`Transition`] leads to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// It began to load, or its load came further.
    Loading(BootStatus),
    /// It runs.
    Running,
    /// It did not open.
    Error(StoreError),
    /// It was shut down.
    Shutdown(ShutdownCause),
}

impl Step {
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
