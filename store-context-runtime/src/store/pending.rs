//! [`PendingUpdates`]: updates of a client document that are made before its store runs.

use std::fmt;
use std::sync::Arc;

use crate::error::StoreError;
use crate::host::threads::{Mutex, lock};
use crate::schema::document::Document;
use crate::store::context::StoreContext;
use crate::store::document_handle::DocumentHandle;

type Update<T> = Arc<dyn Fn(&mut T) + Send + Sync>;

/// Updates of a client document that are made before its store runs: for user interfaces, which are used while it loads.
/// They are applied in order when it does.
pub struct PendingUpdates<T> {
    updates: Mutex<Vec<Update<T>>>,
}

impl<T> Default for PendingUpdates<T> {
    fn default() -> Self {
        Self { updates: Mutex::default() }
    }
}

impl<T> fmt::Debug for PendingUpdates<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PendingUpdates").field(&lock(&self.updates).len()).finish()
    }
}

impl<T: Document> PendingUpdates<T> {
    /// Adds one, after those that are there.
    pub fn push(&self, update: impl Fn(&mut T) + Send + Sync + 'static) {
        lock(&self.updates).push(Arc::new(update));
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        lock(&self.updates).is_empty()
    }

    /// The value with the updates applied: what to show until the store runs.
    #[must_use]
    pub fn over(&self, mut value: T) -> T {
        let updates = lock(&self.updates).clone();
        updates.iter().for_each(|update| update(&mut value));
        value
    }

    /// Commits the updates, as one update of the document. Where that fails, they stay.
    ///
    /// # Errors
    /// As [`DocumentHandle::update`].
    pub fn apply<S: StoreContext>(&self, document: &DocumentHandle<S, T>) -> Result<(), StoreError> {
        let updates = std::mem::take(&mut *lock(&self.updates));
        if updates.is_empty() {
            return Ok(());
        }
        let applied = document.update(|value| updates.iter().for_each(|update| update(value)));
        if applied.is_err() {
            // In front of those that came meanwhile.
            lock(&self.updates).splice(0..0, updates);
        }
        applied.map(drop)
    }
}
