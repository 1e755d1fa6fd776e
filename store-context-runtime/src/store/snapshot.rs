//! [`Snapshot`]: several queries on one state of a store.

use std::fmt;

use crate::adapter::session::Reader;
use crate::engine::engine::Engine;
use crate::error::StoreError;
use crate::host::inside::{self, Inside};
use crate::refuse;
use crate::row::cardinality::Cardinality;
use crate::schema::document::Document;
use crate::store::context::StoreContext;
use crate::store::document_handle::DocumentHandle;
use crate::store::query::AsQuery;
use crate::store::store::Store;

impl<S: StoreContext> Store<S> {
    /// Runs several queries on one snapshot: no commit comes between them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// let (total, todo) = store.read(|snap| -> Result<_, StoreError> {
    ///     Ok((snap.get(&store.total())?, snap.get(&store.by_status(Status::Todo, 20))?))
    /// })??;
    /// assert_eq!(total, 1);
    /// assert_eq!(todo.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no snapshot can be taken, or the caller is inside a materializer, an `update` closure or another `read`.
    ///
    /// # Panics
    /// Only where the closure does.
    pub fn read<T>(&self, body: impl FnOnce(&mut Snapshot<'_, S>) -> T) -> Result<T, StoreError> {
        let engine = &self.opened()?.engine;
        refuse::reentrant(&engine.store, "a read")?;
        let mut body = Some(body);
        let mut result = None;
        let taken = engine.session.snapshot(&mut |reader| {
            let _entered = inside::enter(Inside::ReadClosure);
            result = body.take().map(|body| body(&mut Snapshot { store: self, engine, reader }));
        });
        let failed =
            |cause| engine.session_error(cause, |store, cause| StoreError::Query { store, sql: "BEGIN".into(), cause });
        taken.map_err(failed)?;
        result.ok_or_else(|| engine.shutdown_error())
    }
}

/// One state of a store, for [`Store::read`].
pub struct Snapshot<'r, S: StoreContext> {
    store: &'r Store<S>,
    engine: &'r Engine,
    reader: &'r mut dyn Reader,
}

impl<S: StoreContext> fmt::Debug for Snapshot<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("store", self.store).finish_non_exhaustive()
    }
}

impl<S: StoreContext> Snapshot<'_, S> {
    /// The result of a query or a table of this store, on this snapshot.
    ///
    /// # Errors
    /// When the query fails, or belongs to another store.
    pub fn get<Q: AsQuery<S>>(&mut self, query: &Q) -> Result<<Q::Kind as Cardinality>::Output, StoreError> {
        let query = query.as_query();
        if !query.store().is_same(self.store) {
            let (store, owner) = (self.store.name().clone(), query.store().name().clone());
            return Err(StoreError::OtherStore { store, owner });
        }
        self.engine.query_on::<Q::Kind>(self.reader, query.statement()?)
    }

    /// A client document of this store, on this snapshot.
    ///
    /// # Errors
    /// When the store cannot be read, or the document belongs to another store.
    pub fn document<T: Document>(&mut self, handle: &DocumentHandle<S, T>) -> Result<T, StoreError> {
        let stored = self.get(&handle.query())?;
        Ok(handle.merged(stored)?.value)
    }
}
