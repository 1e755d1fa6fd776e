//! The contract with an engine: it opens a session, which runs statements and keeps the log.
//!
//! Knows schemas, statements and values as data; no engine, and nothing of the life of a store.
//! An engine needs nothing else of this crate.

pub(crate) mod adapter;
pub(crate) mod boot;
pub(crate) mod footprint;
pub(crate) mod log;
pub(crate) mod session;
pub(crate) mod settlement;
