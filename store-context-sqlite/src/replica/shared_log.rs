//! [`SharedLog`]: a log that several replicas of a store append to.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use store_context_runtime::{AdapterIdentity, Done, LoggedEvent, OpenError, StoreName};

/// Where shared logs are kept: each store has one.
pub trait SharedLogs: fmt::Debug + Send + Sync + 'static {
    /// Where they are.
    fn identity(&self) -> AdapterIdentity;

    /// Opens a store's log, which is made where it is missing.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self, store: StoreName) -> BoxFuture<'static, Result<Arc<dyn SharedLog>, OpenError>>;
}

/// A log that takes events of one replica at a time.
pub trait SharedLog: Send + Sync + 'static {
    /// Exchanges events with the log, in one step that no exchange of another replica comes into: `rebase` is called with
    /// the events after a sequence number, in their order, and the events that it gives back follow them, at the sequence
    /// numbers that they have. Then `done` is called, when they survive power loss. Where the step fails, the log is as it
    /// was; `rebase` may have been called.
    ///
    /// Both are called before this returns, or later, and neither with a lock of the log held that
    /// [`exchange`](Self::exchange) takes.
    ///
    /// # Errors
    /// `done` is told when the log could not be read or written.
    fn exchange(&self, after: u64, rebase: Rebase, done: Done<()>);

    /// Calls `hint` when others may have appended. One that is lost delays what they did, and no more.
    fn listen(&self, hint: Arc<dyn Fn() + Send + Sync>);

    /// Lets go of the log. Nothing is exchanged after.
    ///
    /// # Errors
    /// `done` is told when closing failed.
    fn close(&self, done: Done<()>);
}

/// Takes the events of others, and gives those to append.
pub type Rebase = Box<dyn FnOnce(Vec<LoggedEvent>) -> Vec<LoggedEvent> + Send>;
