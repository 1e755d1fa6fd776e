//! A store that is one of several replicas of a log: each has the whole state in memory, and its own commits are there at
//! once. The log takes events of one replica at a time, so it has the order that all of them come to.
//!
//! Knows SQLite and no log: [`SharedLog`](shared_log::SharedLog) is what a log has to do.

pub(crate) mod boot;
pub(crate) mod outbox;
pub(crate) mod session;
pub(crate) mod session_documents;
pub(crate) mod shared_log;
