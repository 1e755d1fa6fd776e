//! Subscribing to a query: to the one that is live already, or to a new one.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::engine::live::node::Node;
use crate::engine::live::query::{Callback, LiveQuery};
use crate::engine::live::rounds::Live;
use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::refuse;
use crate::row::cardinality::Cardinality;
use crate::sql::condition::RowsOf;
use crate::sql::statement::Statement;

/// The query behind a node; the identity that found it names its type.
fn typed<K: Cardinality>(node: Arc<dyn Node>) -> Option<Arc<LiveQuery<K>>> {
    let node: Arc<dyn Any + Send + Sync> = node;
    node.downcast().ok()
}

impl Live {
    /// The last result of a live query, if no commit since can have changed it.
    pub(crate) fn cached<K: Cardinality>(&self, statement: &Statement) -> Option<K::Output> {
        if self.is_committing() || self.is_empty() {
            return None;
        }
        typed::<K>(self.find(statement, TypeId::of::<K>())?)?.cached()
    }

    /// Subscribes to a query, and gives the result from which on the subscriber is told; with `now`, it is told that one
    /// first. `rows` says which rows can matter, of the tables of which not all can.
    pub(crate) fn subscribe<K: Cardinality>(
        self: &Arc<Self>,
        statement: &Statement,
        rows: impl FnOnce() -> Vec<RowsOf>,
        callback: Callback<K>,
        now: bool,
    ) -> Result<(K::Output, Subscription), StoreError> {
        static NEXT_ID: AtomicU64 = AtomicU64::new(0);
        refuse::reentrant(&self.engine.store, "a subscription")?;
        let make = |order| {
            Arc::new(LiveQuery::<K>::new(order, statement.clone(), rows(), Arc::downgrade(self))) as Arc<dyn Node>
        };
        let node = self.find_or_add((statement.clone(), TypeId::of::<K>()), make);
        let Some(query) = typed::<K>(Arc::clone(&node)) else { return Err(self.engine.shutdown_error()) };
        let before = query.version();
        query.refresh(&self.engine);
        let Some((version, result)) = query.result() else {
            return Err(self.engine.shutdown_error());
        };
        // A query that cannot run at all is the caller's to hear of, not the subscriber's.
        let result = result?;
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        query.add(id, (!now).then_some(version), callback);
        if now {
            let told = Arc::clone(&query);
            self.call(move || told.tell_now(id));
        }
        if self.is_ended() || (before != 0 && version != before) || query.version() != version {
            // The store ended or the result changed while subscribing: after the round that told everybody else, or
            // without one where an error went away.
            self.look_at(&node);
        }
        Ok((result, Subscription::new(Box::new(Removal { query, id }))))
    }
}

struct Removal<K: Cardinality> {
    query: Arc<LiveQuery<K>>,
    id: u64,
}

impl<K: Cardinality> Drop for Removal<K> {
    fn drop(&mut self) {
        drop(self.query.remove(self.id));
    }
}
