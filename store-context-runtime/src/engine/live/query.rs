//! [`LiveQuery`]: one live query, its last result, and who is told when it differs.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock, Weak};

use crate::adapter::footprint::{ReadSet, RowChange, TableChanges, WriteSet};
use crate::adapter::session::SessionError;
use crate::engine::engine::Engine;
use crate::engine::live::list::{Entry, Kept, List, Written};
use crate::engine::live::node::{Identity, Node};
use crate::engine::live::rounds::Live;
use crate::error::StoreError;
use crate::host::inside::{self, Inside, Waiter};
use crate::host::panics::{guarded, panic_message};
use crate::host::threads::{AtomicBool, AtomicU64, Mutex, Ordering, lock};
use crate::host::usage::{Count, LiveQuerySnapshot};
use crate::row::cardinality::{Cardinality, Collector};
use crate::row::changes::Change;
use crate::sql::condition::{RowsOf, rows_of};
use crate::sql::list_order::ListOrder;
use crate::sql::statement::Statement;
use crate::trace;

/// Takes a result, and how it came from the one told before, where that is known.
pub(crate) type Callback<K> = Box<
    dyn FnMut(Result<<K as Cardinality>::Output, StoreError>, Option<&Differences<<K as Cardinality>::Row>>) + Send,
>;

/// What makes one list of another.
pub(crate) type Differences<R> = Arc<[Change<R>]>;

pub(crate) struct Subscriber<K: Cardinality> {
    id: u64,
    /// The version of the result that it knows.
    knows: AtomicU64,
    /// Its subscription was dropped.
    is_removed: AtomicBool,
    callback: Mutex<Callback<K>>,
}

/// Who is told, in the order in which they subscribed.
struct Subscribers<K: Cardinality> {
    by_id: BTreeMap<u64, Arc<Subscriber<K>>>,
    /// All of them, made when they are told. It goes with each that leaves, so that nothing of it is kept.
    list: Option<Arc<[Arc<Subscriber<K>>]>>,
}

impl<K: Cardinality> Default for Subscribers<K> {
    fn default() -> Self {
        Self { by_id: BTreeMap::new(), list: None }
    }
}

impl<K: Cardinality> Subscribers<K> {
    fn list(&mut self) -> Arc<[Arc<Subscriber<K>>]> {
        Arc::clone(self.list.get_or_insert_with(|| self.by_id.values().cloned().collect()))
    }
}

/// Known by a subscriber whose first call is still queued, so that no round comes before it.
const EVERYTHING: u64 = u64::MAX;

struct Seen<K: Cardinality> {
    list: List<K::Row>,
    result: Option<Result<K::Output, StoreError>>,
    /// How it came from the version before.
    differences: Option<Differences<K::Row>>,
    /// Whether every commit that the rows have in them was told before they were read.
    is_exact: bool,
}

/// A result as subscribers are told it.
struct Told<K: Cardinality> {
    version: u64,
    result: Result<K::Output, StoreError>,
    differences: Option<Differences<K::Row>>,
}

/// A query that somebody subscribes to; all who do share it.
pub(crate) struct LiveQuery<K: Cardinality> {
    order: u64,
    statement: Statement,
    /// Which rows can matter, of the tables of which not all can.
    rows: Vec<RowsOf>,
    live: Weak<Live>,
    reads: OnceLock<Arc<ReadSet>>,
    /// A commit can have changed the result since it was read.
    marked: AtomicBool,
    /// Of a result that is kept by the rows that are written: their order.
    list_order: Option<ListOrder>,
    /// What was written to the table of such a one since.
    written: Mutex<Written>,
    /// Counts the different results.
    version: AtomicU64,
    runs: Count,
    seen: Mutex<Seen<K>>,
    /// A lock of its own: a subscription may be dropped while a query runs.
    subscribers: Mutex<Subscribers<K>>,
}

impl<K: Cardinality> LiveQuery<K> {
    pub(crate) fn new(order: u64, statement: Statement, rows: Vec<RowsOf>, live: Weak<Live>) -> Self {
        let list_order = rows.first().and_then(ListOrder::of);
        Self {
            order,
            list_order,
            statement,
            rows,
            live,
            reads: OnceLock::new(),
            marked: AtomicBool::new(true),
            version: AtomicU64::new(0),
            runs: Count::default(),
            written: Mutex::new(Written::Anything),
            seen: Mutex::new(Seen { list: List(Vec::new()), result: None, differences: None, is_exact: false }),
            subscribers: Mutex::default(),
        }
    }

    /// The result, if no commit since can have changed it and nothing else can.
    pub(crate) fn cached(&self) -> Option<K::Output> {
        if self.reads.get().is_none_or(|reads| reads.is_volatile()) {
            return None;
        }
        // A run that is under way clears the mark first and holds the lock until its result is there.
        let seen = lock(&self.seen);
        if self.marked.load(Ordering::Acquire) {
            return None;
        }
        seen.result.as_ref()?.as_ref().ok().cloned()
    }

    /// Runs the query again if it is marked.
    pub(crate) fn refresh(&self, engine: &Engine) {
        let mut seen = lock(&self.seen);
        // Cleared before reading: a commit that comes between marks again.
        if !self.marked.swap(false, Ordering::AcqRel) {
            return;
        }
        let mut mark = Mark { marked: &self.marked, written: &self.written, is_due: true };
        let entered = inside::enter(Inside::Decoding);
        let written = lock(&self.written).take();
        if let Some(kept) = self.keep(&mut seen, written) {
            mark.is_due = false;
            drop((seen, entered));
            drop(kept);
            return;
        }
        engine.usage.reruns.add(1);
        self.runs.add(1);
        let _span = trace::query(&engine.store, self.statement.label(), &self.statement.sql).entered();
        let mut encoded: Vec<Vec<u8>> = Vec::with_capacity(seen.list.0.len());
        let mut rows = Collector::<K>::new(self.statement.is_in_order(), self.statement.is_single());
        let run = engine.session.query(&self.statement, &mut |cells| {
            rows.take_or_reuse(cells, |layout| {
                let mut row = Vec::new();
                layout.positions().for_each(|index| cells.value(index).encode(&mut row));
                let index = encoded.len();
                let known = seen.list.0.get(index).filter(|entry| entry.encoded == row);
                encoded.push(row);
                known.map(|entry| Arc::clone(&entry.row))
            })
        });
        if run.as_ref().is_err_and(|error| *error == SessionError::Closed) {
            // The store was shut down meanwhile, which is no result of the query.
            return;
        }
        if let Ok(reads) = &run {
            self.learn(reads);
        }
        let ran = run.is_ok();
        let is_exact = self.has_told_all();
        let new_rows = rows.rows().to_vec();
        let result = engine.finish(&self.statement, run.map(|_| ()), rows);
        // Not before: the user's `Clone` may panic, which leaves the result before.
        mark.is_due = !ran;
        let same = match (&seen.result, &result) {
            (Some(Ok(_)), Ok(_)) => seen.list.0.iter().map(|entry| &entry.encoded).eq(&encoded),
            (Some(Err(before)), Err(now)) => before.to_string() == now.to_string(),
            _ => false,
        };
        seen.is_exact = is_exact;
        if !same {
            let list = encoded.into_iter().zip(new_rows).map(|(encoded, row)| Entry { encoded, row }).collect();
            let now = Seen { list: List(list), result: Some(result), differences: None, is_exact };
            let before = std::mem::replace(&mut *seen, now);
            self.version.fetch_add(1, Ordering::AcqRel);
            // Dropping rows may run user code, which may use the store.
            drop((seen, entered));
            drop(before);
        }
    }

    /// The rows of a result that is kept by those that are written, and their order.
    fn listed(&self) -> Option<(&RowsOf, &ListOrder)> {
        Some((self.rows.first()?, self.list_order.as_ref()?))
    }

    /// Keeps the result by the rows that were written. `None` where the query has to run; else what was replaced.
    fn keep(&self, seen: &mut Seen<K>, written: Written) -> Option<impl Sized + use<K>> {
        let (Some((rows, order)), Written::Rows(written)) = (self.listed(), written) else { return None };
        if !seen.is_exact || !matches!(seen.result, Some(Ok(_))) || !self.has_told_all() {
            return None;
        }
        let Kept { changes, replaced } = seen.list.keep(rows, order, &self.statement.values, written)?;
        if changes.is_empty() {
            return Some((None, replaced));
        }
        // The user's `Clone` may panic, which leaves no result, so that the next run gives one that differs.
        let before = seen.result.take();
        seen.result = Some(Ok(K::finish(seen.list.rows()).ok()?));
        seen.differences = Some(changes.into());
        self.version.fetch_add(1, Ordering::AcqRel);
        Some((before, replaced))
    }

    /// Whether every commit that is visible by now has marked the query, and none since it was unmarked: asked after a read,
    /// whether none of those in it is still to be told.
    fn has_told_all(&self) -> bool {
        // In this order: a commit marks the query before it ends.
        self.live.upgrade().is_some_and(|live| !live.is_committing()) && lock(&self.written).is_empty()
    }

    /// Takes up what it reads, once.
    fn learn(&self, reads: &Arc<ReadSet>) {
        if self.reads.set(Arc::clone(reads)).is_ok()
            && let Some(live) = self.live.upgrade()
        {
            live.place(&self.identity(), self.order, reads, &self.rows);
        }
    }

    fn identity(&self) -> Identity {
        (self.statement.clone(), TypeId::of::<K>())
    }

    /// Counts the different results, 0 before the first.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(crate) fn result(&self) -> Option<(u64, Result<K::Output, StoreError>)> {
        self.told().map(|told| (told.version, told.result))
    }

    fn told(&self) -> Option<Told<K>> {
        let seen = lock(&self.seen);
        let (version, result) = (self.version.load(Ordering::Acquire), seen.result.clone()?);
        Some(Told { version, result, differences: seen.differences.clone() })
    }

    /// Tells every subscriber that does not know this version.
    fn tell(&self, told: &Told<K>) {
        let all = lock(&self.subscribers).list();
        for subscriber in &*all {
            // Nobody else tells meanwhile but a callback of these, on this thread.
            let knew = subscriber.knows.load(Ordering::Relaxed);
            if knew < told.version {
                subscriber.knows.store(told.version, Ordering::Relaxed);
                let differences = told.differences.as_ref().filter(|_| knew + 1 == told.version);
                self.call(subscriber, &told.result, differences);
            }
        }
        // It may be the last to have one that left meanwhile.
        guarded(|| drop(all));
    }

    /// Tells one subscriber the present result, whatever it knows.
    pub(crate) fn tell_now(&self, id: u64) {
        let Some(told) = self.told() else { return };
        let subscriber = lock(&self.subscribers).by_id.get(&id).cloned();
        if let Some(subscriber) = subscriber {
            subscriber.knows.store(told.version, Ordering::Relaxed);
            self.call(&subscriber, &told.result, None);
            guarded(|| drop(subscriber));
        }
    }

    fn call(
        &self,
        subscriber: &Subscriber<K>,
        result: &Result<K::Output, StoreError>,
        differences: Option<&Differences<K::Row>>,
    ) {
        // A subscriber before may have dropped this one's subscription.
        if !subscriber.is_removed.load(Ordering::Acquire)
            && let Err(panic) =
                catch_unwind(AssertUnwindSafe(|| (*lock(&subscriber.callback))(result.clone(), differences)))
        {
            self.report(&*panic);
            let removed = self.remove(subscriber.id);
            guarded(|| drop((removed, panic)));
        }
    }

    /// The last call to a subscriber, which is let go then.
    fn call_last(&self, subscriber: Arc<Subscriber<K>>, error: &StoreError) {
        let called = catch_unwind(AssertUnwindSafe(|| {
            // Whoever closes the store waits for this call.
            let _no_waiting = inside::forbid_waiting(Waiter::Observer);
            (*lock(&subscriber.callback))(Err(error.clone()), None);
        }));
        if let Err(panic) = called {
            self.report(&*panic);
            guarded(|| drop(panic));
        }
        guarded(|| drop(subscriber));
    }

    fn report(&self, panic: &(dyn Any + Send)) {
        let store = self.live.upgrade().map(|live| live.engine.store.to_string());
        let (message, label, sql) = (panic_message(panic), self.statement.label(), &*self.statement.sql);
        tracing::error!(store, message, label, sql, "a subscriber panicked and was removed");
    }

    /// Adds a subscriber that knows this version, or with `None` one whose first call is still queued.
    pub(crate) fn add(&self, id: u64, knows: Option<u64>, callback: Callback<K>) {
        let subscriber = Subscriber {
            id,
            knows: AtomicU64::new(knows.unwrap_or(EVERYTHING)),
            is_removed: AtomicBool::new(false),
            callback: Mutex::new(callback),
        };
        let mut subscribers = lock(&self.subscribers);
        subscribers.by_id.insert(id, Arc::new(subscriber));
        subscribers.list = None;
    }

    /// Takes a subscriber out. What is returned is dropped with no lock held.
    pub(crate) fn remove(&self, id: u64) -> Option<impl Sized + use<K>> {
        let mut subscribers = lock(&self.subscribers);
        let removed = subscribers.by_id.remove(&id)?;
        removed.is_removed.store(true, Ordering::Release);
        Some((removed, subscribers.list.take()))
    }
}

/// Marks a query again unless its run came to an end.
struct Mark<'a> {
    marked: &'a AtomicBool,
    written: &'a Mutex<Written>,
    is_due: bool,
}

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        if self.is_due {
            *lock(self.written) = Written::Anything;
            self.marked.store(true, Ordering::Release);
        }
    }
}

impl<K: Cardinality> Node for LiveQuery<K> {
    fn order(&self) -> u64 {
        self.order
    }

    fn may_concern(&self, table: &str, changes: &TableChanges) -> bool {
        let Some(rows) = rows_of(&self.rows, table) else { return true };
        changes.rows.iter().flat_map(RowChange::states).any(|state| {
            let value = |column: &str| changes.watched.position(column).map(|at| &state[at]);
            rows.holds(&self.statement.values, &value) != Some(false)
        })
    }

    fn reads(&self) -> Option<&ReadSet> {
        self.reads.get().map(|reads| &**reads)
    }

    fn look(&self) -> LiveQuerySnapshot {
        LiveQuerySnapshot {
            label: self.statement.label(),
            sql: Arc::clone(&self.statement.sql),
            subscribers: lock(&self.subscribers).by_id.len(),
            runs: self.runs.get(),
        }
    }

    fn mark(&self, writes: &WriteSet) {
        if let Some((rows, _)) = self.listed() {
            lock(&self.written).add(rows, &self.statement.values, writes);
        }
        self.marked.store(true, Ordering::Release);
    }

    fn end(&self, error: &StoreError) {
        let ended = std::mem::take(&mut *lock(&self.subscribers));
        drop(ended.list);
        for subscriber in ended.by_id.into_values() {
            self.call_last(subscriber, error);
        }
    }

    fn refresh_and_tell(&self, engine: &Engine) {
        self.refresh(engine);
        if let Some(told) = self.told() {
            self.tell(&told);
        }
    }
}

impl<K: Cardinality> Drop for LiveQuery<K> {
    fn drop(&mut self) {
        if let Some(live) = self.live.upgrade() {
            live.forget(&self.identity());
        }
    }
}
