//! [`Adapter`]: what the runtime asks of an engine. It opens a [`Session`], which runs statements.
//!
//! The runtime depends on no engine. It hands over SQLite-dialect text with bound [`Value`](crate::Value)s and reads
//! borrowed values back.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use uuid::Uuid;

use crate::adapter::boot::{BootReport, BootStatus, OpenError, Persistence};
use crate::adapter::footprint::WriteSet;
use crate::adapter::log::LoggedEvent;
use crate::adapter::session::{Session, SessionError, Transaction};
use crate::adapter::settlement::RefusedCommit;
use crate::id::StoreName;
use crate::schema::def::SchemaDef;
use crate::schema::event::EventError;

/// Where an adapter keeps its stores, and what it promises of them. Two adapters are the same when their identities are
/// equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AdapterIdentity(Arc<str>);

impl AdapterIdentity {
    /// An identity that reads well in an error, for example `the directory /var/data`.
    pub fn new(description: impl Into<Arc<str>>) -> Self {
        Self(description.into())
    }
}

impl fmt::Display for AdapterIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Opens stores: the embedded SQLite, or an adapter of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an adapter",
    label = "expected an adapter such as `Sqlite::in_memory()` or `Sqlite::in_dir(\"data\")`"
)]
pub trait Adapter: Send + Sync + 'static {
    /// Where the adapter keeps its stores, and what it promises of them.
    fn identity(&self) -> AdapterIdentity;

    /// Opens one store: creates what is missing, and replays the log where the schema differs.
    ///
    /// The future may block the thread that polls it: one of the four that load stores, unless the registry was given
    /// another [`Spawner`](crate::Spawner). One that waits for long should await, so that other stores get their turn.
    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>>;
}

/// One that is chosen while the program runs, and cloned: `Arc<dyn Adapter>`.
#[diagnostic::do_not_recommend]
impl<A: Adapter + ?Sized> Adapter for Arc<A> {
    fn identity(&self) -> AdapterIdentity {
        (**self).identity()
    }

    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        (**self).open(request)
    }
}

/// One that is chosen while the program runs: `Box<dyn Adapter>`.
#[diagnostic::do_not_recommend]
impl<A: Adapter + ?Sized> Adapter for Box<A> {
    fn identity(&self) -> AdapterIdentity {
        (**self).identity()
    }

    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        (**self).open(request)
    }
}

/// What an adapter is asked to open.
#[derive(Clone)]
pub struct OpenRequest {
    /// The store's name.
    pub store: StoreName,
    /// What it consists of.
    pub schema: &'static SchemaDef,
    /// The schema's hash: tables that were made under another one are made anew from the log.
    pub schema_hash: u64,
    /// The hash of the names of the schema's events: where it differs, the log may hold some that are not known.
    pub event_hash: u64,
    /// Materializes the log's events.
    pub replay: Arc<dyn Replay>,
    /// Told what opening does, for progress bars.
    pub progress: Arc<dyn Fn(BootStatus) + Send + Sync>,
    /// Told what comes from outside of this program's calls, by an engine whose log is shared.
    pub outside: Arc<dyn Outside>,
    /// Identifies this opening; events that it commits carry it. A new store takes it as its client id too.
    pub session: Uuid,
}

/// What an engine whose log is shared tells of others; the runtime implements it for every store.
pub trait Outside: Send + Sync {
    /// Called before a change of others is visible: no result that was read before is served until what it gives is called
    /// with what changed, with no lock of the engine held.
    fn changing(&self) -> Box<dyn FnOnce(&WriteSet) + Send>;

    /// A commit does not hold any more behind what others committed first, and is gone. Called with no lock of the engine
    /// held.
    fn refused(&self, refused: RefusedCommit);

    /// The engine cannot go on, though nobody asked it for anything.
    fn broke(&self, cause: SessionError);
}

impl fmt::Debug for OpenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenRequest").field("store", &self.store).finish_non_exhaustive()
    }
}

/// An opened store.
pub struct Opened {
    /// Runs its statements.
    pub session: Box<dyn Session>,
    /// What opening found.
    pub report: BootReport,
    /// Whether what it keeps stays.
    pub persistence: Persistence,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("report", &self.report).finish_non_exhaustive()
    }
}

/// Materializes events of the log; the runtime implements it for every schema.
pub trait Replay: Send + Sync {
    /// Whether the schema has an event of this name.
    fn knows(&self, name: &str) -> bool;

    /// Whether the schema knows the event and decodes it.
    ///
    /// # Errors
    /// Says why it does not.
    fn decodes(&self, name: &str, arguments: &str) -> Result<(), EventError>;

    /// Why nobody wants the load any more, where that is so: opening may stop then.
    fn cancelled(&self) -> Option<Arc<str>> {
        None
    }

    /// Materializes one event.
    ///
    /// # Errors
    /// When the materializer fails or panics; opening fails then, and nothing changes.
    fn apply(&self, event: &LoggedEvent, tx: &mut dyn Transaction) -> Result<Replayed, Arc<str>>;
}

/// What became of a replayed event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// It is in the tables, of which it wrote these.
    Applied(WriteSet),
    /// The schema does not know it or cannot decode it.
    Skipped(EventError),
}
