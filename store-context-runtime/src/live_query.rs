//! One live query: its last result, and who is told when it differs.

use std::any::{Any, TypeId};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock, Weak};

use crate::core::{Core, panic_message};
use crate::error::StoreError;
use crate::footprint::ReadSet;
use crate::live::{Node, guarded};
use crate::reentrancy::{self, Inside};
use crate::result::{Cardinality, Collector};
use crate::session::SessionError;
use crate::statement::Statement;
use crate::sync::{AtomicBool, AtomicU64, Mutex, Ordering, lock};
use crate::trace;

pub(crate) type Callback<K> = Box<dyn FnMut(Result<<K as Cardinality>::Output, StoreError>) + Send>;

struct Subscriber<K: Cardinality> {
    id: u64,
    /// The version of the result that it knows.
    knows: u64,
    callback: Arc<Mutex<Callback<K>>>,
}

/// Known by a subscriber whose first call is still queued, so that no round comes before it.
const EVERYTHING: u64 = u64::MAX;

struct Seen<K: Cardinality> {
    /// The rows as read, in an encoding that differs when a value or its type does.
    encoded: Vec<Vec<u8>>,
    rows: Vec<Arc<K::Row>>,
    result: Option<Result<K::Output, StoreError>>,
}

/// A query that somebody subscribes to; all who do share it.
pub(crate) struct LiveQuery<K: Cardinality> {
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
    pub(crate) fn new(statement: Statement, core: Weak<Core>) -> Self {
        Self {
            statement,
            core,
            reads: OnceLock::new(),
            marked: AtomicBool::new(true),
            version: AtomicU64::new(0),
            seen: Mutex::new(Seen { encoded: Vec::new(), rows: Vec::new(), result: None }),
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
    fn refresh(&self, core: &Core) {
        let mut seen = lock(&self.seen);
        // Cleared before reading: a commit that comes between marks again.
        if !self.marked.swap(false, Ordering::AcqRel) {
            return;
        }
        core.usage.reruns.add(1);
        let _span = trace::query(&core.store, &self.statement).entered();
        let mut mark = Mark { marked: &self.marked, is_due: true };
        let entered = reentrancy::enter(Inside::Decoding);
        let mut encoded: Vec<Vec<u8>> = Vec::with_capacity(seen.encoded.len());
        let mut rows = Collector::<K>::new();
        let run = core.session.query(&self.statement, &mut |cells| {
            rows.take_or_reuse(cells, |layout| {
                let mut row = Vec::new();
                layout.positions().iter().for_each(|index| cells.value(*index).encode(&mut row));
                let index = encoded.len();
                let known = seen.rows.get(index).filter(|_| seen.encoded.get(index) == Some(&row));
                encoded.push(row);
                known.cloned()
            })
        });
        if run.as_ref().is_err_and(|error| *error == SessionError::Closed) {
            // The store was shut down meanwhile, which is no result of the query.
            return;
        }
        if let Ok(reads) = &run {
            let _ = self.reads.set(Arc::clone(reads));
        }
        let ran = run.is_ok();
        let new_rows = rows.rows().to_vec();
        let result = core.finish(&self.statement, run.map(|_| ()), rows);
        // Not before: the user's `Clone` may panic, which leaves the result before.
        mark.is_due = !ran;
        let same = match (&seen.result, &result) {
            (Some(Ok(_)), Ok(_)) => seen.encoded == encoded,
            (Some(Err(before)), Err(now)) => before.to_string() == now.to_string(),
            _ => false,
        };
        if !same {
            let before = std::mem::replace(&mut *seen, Seen { encoded, rows: new_rows, result: Some(result) });
            self.version.fetch_add(1, Ordering::AcqRel);
            // Dropping rows may run user code, which may use the store.
            drop((seen, entered));
            drop(before);
        }
    }

    fn result(&self) -> Option<(u64, Result<K::Output, StoreError>)> {
        let seen = lock(&self.seen);
        seen.result.clone().map(|result| (self.version.load(Ordering::Acquire), result))
    }

    /// Tells every subscriber that does not know this version.
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
            // A subscriber before may have dropped this one's subscription.
            if lock(&self.subscribers).iter().any(|subscriber| subscriber.id == id) {
                self.call(id, callback, result.clone());
            }
        }
    }

    /// Tells one subscriber the present result, whatever it knows.
    fn tell_now(&self, id: u64) {
        let Some((version, result)) = self.result() else { return };
        let callback = lock(&self.subscribers).iter_mut().find(|subscriber| subscriber.id == id).map(|subscriber| {
            subscriber.knows = version;
            Arc::clone(&subscriber.callback)
        });
        if let Some(callback) = callback {
            self.call(id, callback, result);
        }
    }

    fn call(&self, id: u64, callback: Arc<Mutex<Callback<K>>>, result: Result<K::Output, StoreError>) {
        let called = catch_unwind(AssertUnwindSafe(|| (*lock(&callback))(result)));
        if let Err(panic) = called {
            let store = self.core.upgrade().map(|core| core.store.to_string());
            let (message, sql) = (panic_message(&*panic), &*self.statement.sql);
            tracing::error!(store, message, sql, "a subscriber panicked and was removed");
            let removed = self.remove(id);
            guarded(|| drop((removed, panic)));
        }
        guarded(|| drop(callback));
    }

    fn remove(&self, id: u64) -> Option<Subscriber<K>> {
        let mut subscribers = lock(&self.subscribers);
        let index = subscribers.iter().position(|subscriber| subscriber.id == id)?;
        Some(subscribers.remove(index))
    }
}

/// Marks a query again unless its run came to an end.
struct Mark<'a> {
    marked: &'a AtomicBool,
    is_due: bool,
}

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        if self.is_due {
            self.marked.store(true, Ordering::Release);
        }
    }
}

impl<K: Cardinality> Node for LiveQuery<K> {
    fn reads(&self) -> Option<&ReadSet> {
        self.reads.get().map(|reads| &**reads)
    }

    fn mark(&self) {
        self.marked.store(true, Ordering::Release);
    }

    fn refresh_and_tell(&self, core: &Core) {
        self.refresh(core);
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

/// Keeps a subscriber of a query, or an observer of a store's life, subscribed; dropping it unsubscribes.
///
/// It does not keep the store open. A call that is under way on another thread while the subscription is dropped
/// may still end.
#[must_use = "dropping the subscription unsubscribes at once"]
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
    static NEXT_ID: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    reentrancy::refuse(&core.store, "a subscription")?;
    let query = core.live.find_or_add::<K>(core, statement);
    let before = query.version.load(Ordering::Acquire);
    query.refresh(core);
    let Some((version, result)) = query.result() else {
        return Err(core.shutdown_error());
    };
    // A query that cannot run at all is the caller's to hear of, not the subscriber's.
    result?;
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    let subscriber =
        Subscriber { id, knows: if now { EVERYTHING } else { version }, callback: Arc::new(Mutex::new(callback)) };
    lock(&query.subscribers).push(subscriber);
    if now {
        let told = Arc::clone(&query);
        core.live.call(core, move || told.tell_now(id));
    }
    if (before != 0 && version != before) || query.version.load(Ordering::Acquire) != version {
        // The result changed while subscribing: after the round that told everybody else, or without one where an
        // error went away.
        core.live.look_at(core, Arc::<LiveQuery<K>>::clone(&query));
    }
    Ok(Subscription::new(Box::new(Removal { query, id })))
}
