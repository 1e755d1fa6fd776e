//! [`SharedLog`]: a log that several replicas of a store append to.

use std::fmt;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use store_context_runtime::{
    AdapterIdentity, Done, LoggedEvent, MemoryReason, OpenError, OpenRequest, Persistence, Uuid,
};

/// Where shared logs are kept: each store has one.
pub trait SharedLogs: fmt::Debug + Send + Sync + 'static {
    /// Where they are.
    fn identity(&self) -> AdapterIdentity;

    /// Opens a store's log, which is made where it is missing.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<OpenedLog, OpenError>>;
}

/// What [`SharedLogs::open`] found.
pub enum OpenedLog {
    /// The log.
    Found(Arc<dyn SharedLog>),
    /// There is nowhere to keep one: the store is in memory alone. Never for a log that is there and cannot be read.
    Nowhere(MemoryReason),
}

impl fmt::Debug for OpenedLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(_) => f.write_str("Found"),
            Self::Nowhere(reason) => f.debug_tuple("Nowhere").field(reason).finish(),
        }
    }
}

/// A log that takes events of one replica at a time.
///
/// Nothing is called with a lock of the log held that one of its methods takes.
pub trait SharedLog: Send + Sync + 'static {
    /// The client that the events of this device have, if the log knows it.
    fn client(&self) -> Option<Uuid> {
        None
    }

    /// Whether what it keeps stays.
    fn persistence(&self) -> Persistence {
        Persistence::Persistent
    }

    /// Reads the first events after a sequence number, as many as are materialized at a time. No exchange waits for it.
    ///
    /// # Errors
    /// `done` is told when the log could not be read.
    fn read(&self, after: u64, done: Done<LogPage>);

    /// Exchanges events with the log, in one step that no exchange of another replica comes into: `rebase` is called with
    /// the events after a sequence number, in their order, and the events that it gives back follow them, at the sequence
    /// numbers that they have. Then `done` is called, when they survive power loss. Where the step fails, the log is as it
    /// was; `rebase` may have been called.
    ///
    /// Both are called before this returns, or later.
    ///
    /// # Errors
    /// `done` is told when the log could not be read or written, or when it is not known whether it was: the replica finds
    /// its own events in the log then.
    fn exchange(&self, after: u64, rebase: Rebase, done: Done<()>);

    /// Calls `hint` when others may have appended, with a sequence number that the log has reached. One that is lost delays
    /// what they did, and no more.
    fn listen(&self, hint: Arc<dyn Fn(u64) + Send + Sync>);

    /// The image that was kept last under a schema's hash, if it is whole.
    fn image(&self, schema_hash: u64) -> BoxFuture<'static, Option<Image>> {
        _ = schema_hash;
        async { None }.boxed()
    }

    /// Keeps an image of the state under a schema's hash, in place of an older one. It saves a replay, and nothing is lost
    /// with it. `take` is called when there is nothing more urgent. A log that keeps no images drops it.
    fn keep_image(&self, schema_hash: u64, take: TakeImage) {
        _ = (schema_hash, take);
    }

    /// Throws away the image that is kept under a schema's hash: it cannot be used.
    fn drop_image(&self, schema_hash: u64) {
        _ = schema_hash;
    }

    /// Lets go of the log. Nothing is asked of it after.
    ///
    /// # Errors
    /// `done` is told when closing failed.
    fn close(&self, done: Done<()>);
}

/// Takes the events of others, and gives those to append.
pub type Rebase = Box<dyn FnOnce(Vec<LoggedEvent>) -> Vec<LoggedEvent> + Send>;

/// Takes an image, which may hold up a page for some milliseconds. Told of which event the kept one is, if there is one, as
/// another replica may have been first; gives none where that will do, or where something is pending.
pub type TakeImage = Box<dyn FnOnce(Option<u64>) -> Option<Image> + Send>;

/// Some events of a log, in order.
#[derive(Clone, Debug, Default)]
pub struct LogPage {
    /// The events; none where there are no more.
    pub events: Vec<LoggedEvent>,
    /// The sequence number of the log's last event.
    pub head: u64,
}

/// The state of a store at one place of its log, as bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// The sequence number of the last event in it.
    pub head: u64,
    /// The database.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("head", &self.head).field("bytes", &self.bytes.len()).finish()
    }
}
