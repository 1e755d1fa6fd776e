//! The open store without its schema's type: transactions, queries, live queries, durability.
//!
//! Knows the session of an adapter, and neither slot nor registry: it is told what to call when the engine cannot go on.
//! What a commit acknowledged is in the log, and no lock is held while code of a user runs.

pub(crate) mod closed;
pub(crate) mod durable;
pub(crate) mod engine;
pub(crate) mod live;
pub(crate) mod open_store;
pub(crate) mod outside;
pub(crate) mod refused;
