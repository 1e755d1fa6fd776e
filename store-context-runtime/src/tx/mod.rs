//! What a materializer writes with: rows of tables, and the stored form of client documents.
//!
//! Knows a transaction of an adapter and statements; neither the store nor whether it commits or replays.
//! What a statement wrote is in the write set, or the statement left nothing behind.

pub(crate) mod error;
pub(crate) mod stored_document;
pub(crate) mod table;
pub(crate) mod tx;
