//! What an application declares and holds: the schema's trait, the store, its queries and documents, its guard.
//!
//! Knows the life that its handles hold and the engine that they use; the only room that knows a schema's type.
//! A handle of a generation that ended answers with the reason; none of them opens, closes or moves a store by itself.

pub(crate) mod context;
pub(crate) mod document_change;
pub(crate) mod document_handle;
pub(crate) mod follow;
pub(crate) mod key;
pub(crate) mod live_document;
pub(crate) mod mapped;
pub(crate) mod misplaced;
pub(crate) mod mounted;
pub(crate) mod opener;
pub(crate) mod query;
pub(crate) mod replay;
pub(crate) mod results;
pub(crate) mod select;
pub(crate) mod shutdown;
pub(crate) mod snapshot;
pub(crate) mod store;
pub(crate) mod suspend;
pub(crate) mod watch;
pub(crate) mod watchable;
