//! [`Live`]: the live queries of a store, which of them a commit can have changed, and who runs the rounds that tell of it.
//!
//! A commit queues a round after it is visible. One thread at a time runs the rounds of a store, with no lock held
//! while a subscriber runs, so every subscriber sees states in order.

use std::any::TypeId;
use std::sync::{Arc, OnceLock, Weak};

use crate::adapter::footprint::{ReadSet, WriteSet};
use crate::engine::engine::Engine;
use crate::engine::live::index::{Index, Watched};
use crate::engine::live::node::{Found, Identity, Node};
use crate::error::StoreError;
use crate::host::panics::guarded;
use crate::host::threads::thread::{self, ThreadId};
use crate::host::threads::{AtomicUsize, Mutex, Ordering, lock};
use crate::host::usage::LiveQuerySnapshot;
use crate::sql::condition::RowsOf;
use crate::sql::statement::Statement;
use crate::trace;

/// How many rounds in a row subscribers may cause by committing.
const MAX_ROUNDS: u32 = 100;

/// The live queries of one store.
pub(crate) struct Live {
    pub(crate) engine: Arc<Engine>,
    queries: Mutex<Queries>,
    rounds: Mutex<Rounds>,
    /// Commits that may be visible and have not marked yet what they touch.
    committing: AtomicUsize,
    /// Why the store ended, once its session is closed.
    ended: OnceLock<StoreError>,
}

/// The live queries, and what of the tables they have the engine watch.
#[derive(Default)]
struct Queries {
    index: Index,
    /// Counts the differences in what is watched.
    watched: u64,
}

impl Queries {
    /// What is watched from now on.
    fn watch(&mut self) -> Watched {
        self.watched += 1;
        (self.watched, self.index.watched())
    }
}

#[derive(Default)]
struct Rounds {
    /// Queries to look at. Who has no subscriber any more by then is not looked at.
    nodes: Vec<Weak<dyn Node>>,
    /// How many queries commits did not concern.
    skipped: usize,
    calls: Vec<Box<dyn FnOnce() + Send>>,
    runner: Runner,
    /// Whether the runner's own subscribers added work to the next round.
    added_by_runner: bool,
    depth: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Runner {
    #[default]
    Nobody,
    Thread(ThreadId),
    /// A thread that is starting.
    HandedOver,
}

impl Rounds {
    fn is_idle(&self) -> bool {
        self.nodes.is_empty() && self.calls.is_empty()
    }
}

/// While it lives, no cached result of the store is served.
pub(crate) struct Committing(Arc<Live>);

impl Drop for Committing {
    fn drop(&mut self) {
        self.0.committing.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Live {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self {
            engine,
            queries: Mutex::default(),
            rounds: Mutex::default(),
            committing: AtomicUsize::new(0),
            ended: OnceLock::new(),
        }
    }

    /// Begins before a commit is visible, and ends when what it touches is marked or it is undone.
    pub(crate) fn committing(self: &Arc<Self>) -> Committing {
        self.committing.fetch_add(1, Ordering::AcqRel);
        Committing(Arc::clone(self))
    }

    /// The queries that these writes can have changed, and how many others there are.
    fn touched(&self, writes: &WriteSet) -> (Vec<Arc<dyn Node>>, usize) {
        let mut found = Found::default();
        let all = {
            let queries = lock(&self.queries);
            queries.index.touched(writes, &mut found);
            queries.index.len()
        };
        let touched = found.touched();
        let others = all.saturating_sub(touched.len());
        (touched, others)
    }

    /// Takes up a committed change, and runs the rounds unless another thread does.
    pub(crate) fn changed(self: &Arc<Self>, writes: &WriteSet, committing: Option<Committing>) {
        let (touched, skipped) = if writes.is_empty() { Default::default() } else { self.touched(writes) };
        touched.iter().for_each(|node| node.mark(writes));
        drop(committing);
        if !touched.is_empty() || skipped > 0 {
            self.queue(|rounds| {
                rounds.nodes.extend(touched.iter().map(Arc::downgrade));
                rounds.skipped += skipped;
            });
        }
    }

    /// Queues a call to a subscriber; inside another one it is made at once.
    pub(crate) fn call(self: &Arc<Self>, call: impl FnOnce() + Send + 'static) {
        if self.is_run_here() {
            call();
        } else {
            self.queue(|rounds| rounds.calls.push(Box::new(call)));
        }
    }

    /// Queues the end: every subscriber is told why the store ended, and let go. Called when the session is closed.
    pub(crate) fn end(self: &Arc<Self>, error: StoreError) {
        if self.ended.set(error).is_ok() {
            let all = lock(&self.queries).index.all();
            self.queue(|rounds| rounds.nodes.extend(all.iter().map(Arc::downgrade)));
        }
    }

    /// Whether the store ended.
    pub(crate) fn is_ended(&self) -> bool {
        self.ended.get().is_some()
    }

    /// Queues a look at one query.
    pub(crate) fn look_at(self: &Arc<Self>, node: &Arc<dyn Node>) {
        self.queue(|rounds| rounds.nodes.push(Arc::downgrade(node)));
    }

    fn queue(self: &Arc<Self>, add: impl FnOnce(&mut Rounds)) {
        let me = Runner::Thread(thread::current().id());
        {
            let mut rounds = lock(&self.rounds);
            add(&mut rounds);
            if rounds.runner != Runner::Nobody {
                rounds.added_by_runner |= rounds.runner == me;
                return;
            }
            rounds.runner = me;
        }
        self.run_rounds(true);
    }

    /// Runs rounds until there is no more to do. What other threads add meanwhile is theirs, so a thread that has work
    /// of its own hands it over: it would otherwise go on for as long as anybody commits.
    fn run_rounds(self: &Arc<Self>, hands_over: bool) {
        let unwinding = Unwinding(self);
        let mut is_first = true;
        loop {
            let (nodes, skipped, calls) = {
                let mut rounds = lock(&self.rounds);
                let own = std::mem::take(&mut rounds.added_by_runner);
                rounds.depth = if own { rounds.depth + 1 } else { 0 };
                let is_idle = rounds.is_idle();
                if is_idle {
                    // Under the lock, so that nobody adds work to a round that does not come.
                    rounds.runner = Runner::Nobody;
                }
                if is_idle || (hands_over && !is_first && !own && self.hand_over(&mut rounds)) {
                    std::mem::forget(unwinding);
                    return;
                }
                (
                    std::mem::take(&mut rounds.nodes),
                    std::mem::take(&mut rounds.skipped),
                    std::mem::take(&mut rounds.calls),
                )
            };
            is_first = false;
            let mut nodes: Vec<_> = nodes.iter().filter_map(Weak::upgrade).collect();
            // The order is that of the first subscription, whichever commit concerned it.
            nodes.sort_by_key(|node| node.order());
            nodes.dedup_by_key(|node| node.order());
            self.engine.usage.skipped_reruns.add(skipped as u64);
            let _span = trace::notify(&self.engine.store, nodes.len(), skipped).entered();
            for call in calls {
                guarded(call);
            }
            for node in nodes {
                // Whatever is the last to hold the query drops its subscribers, which is their code.
                guarded(move || match self.ended.get() {
                    None => node.refresh_and_tell(&self.engine),
                    Some(error) => node.end(error),
                });
            }
        }
    }

    /// Whether a thread of its own goes on with the rounds.
    fn hand_over(self: &Arc<Self>, rounds: &mut Rounds) -> bool {
        let live = Arc::clone(self);
        let runs = move || {
            lock(&live.rounds).runner = Runner::Thread(thread::current().id());
            live.run_rounds(false);
        };
        let started = thread::Builder::new().name("store-context-rounds".to_owned()).spawn(runs).is_ok();
        if started {
            rounds.runner = Runner::HandedOver;
        }
        started
    }

    /// Whether the calling thread is inside a subscriber of this store.
    fn is_run_here(&self) -> bool {
        lock(&self.rounds).runner == Runner::Thread(thread::current().id())
    }

    /// Refuses a commit of a subscriber after too many rounds in a row.
    pub(crate) fn refuse_endless_rounds(&self) -> Result<(), StoreError> {
        let rounds = lock(&self.rounds);
        if rounds.depth >= MAX_ROUNDS && rounds.runner == Runner::Thread(thread::current().id()) {
            return Err(StoreError::SubscriberLoop { store: self.engine.store.clone(), rounds: rounds.depth });
        }
        Ok(())
    }

    /// Whether a commit may be visible that has not marked yet what it touches.
    pub(crate) fn is_committing(&self) -> bool {
        self.committing.load(Ordering::Acquire) > 0
    }

    /// A look at each query, in their order.
    pub(crate) fn look(&self) -> Vec<LiveQuerySnapshot> {
        let all = lock(&self.queries).index.all();
        all.iter().map(|query| query.look()).collect()
    }

    /// The live query with this identity.
    pub(crate) fn find(&self, statement: &Statement, kind: TypeId) -> Option<Arc<dyn Node>> {
        lock(&self.queries).index.get(statement, kind)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.queries).index.len() == 0
    }

    /// The live query with this identity, made where there is none.
    pub(crate) fn find_or_add(&self, identity: Identity, make: impl FnOnce(u64) -> Arc<dyn Node>) -> Arc<dyn Node> {
        let mut queries = lock(&self.queries);
        match queries.index.get(&identity.0, identity.1) {
            Some(query) => query,
            None => queries.index.add(identity, make),
        }
    }

    /// Takes up what a query reads, from its first run on.
    pub(crate) fn place(&self, identity: &Identity, order: u64, reads: &ReadSet, rows: &[RowsOf]) {
        self.with_queries(|index| index.place(identity, order, reads, rows));
    }

    pub(crate) fn forget(&self, identity: &Identity) {
        self.with_queries(|index| index.forget(identity));
    }

    /// Changes the queries, and tells the engine where they have it watch something else.
    fn with_queries(&self, change: impl FnOnce(&mut Index) -> bool) {
        let watched = {
            let mut queries = lock(&self.queries);
            change(&mut queries.index).then(|| queries.watch())
        };
        if let Some((version, tables)) = watched {
            self.engine.session.watch(version, tables);
        }
    }
}

/// Leaves the rounds to the next thread where this one unwinds.
struct Unwinding<'a>(&'a Live);

impl Drop for Unwinding<'_> {
    fn drop(&mut self) {
        lock(&self.0.rounds).runner = Runner::Nobody;
    }
}
