//! [`Store`]: an open store, as its users hold it.

use std::fmt;
use std::io::Write;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};
use std::path::Path;
use std::sync::Arc;

use crate::adapter::boot::{BootReport, Persistence};
use crate::adapter::footprint::WriteSet;
use crate::adapter::log::{LoggedEvent, NewEvent};
use crate::adapter::session::Transaction;
use crate::adapter::settlement::RefusedCommit;
use crate::engine::durable::Receipt;
use crate::engine::engine::{Abort, Engine};
use crate::engine::live::subscription::Subscription;
use crate::engine::open_store::OpenStore;
use crate::error::StoreError;
use crate::id::{StoreId, StoreName};
use crate::refuse;
use crate::row::row::TableOf;
use crate::schema::event::{self, Event, IntoEvents};
use crate::slot::hold::{Hold, WeakHold};
use crate::store::context::StoreContext;
use crate::store::select::Select;
use crate::tx::tx::Tx;

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

/// Handles of the same open store.
impl<S: StoreContext> PartialEq for Store<S> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl<S: StoreContext> Eq for Store<S> {}

impl<S: StoreContext> fmt::Debug for Store<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.name().to_string()).finish()
    }
}

impl<S: StoreContext> Store<S> {
    pub(crate) fn new(hold: Hold) -> Self {
        Self { hold, schema: PhantomData }
    }

    pub(crate) fn opened(&self) -> Result<&Arc<OpenStore>, StoreError> {
        self.hold.opened()
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
        self.opened().map(|opened| &opened.report)
    }

    /// Whether what the store keeps stays. In a browser that depends on its settings: see [`Persistence`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # use store_context::life::{MemoryReason, Persistence};
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// if let Persistence::Memory { reason } = store.persistence()? {
    ///     println!("nothing is kept here: {reason:?}");
    /// }
    /// # assert_eq!(store.persistence()?, Persistence::Memory { reason: MemoryReason::Chosen });
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Shutdown`].
    pub fn persistence(&self) -> Result<Persistence, StoreError> {
        self.opened().map(|opened| opened.persistence)
    }

    /// Calls `on_refused` with each commit that does not hold any more, since others committed first: for those that do not
    /// wait for [`Receipt::durable`]. Only a log that is shared, as between the tabs of a browser, refuses commits so. The
    /// call comes before live queries are told of the state without the commit.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// let _told = store.subscribe_refused(|refused| {
    ///     let names: Vec<_> = refused.events.iter().map(|event| &event.name).collect();
    ///     println!("{names:?} did not hold: {}", refused.message);
    /// })?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Shutdown`].
    pub fn subscribe_refused(
        &self,
        on_refused: impl FnMut(&RefusedCommit) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.opened().map(|opened| opened.refused.subscribe(on_refused))
    }

    /// The sequence number of the log's last event, 0 for an empty log.
    ///
    /// # Errors
    /// [`StoreError::Shutdown`].
    pub fn sequence(&self) -> Result<u64, StoreError> {
        self.opened().map(|opened| opened.engine.session.sequence())
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
    ///
    /// [`StoreError::OutcomeUnknown`] where the disk failed so that it is not known whether the commit was kept. The store
    /// is shut down then. Open it again, and look in its log for the event that the error names before you try again.
    pub fn commit<I: IntoEvents<S::Event>>(&self, events: I) -> Result<Receipt, StoreError> {
        let events = events.into_events();
        if events.is_empty() {
            let opened = self.opened()?;
            refuse::reentrant(&opened.engine.store, "a commit")?;
            return Ok(opened.current_receipt());
        }
        self.write("a commit", events, |_, _, _| Ok(false))
    }

    /// Appends and materializes the events, then runs what says whether it wrote more: all of it is kept, or nothing.
    pub(crate) fn write(
        &self,
        attempted: &'static str,
        events: Vec<S::Event>,
        more: impl FnOnce(&Engine, &mut dyn Transaction, &mut WriteSet) -> Result<bool, Abort>,
    ) -> Result<Receipt, StoreError> {
        let opened = self.opened()?;
        let events = self.through_json(events)?;
        opened.write(attempted, |tx, writes| {
            let has_events = !events.is_empty();
            for event in events {
                self.materialize(&opened.engine, event, tx, writes)?;
            }
            let has_more = more(&opened.engine, tx, writes)?;
            if has_events || has_more { Ok(()) } else { Err(Abort::Unchanged) }
        })
    }

    /// The events as the log gives them back, so that a commit sees what every later replay sees.
    fn through_json(&self, events: Vec<S::Event>) -> Result<Vec<Encoded<S::Event>>, StoreError> {
        let encode = |event: S::Event| {
            let name = event.name();
            let (event, arguments) = event::through_log(&event)?;
            Ok(Encoded { event, name, arguments })
        };
        let failed = |cause| StoreError::Event { store: self.name().clone(), cause };
        events.into_iter().map(encode).collect::<Result<_, _>>().map_err(failed)
    }

    fn materialize(
        &self,
        engine: &Engine,
        event: Encoded<S::Event>,
        session: &mut dyn Transaction,
        writes: &mut WriteSet,
    ) -> Result<(), Abort> {
        let new = NewEvent::at(engine.host.clock.unix_ms(), event.name, &event.arguments, None);
        let meta = session.append(new).map_err(|cause| engine.commit_error(cause))?;
        S::apply(event.event, &mut Tx::new(session, writes, meta)).map_err(|error| {
            let (store, cause) = (self.name().clone(), error.into_inner());
            engine.looked_at(StoreError::Materialize { store, event: event.name, cause }).into()
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
        let engine = &self.opened()?.engine;
        refuse::reentrant(&engine.store, "reading the log")?;
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
        engine.session.events(from, to).map_err(|cause| {
            engine.session_error(cause, |store, cause| StoreError::Query { store, sql: "the event log".into(), cause })
        })
    }

    /// Writes a copy of the store, as its last commit left it, to a file that is not there yet. The store goes on meanwhile;
    /// `Sqlite::restore` makes a store of the copy. The call may take as long as copying the file.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> { futures::executor::block_on(async {
    /// # let (data, copies) = (tempfile::tempdir()?, tempfile::tempdir()?);
    /// let data = Sqlite::in_dir(data.path());
    /// let store = Project::open(data.clone()).await?;
    /// store.commit(ProjectEvent::IssueCreated { id: "1".into(), title: "First".into() })?;
    /// store.backup(copies.path().join("monday.db"))?;
    ///
    /// let copy = ProjectKey::new(store_id!("copy"));
    /// data.restore(&copy, copies.path().join("monday.db")).await?;
    /// let restored = ProjectProvider::new().adapter(data).store_id(store_id!("copy")).open()?.await?;
    /// assert_eq!(restored.total().get()?, 1);
    /// # Ok(()) }) }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Backup`] when the file is there already, or cannot be written whole: nothing is left of it then.
    /// [`StoreError::Reentrant`] inside a materializer, an `update` closure or a `read` closure.
    pub fn backup(&self, to: impl AsRef<Path>) -> Result<(), StoreError> {
        let engine = &self.opened()?.engine;
        refuse::reentrant(&engine.store, "a backup")?;
        engine.session.backup(to.as_ref()).map_err(|cause| {
            engine.session_error(cause, |store, cause| StoreError::Backup { store, to: to.as_ref().to_owned(), cause })
        })
    }

    /// Writes the log as JSON lines, an event a line, for `Sqlite::import` or another program. Returns how many.
    ///
    /// Events that are committed meanwhile are in it or not.
    ///
    /// # Errors
    /// As [`events`](Self::events), and [`StoreError::Export`] when the writer fails.
    pub fn export(&self, mut to: impl Write) -> Result<u64, StoreError> {
        const PAGE: u64 = 256;
        let (mut count, mut from, last) = (0, 1, self.sequence()?);
        while from <= last {
            for event in self.events(from..=last.min(from + PAGE - 1))? {
                let failed = |error: std::io::Error| StoreError::Export {
                    store: self.name().clone(),
                    sequence: event.meta.sequence,
                    message: error.to_string(),
                };
                writeln!(to, "{}", event.to_line()).map_err(failed)?;
                count += 1;
            }
            from += PAGE;
        }
        Ok(count)
    }

    /// The rows of a table by its row type, as the accessor of its field gives them: for functions over several schemas.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// assert_eq!(store.table::<Issue>().count().get()?, 1);
    /// # Ok(()) }
    /// ```
    pub fn table<R: TableOf<S>>(&self) -> Select<S, R> {
        Select::of(self)
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
