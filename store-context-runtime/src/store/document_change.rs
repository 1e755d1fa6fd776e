//! [`DocumentChange`]: a change of a client document that is to be committed.

use std::fmt;

use crate::adapter::footprint::WriteSet;
use crate::adapter::session::Transaction;
use crate::engine::engine::{Abort, Engine};
use crate::host::inside::Inside;
use crate::store::context::StoreContext;
use crate::store::store::Store;

/// A change of a client document of the store `S`, for [`Store::commit_with`]. Made by
/// [`DocumentHandle::change`](crate::DocumentHandle::change).
#[must_use = "a change does nothing until `store.commit_with(..)`"]
pub struct DocumentChange<'a, S: StoreContext> {
    store: Store<S>,
    document: &'static str,
    change: Box<Change<'a>>,
}

/// Whether the document differs after.
type Change<'a> = dyn FnOnce(&Engine, &mut dyn Transaction, &mut WriteSet) -> Result<bool, Abort> + 'a;

impl<S: StoreContext> fmt::Debug for DocumentChange<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentChange").field("store", &self.store).field("document", &self.document).finish()
    }
}

impl<'a, S: StoreContext> DocumentChange<'a, S> {
    pub(crate) fn new(
        store: Store<S>,
        document: &'static str,
        change: impl FnOnce(&Engine, &mut dyn Transaction, &mut WriteSet) -> Result<bool, Abort> + 'a,
    ) -> Self {
        Self { store, document, change: Box::new(change) }
    }

    pub(crate) fn store(&self) -> &Store<S> {
        &self.store
    }

    /// Writes the change, and returns whether there was one.
    pub(crate) fn apply(self, engine: &Engine, tx: &mut dyn Transaction, writes: &mut WriteSet) -> Result<bool, Abort> {
        engine.run_foreign(Inside::UpdateClosure, || (self.change)(engine, tx, writes))
    }
}
