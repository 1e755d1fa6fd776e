//! [`Subscription`]: keeps a callback subscribed.

use std::any::Any;
use std::fmt;

/// Keeps a subscriber of a query, or an observer of a store's life, subscribed; dropping it unsubscribes.
///
/// It does not keep the store open. A call that is under way on another thread while the subscription is dropped
/// may still end.
#[must_use = "it lasts as long as this value: write `let _live = ..`; `let _ = ..` ends it at once"]
pub struct Subscription {
    _remove: Box<dyn Any + Send + Sync>,
}

impl Subscription {
    /// `remove` unsubscribes when it is dropped.
    pub(crate) fn new(remove: Box<dyn Any + Send + Sync>) -> Self {
        Self { _remove: remove }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription")
    }
}
