//! [`Node`]: a live query, whatever its types.

use std::any::{Any, TypeId};
use std::sync::{Arc, Weak};

use crate::adapter::footprint::{ReadSet, TableChanges, WriteSet};
use crate::engine::engine::Engine;
use crate::error::StoreError;
use crate::host::usage::LiveQuerySnapshot;
use crate::sql::statement::Statement;

/// The identity of a query: statement, values by type, row type and number of rows.
pub(crate) type Identity = (Statement, TypeId);

/// A live query, whatever its types.
pub(crate) trait Node: Any + Send + Sync {
    /// Its place in the order in which queries were first subscribed to.
    fn order(&self) -> u64;
    /// What it reads; `None` before it ran.
    fn reads(&self) -> Option<&ReadSet>;
    /// Whether one of these rows of a table can matter to it.
    fn may_concern(&self, table: &str, changes: &TableChanges) -> bool;
    /// A look at it.
    fn look(&self) -> LiveQuerySnapshot;
    /// A commit can have changed the result.
    fn mark(&self, writes: &WriteSet);
    /// Runs again if marked, then tells whoever does not know the result.
    fn refresh_and_tell(&self, engine: &Engine);
    /// Tells every subscriber why the store ended, and lets it go.
    fn end(&self, error: &StoreError);
}

/// Queries that were looked at. Whoever lets go of the last hold on one runs its subscribers' code, so all of them are kept
/// until no lock is held.
#[derive(Default)]
pub(crate) struct Found {
    touched: Vec<Arc<dyn Node>>,
    others: Vec<Arc<dyn Node>>,
}

impl Found {
    pub(crate) fn add(&mut self, node: &Weak<dyn Node>) {
        self.touched.extend(node.upgrade());
    }

    pub(crate) fn add_where(&mut self, node: &Weak<dyn Node>, is_touched: impl FnOnce(&dyn Node) -> bool) {
        if let Some(node) = node.upgrade() {
            let list = if is_touched(&*node) { &mut self.touched } else { &mut self.others };
            list.push(node);
        }
    }

    /// Those that are touched, each once, in order.
    pub(crate) fn touched(mut self) -> Vec<Arc<dyn Node>> {
        self.touched.sort_unstable_by_key(|node| node.order());
        self.touched.dedup_by_key(|node| node.order());
        self.touched
    }
}
