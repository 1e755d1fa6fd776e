//! [`Phase`] and [`ShutdownCause`]: where a store is in its life, and why it ended, as plain data.

use std::fmt;
use std::sync::Arc;

/// Where a store is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It is opened, migrated, replayed and booted.
    Loading,
    /// It answers.
    Running,
    /// It did not open.
    Error,
    /// It is closed, or was never mounted.
    Shutdown,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loading => "loading",
            Self::Running => "running",
            Self::Error => "in error",
            Self::Shutdown => "shut down",
        })
    }
}

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
