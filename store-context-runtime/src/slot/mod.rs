//! One store through its generations: it loads, runs, fails, is held, is let go and ends.
//!
//! Knows the open store of a generation, and of the schema only what an opener does.
//! `Slot::transition` alone moves a store from phase to phase; nothing foreign runs under its lock.

pub(crate) mod cache_time;
pub(crate) mod ending;
pub(crate) mod generation;
pub(crate) mod hold;
pub(crate) mod life;
pub(crate) mod loading;
pub(crate) mod observe;
pub(crate) mod slot;
pub(crate) mod transition;
