//! [`Store`]: an open store, as its users hold it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

use crate::adapter::LoggedEvent;
use crate::boot::BootReport;
use crate::column::{Column, Operand};
use crate::core::{Abort, Core};
use crate::document::Document;
use crate::document_handle::DocumentHandle;
use crate::error::StoreError;
use crate::event::{self, Event, IntoEvents};
use crate::footprint::WriteSet;
use crate::hold::{Hold, WeakHold};
use crate::id::{StoreId, StoreName};
use crate::query::AsQuery;
use crate::receipt::Receipt;
use crate::reentrancy::{self, Inside};
use crate::result::Cardinality;
use crate::schema::StoreContext;
use crate::session::{NewEvent, Reader, SessionError, Transaction};
use crate::tx::Tx;
use crate::value::Value;

/// An open store of the schema `S`. Cheap to clone; every clone is a holder and keeps the store open.
///
/// The derive generates a handle around it, for example `ProjectStore`, which has an accessor for each field of the
/// schema and dereferences to this type.
pub struct Store<S: StoreContext> {
    hold: Hold,
    schema: PhantomData<fn() -> S>,
}

impl<S: StoreContext> Clone for Store<S> {
    fn clone(&self) -> Self {
        Self::new(self.hold.clone())
    }
}

impl<S: StoreContext> fmt::Debug for Store<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.name().to_string()).finish()
    }
}

impl<S: StoreContext> Store<S> {
    pub(crate) fn new(hold: Hold) -> Self {
        Self { hold, schema: PhantomData }
    }

    pub(crate) fn core(&self) -> Result<&Arc<Core>, StoreError> {
        self.hold.core()
    }

    /// The schema's name and the store's id.
    #[must_use]
    pub fn name(&self) -> &StoreName {
        &self.hold.generation().store
    }

    /// The store's id.
    #[must_use]
    pub fn id(&self) -> &StoreId {
        &self.name().id
    }

    /// What opening found: events replayed, and events of the log that were left out.
    ///
    /// # Errors
    /// [`StoreError::Shutdown`].
    pub fn boot_report(&self) -> Result<&BootReport, StoreError> {
        self.core().map(|core| &core.report)
    }

    /// The sequence number of the log's last event, 0 for an empty log.
    ///
    /// # Errors
    /// [`StoreError::Shutdown`].
    pub fn sequence(&self) -> Result<u64, StoreError> {
        self.core().map(|core| core.session.sequence())
    }

    /// Appends events to the log and materializes them, in one transaction: all of them or none.
    ///
    /// Takes one event, an array or a `Vec`. With no events nothing happens. Subscribers that the change concerns
    /// have been called when this returns, unless another thread is calling them just then.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// let receipt = store.commit([
    ///     ProjectEvent::IssueCreated { id: "2".into(), title: "Second".into() },
    ///     ProjectEvent::StatusChanged { id: "2".into(), status: Status::Done },
    /// ])?;
    /// assert_eq!(receipt.sequence(), 3);
    /// // A key that is taken: nothing of the batch is kept.
    /// assert!(store.commit(ProjectEvent::IssueCreated { id: "1".into(), title: "Again".into() }).is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When an event does not survive JSON, a materializer fails or panics, the engine refuses, or the caller is
    /// inside a materializer, an `update` closure or a `read` closure. Then nothing is kept and the store goes on.
    pub fn commit<I: IntoEvents<S::Event>>(&self, events: I) -> Result<Receipt, StoreError> {
        let core = self.core()?;
        let events = self.through_json(events.into_events())?;
        if events.is_empty() {
            reentrancy::refuse(&core.store, "a commit")?;
            return Ok(core.current_receipt());
        }
        core.write("a commit", Inside::Materializer, |tx, writes| {
            for event in &events {
                self.materialize(core, event, tx, writes)?;
            }
            Ok(())
        })
    }

    /// The events as the log gives them back, so that a commit sees what every later replay sees.
    fn through_json(&self, events: Vec<S::Event>) -> Result<Vec<Encoded<S::Event>>, StoreError> {
        let encode = |event: S::Event| {
            let (name, arguments) = (event.name(), event::encode(&event)?);
            Ok(Encoded { event: event::decode(name, &arguments)?, name, arguments })
        };
        let failed = |cause| StoreError::Event { store: self.name().clone(), cause };
        events.into_iter().map(encode).collect::<Result<_, _>>().map_err(failed)
    }

    fn materialize(
        &self,
        core: &Core,
        event: &Encoded<S::Event>,
        session: &mut dyn Transaction,
        writes: &mut WriteSet,
    ) -> Result<(), Abort> {
        let new = NewEvent::at(core.host.clock.unix_ms(), event.name, &event.arguments, None);
        let meta = session.append(new).map_err(|cause| commit_error(core, cause))?;
        S::apply(&event.event, &mut Tx::new(session, writes, meta)).map_err(|error| {
            StoreError::Materialize { store: self.name().clone(), event: event.name, cause: error.into_inner() }.into()
        })
    }

    /// The events of the log with these sequence numbers, in order, as they are stored.
    ///
    /// Of a client document only the latest event is kept, so numbers may be missing. All of them are read into memory:
    /// for a long log ask for a range at a time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// let events = store.events(1..)?;
    /// assert_eq!(events[0].name, "v1.IssueCreated");
    /// assert_eq!(events[0].arguments, r#"{"id":"1","title":"First"}"#);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the log cannot be read, or the caller is inside a materializer, an `update` closure or a `read` closure.
    pub fn events(&self, range: impl RangeBounds<u64>) -> Result<Vec<LoggedEvent>, StoreError> {
        let core = self.core()?;
        reentrancy::refuse(&core.store, "reading the log")?;
        let from = match range.start_bound() {
            Bound::Included(from) => *from,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let to = match range.end_bound() {
            Bound::Included(to) => *to,
            Bound::Excluded(after) => after.saturating_sub(1),
            Bound::Unbounded => u64::MAX,
        };
        core.session.events(from, to).map_err(|cause| {
            core.session_error(cause, |store, cause| StoreError::Query { store, sql: "the event log".into(), cause })
        })
    }

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
        let core = self.core()?;
        reentrancy::refuse(&core.store, "a read")?;
        let mut body = Some(body);
        let mut result = None;
        let taken = core.session.snapshot(&mut |reader| {
            let _entered = reentrancy::enter(Inside::ReadClosure);
            result = body.take().map(|body| body(&mut Snapshot { store: self, core, reader }));
        });
        let failed =
            |cause| core.session_error(cause, |store, cause| StoreError::Query { store, sql: "BEGIN".into(), cause });
        taken.map_err(failed)?;
        result.ok_or_else(|| core.shutdown_error())
    }

    /// What the accessors of `ClientDocument<T>` fields build.
    #[doc(hidden)]
    #[must_use]
    pub fn document<T: Document>(&self) -> DocumentHandle<S, T> {
        DocumentHandle::new(self.clone(), Value::Text(String::new()))
    }

    /// What the accessors of `ClientDocument<T, K>` fields build.
    #[doc(hidden)]
    #[must_use]
    pub fn keyed_document<T: Document, K: Column>(&self, key: impl Operand<K>) -> DocumentHandle<S, T> {
        DocumentHandle::new(self.clone(), key.into_operand())
    }

    /// The form that holds nothing: the store may shut down behind it.
    #[must_use]
    pub fn downgrade(&self) -> WeakStore<S> {
        WeakStore { hold: self.hold.downgrade(), schema: PhantomData }
    }

    /// Whether both are handles of the same open store.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.hold.is_same(&other.hold)
    }
}

struct Encoded<E> {
    event: E,
    name: &'static str,
    arguments: String,
}

pub(crate) fn commit_error(core: &Core, cause: SessionError) -> StoreError {
    core.session_error(cause, |store, cause| StoreError::Commit { store, cause })
}

/// A handle that does not keep its store open.
pub struct WeakStore<S> {
    hold: WeakHold,
    schema: PhantomData<fn() -> S>,
}

impl<S> Clone for WeakStore<S> {
    fn clone(&self) -> Self {
        Self { hold: self.hold.clone(), schema: PhantomData }
    }
}

impl<S> fmt::Debug for WeakStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakStore")
    }
}

impl<S: StoreContext> WeakStore<S> {
    /// The store, if it still runs. In its cache time that is over then: it is held again.
    #[must_use]
    pub fn upgrade(&self) -> Option<S::Handle> {
        self.hold.upgrade().map(|hold| Store::new(hold).into())
    }
}

/// One state of a store, for [`Store::read`].
pub struct Snapshot<'r, S: StoreContext> {
    store: &'r Store<S>,
    core: &'r Core,
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
        self.core.query_on::<Q::Kind>(self.reader, query.statement()?)
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
