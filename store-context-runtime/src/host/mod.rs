//! What a registry's stores run on: clock, timer, threads, locks, signals, and the panics of foreign code.
//!
//! Knows nothing of stores.
//! All time comes through [`clock`] and [`timer`], all locks and atomics through [`threads`].

pub(crate) mod clock;
pub(crate) mod current;
pub(crate) mod host;
pub(crate) mod inside;
pub(crate) mod panics;
pub(crate) mod signal;
pub(crate) mod spawner;
pub(crate) mod threads;
pub(crate) mod timer;
pub(crate) mod usage;
