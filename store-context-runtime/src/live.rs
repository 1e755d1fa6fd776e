//! Live queries: which a commit can have changed, and who is told.
//!
//! A commit marks the queries that it touches before it is visible, and queues a round after. One thread at a time
//! runs the rounds of a store, with no lock held while a subscriber runs, so every subscriber sees states in order.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread::{self, ThreadId};

use crate::core::{Core, panic_message};
use crate::error::StoreError;
use crate::footprint::{ReadSet, WriteSet};
use crate::id::StoreName;
use crate::reentrancy;
use crate::result::{Cardinality, Collector};
use crate::session::SessionError;
use crate::statement::Statement;

/// How many rounds in a row subscribers may cause by committing.
const MAX_ROUNDS: u32 = 100;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The identity of a query: statement, values by type, row type and number of rows.
type Identity = (Statement, TypeId);

/// The live queries of one store.
#[derive(Default)]
pub(crate) struct Live {
    queries: Mutex<HashMap<Identity, Weak<dyn Node>>>,
    rounds: Mutex<Rounds>,
}

#[derive(Default)]
struct Rounds {
    writes: WriteSet,
    nodes: Vec<Arc<dyn Node>>,
    calls: Vec<Box<dyn FnOnce() + Send>>,
    runner: Option<ThreadId>,
    /// Whether the waiting work comes from a subscriber of the running round.
    from_subscriber: bool,
    depth: u32,
}

impl Rounds {
    fn is_idle(&self) -> bool {
        self.writes.is_empty() && self.nodes.is_empty() && self.calls.is_empty()
    }
}

/// A live query, whatever its types.
trait Node: Any + Send + Sync {
    fn reads(&self) -> Option<&ReadSet>;
    fn mark(&self);
    /// Runs again if marked, then tells whoever has not seen the result.
    fn refresh_and_tell(&self);
}

impl Live {
    fn nodes(&self) -> Vec<Arc<dyn Node>> {
        lock(&self.queries).values().filter_map(Weak::upgrade).collect()
    }

    fn touched(&self, writes: &WriteSet) -> Vec<Arc<dyn Node>> {
        let mut nodes = self.nodes();
        // A query that never ran yet may read anything.
        nodes.retain(|node| node.reads().is_none_or(|reads| reads.is_touched_by(writes)));
        nodes
    }

    /// Cached results that these writes can change are not served any more.
    pub(crate) fn mark(&self, writes: &WriteSet) {
        self.touched(writes).iter().for_each(|node| node.mark());
    }

    /// Queues a committed change, and runs the rounds unless another thread does.
    pub(crate) fn changed(&self, writes: WriteSet) {
        if writes.is_empty() {
            return;
        }
        self.mark(&writes);
        self.queue(|rounds| rounds.writes.merge(&writes));
    }

    fn queue(&self, add: impl FnOnce(&mut Rounds)) {
        let me = thread::current().id();
        {
            let mut rounds = lock(&self.rounds);
            add(&mut rounds);
            if rounds.runner.is_some() {
                rounds.from_subscriber |= rounds.runner == Some(me);
                return;
            }
            rounds.runner = Some(me);
        }
        self.run_rounds();
    }

    fn run_rounds(&self) {
        loop {
            let (writes, mut nodes, calls) = {
                let mut rounds = lock(&self.rounds);
                rounds.depth = if std::mem::take(&mut rounds.from_subscriber) { rounds.depth + 1 } else { 0 };
                if rounds.is_idle() {
                    rounds.runner = None;
                    return;
                }
                (
                    std::mem::take(&mut rounds.writes),
                    std::mem::take(&mut rounds.nodes),
                    std::mem::take(&mut rounds.calls),
                )
            };
            nodes.extend(self.touched(&writes));
            calls.into_iter().for_each(|call| call());
            for node in nodes {
                // Decoding runs user code too; one query that panics must not silence the others.
                if catch_unwind(AssertUnwindSafe(|| node.refresh_and_tell())).is_err() {
                    tracing::error!("a live query panicked while it was read");
                }
            }
        }
    }

    /// Whether the calling thread is inside a subscriber of this store.
    fn is_running_here(&self) -> bool {
        lock(&self.rounds).runner == Some(thread::current().id())
    }

    /// Refuses a commit of a subscriber after too many rounds in a row.
    pub(crate) fn refuse_endless_rounds(&self, store: &StoreName) -> Result<(), StoreError> {
        let rounds = lock(&self.rounds);
        if rounds.depth >= MAX_ROUNDS && rounds.runner == Some(thread::current().id()) {
            return Err(StoreError::SubscriberLoop { store: store.clone(), rounds: rounds.depth });
        }
        Ok(())
    }

    fn find<K: Cardinality>(&self, statement: &Statement) -> Option<Arc<LiveQuery<K>>> {
        let queries = lock(&self.queries);
        if queries.is_empty() {
            return None;
        }
        let node = queries.get(&(statement.clone(), TypeId::of::<K>()))?.upgrade()?;
        drop(queries);
        let node: Arc<dyn Any + Send + Sync> = node;
        node.downcast().ok()
    }

    fn find_or_add<K: Cardinality>(&self, core: &Arc<Core>, statement: &Statement) -> Arc<LiveQuery<K>> {
        let identity = (statement.clone(), TypeId::of::<K>());
        let mut queries = lock(&self.queries);
        if let Some(node) = queries.get(&identity).and_then(Weak::upgrade) {
            drop(queries);
            let node: Arc<dyn Any + Send + Sync> = node;
            return node.downcast().unwrap_or_else(|_| unreachable!("the identity names the type"));
        }
        let added = Arc::new(LiveQuery::<K> {
            statement: statement.clone(),
            core: Arc::downgrade(core),
            reads: OnceLock::new(),
            marked: AtomicBool::new(true),
            version: AtomicU64::new(0),
            seen: Mutex::new(Seen { encoded: Vec::new(), rows: Vec::new(), result: None }),
            subscribers: Mutex::default(),
        });
        let node: Arc<dyn Node> = Arc::<LiveQuery<K>>::clone(&added);
        queries.insert(identity, Arc::downgrade(&node));
        added
    }

    /// The last result of a live query, if no commit since can have changed it.
    pub(crate) fn cached<K: Cardinality>(&self, statement: &Statement) -> Option<K::Output> {
        let query = self.find::<K>(statement)?;
        if query.marked.load(Ordering::Acquire) {
            return None;
        }
        let seen = lock(&query.seen);
        // A run that is under way clears the mark first; its result is not the last one yet.
        if query.marked.load(Ordering::Acquire) {
            return None;
        }
        seen.result.as_ref()?.as_ref().ok().cloned()
    }

    fn forget(&self, identity: &Identity) {
        let mut queries = lock(&self.queries);
        if queries.get(identity).is_some_and(|query| query.strong_count() == 0) {
            queries.remove(identity);
        }
    }
}

type Callback<K> = Box<dyn FnMut(Result<<K as Cardinality>::Output, StoreError>) + Send>;

struct Subscriber<K: Cardinality> {
    id: u64,
    /// The version of the result that it knows.
    knows: u64,
    callback: Arc<Mutex<Callback<K>>>,
}

struct Seen<K: Cardinality> {
    /// The rows as read, in an encoding that differs when a value or its type does.
    encoded: Vec<Vec<u8>>,
    rows: Vec<Arc<K::Row>>,
    result: Option<Result<K::Output, StoreError>>,
}

struct LiveQuery<K: Cardinality> {
    statement: Statement,
    core: Weak<Core>,
    reads: OnceLock<Arc<ReadSet>>,
    /// A commit can have changed the result since it was read.
    marked: AtomicBool,
    /// Counts the different results.
    version: AtomicU64,
    seen: Mutex<Seen<K>>,
    /// A lock of its own: a subscription may be dropped while a query runs.
    subscribers: Mutex<Vec<Subscriber<K>>>,
}

impl<K: Cardinality> LiveQuery<K> {
    fn refresh(&self, core: &Core) {
        let mut seen = lock(&self.seen);
        // Cleared before reading: a commit that comes between marks again.
        if !self.marked.swap(false, Ordering::AcqRel) {
            return;
        }
        let mut encoded: Vec<Vec<u8>> = Vec::with_capacity(seen.encoded.len());
        let mut rows = Collector::<K>::new();
        let run = core.session.query(&self.statement, &mut |cells| {
            let mut row = Vec::new();
            (0..cells.count()).for_each(|index| cells.value(index).encode(&mut row));
            let index = encoded.len();
            let known = seen.rows.get(index).filter(|_| seen.encoded.get(index) == Some(&row));
            encoded.push(row);
            rows.take_or_reuse(cells, known)
        });
        if run.as_ref().is_err_and(|error| *error == SessionError::Closed) {
            // The store was shut down meanwhile, which is no result of the query.
            return;
        }
        if let Ok(reads) = &run {
            let _ = self.reads.set(Arc::clone(reads));
        }
        let new_rows = rows.rows().to_vec();
        let result = core.finish(&self.statement, run.map(|_| ()), rows);
        let same = match (&seen.result, &result) {
            (Some(Ok(_)), Ok(_)) => seen.encoded == encoded,
            (Some(Err(before)), Err(now)) => before.to_string() == now.to_string(),
            _ => false,
        };
        if !same {
            *seen = Seen { encoded, rows: new_rows, result: Some(result) };
            self.version.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn result(&self) -> Option<(u64, Result<K::Output, StoreError>)> {
        let seen = lock(&self.seen);
        seen.result.clone().map(|result| (self.version.load(Ordering::Acquire), result))
    }

    fn tell(&self, version: u64, result: &Result<K::Output, StoreError>) {
        let due: Vec<_> = lock(&self.subscribers)
            .iter_mut()
            .filter(|subscriber| subscriber.knows < version)
            .map(|subscriber| {
                subscriber.knows = version;
                (subscriber.id, Arc::clone(&subscriber.callback))
            })
            .collect();
        for (id, callback) in due {
            self.call(id, &callback, result.clone());
        }
    }

    fn call(&self, id: u64, callback: &Mutex<Callback<K>>, result: Result<K::Output, StoreError>) {
        let called = catch_unwind(AssertUnwindSafe(|| (*lock(callback))(result)));
        if let Err(panic) = called {
            let removed = self.remove(id);
            let store = self.core.upgrade().map(|core| core.store.to_string());
            tracing::error!(
                store,
                message = panic_message(&*panic),
                sql = &*self.statement.sql,
                "a subscriber panicked and was removed"
            );
            drop(removed);
        }
    }

    fn remove(&self, id: u64) -> Option<Subscriber<K>> {
        let mut subscribers = lock(&self.subscribers);
        let index = subscribers.iter().position(|subscriber| subscriber.id == id)?;
        Some(subscribers.remove(index))
    }
}

impl<K: Cardinality> Node for LiveQuery<K> {
    fn reads(&self) -> Option<&ReadSet> {
        self.reads.get().map(|reads| &**reads)
    }

    fn mark(&self) {
        self.marked.store(true, Ordering::Release);
    }

    fn refresh_and_tell(&self) {
        let Some(core) = self.core.upgrade() else { return };
        self.refresh(&core);
        if let Some((version, result)) = self.result() {
            self.tell(version, &result);
        }
    }
}

impl<K: Cardinality> Drop for LiveQuery<K> {
    fn drop(&mut self) {
        if let Some(core) = self.core.upgrade() {
            core.live.forget(&(self.statement.clone(), TypeId::of::<K>()));
        }
    }
}

/// Keeps a subscriber subscribed; dropping it unsubscribes.
///
/// It does not keep the store open. A call that is under way on another thread while the subscription is dropped
/// may still end.
#[must_use = "dropping the subscription unsubscribes at once"]
pub struct Subscription {
    _remove: Box<dyn Any + Send + Sync>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription")
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

/// Subscribes to a query; with `now`, the present result is told first.
pub(crate) fn subscribe<K: Cardinality>(
    core: &Arc<Core>,
    statement: &Statement,
    callback: Callback<K>,
    now: bool,
) -> Result<Subscription, StoreError> {
    static NEXT_ID: AtomicU64 = AtomicU64::new(0);
    reentrancy::refuse(&core.store, "a subscription")?;
    let query = core.live.find_or_add::<K>(core, statement);
    query.refresh(core);
    let Some((version, result)) = query.result() else {
        return Err(StoreError::Shutdown { store: core.store.clone() });
    };
    // A query that cannot run at all is the caller's to hear of, not the subscriber's.
    let result = Ok(result?);
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    let callback = Arc::new(Mutex::new(callback));
    lock(&query.subscribers).push(Subscriber { id, knows: version, callback: Arc::clone(&callback) });
    if now {
        let told = Arc::clone(&query);
        let call = move || told.call(id, &callback, result);
        if core.live.is_running_here() {
            call();
        } else {
            core.live.queue(|rounds| rounds.calls.push(Box::new(call)));
        }
    }
    if query.version.load(Ordering::Acquire) != version {
        // The result changed while subscribing, after the round that told everybody else.
        let node: Arc<dyn Node> = Arc::<LiveQuery<K>>::clone(&query);
        core.live.queue(|rounds| rounds.nodes.push(node));
    }
    Ok(Subscription { _remove: Box::new(Removal { query, id }) })
}
