//! [`DocumentChange`]: a change of a client document that is to be committed.

use std::fmt;

use crate::adapter::footprint::WriteSet;
use crate::adapter::session::Transaction;
use crate::engine::durable::Receipt;
use crate::engine::engine::{Abort, Engine};
use crate::error::StoreError;
use crate::host::inside::Inside;
use crate::schema::event::IntoEvents;
use crate::store::context::StoreContext;
use crate::store::store::Store;

impl<S: StoreContext> Store<S> {
    /// As [`commit`](Self::commit), and changes client documents in the same transaction: all of it is kept, or nothing.
    /// The changes run after the materializers, one after the other.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// store.view().update(|view| view.draft = "Second".into())?;
    /// let event = ProjectEvent::IssueCreated { id: "2".into(), title: store.view().get()?.draft };
    /// store.commit_with(event, [store.view().change(|view| view.draft.clear())])?;
    /// assert_eq!((store.total().get()?, store.view().get()?.draft), (2, String::new()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`commit`](Self::commit) and [`DocumentHandle::update`](crate::DocumentHandle::update), and
    /// [`StoreError::OtherStore`] for a change of another store's document.
    pub fn commit_with<'a, I: IntoEvents<S::Event>>(
        &self,
        events: I,
        changes: impl IntoIterator<Item = DocumentChange<'a, S>>,
    ) -> Result<Receipt, StoreError> {
        let changes: Vec<_> = changes.into_iter().collect();
        if changes.is_empty() {
            return self.commit(events);
        }
        if let Some(other) = changes.iter().find(|change| !change.store.is_same(self)) {
            let (store, owner) = (self.name().clone(), other.store.name().clone());
            return Err(StoreError::OtherStore { store, owner });
        }
        self.write("a commit", events.into_events(), |engine, tx, writes| {
            let mut has_changed = false;
            for change in changes {
                has_changed |= change.apply(engine, tx, writes)?;
            }
            Ok(has_changed)
        })
    }
}

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

    /// Commits the change alone.
    pub(crate) fn commit(self) -> Result<Receipt, StoreError> {
        let store = self.store.clone();
        store.write("an update of a client document", Vec::new(), |engine, tx, writes| self.apply(engine, tx, writes))
    }

    /// Writes the change, and returns whether there was one.
    fn apply(self, engine: &Engine, tx: &mut dyn Transaction, writes: &mut WriteSet) -> Result<bool, Abort> {
        engine.run_foreign(Inside::UpdateClosure, || (self.change)(engine, tx, writes))
    }
}
