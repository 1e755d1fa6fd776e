//! Live queries: which of them a commit can have changed, and the rounds that tell their subscribers.
//!
//! Knows the engine that queries run on, and not the store that opened it.
//! One thread at a time runs the rounds of a store, with no lock held, so that every subscriber sees states in order.

pub(crate) mod index;
pub(crate) mod list;
pub(crate) mod node;
pub(crate) mod query;
pub(crate) mod rounds;
pub(crate) mod subscribe;
pub(crate) mod subscription;
