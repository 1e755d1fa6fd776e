//! [`Watchable`]: what of a running store a value can be kept current of.

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::store::watch::{OnChange, Watch};

/// A query, the rows of a table, a derived value or a client document of the store `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be watched in the store `{S}`",
    label = "expected a query, a table or a document of `{S}`, such as `store.issues()`"
)]
pub trait Watchable<S>: Send + Sync + 'static {
    /// What it gives.
    type Value: Clone + Send + Sync + 'static;

    /// The present value, and each other one told to `on_change`: none is missing in between, and none is told twice.
    ///
    /// # Errors
    /// When the query cannot run.
    #[doc(hidden)]
    fn subscribe_from(&self, on_change: OnChange<Self::Value>) -> Result<(Self::Value, Subscription), StoreError>;

    /// The value, kept current until the store ends: the last one is [`StoreError::Shutdown`] then.
    ///
    /// # Errors
    /// When the query cannot run.
    fn watch(&self) -> Result<Watch<Result<Self::Value, StoreError>>, StoreError>
    where
        Self: Sized,
    {
        Watch::of_handle(|on_change| self.subscribe_from(on_change))
    }
}
