//! [`Slot`]: the place of one store, through all its generations. The only code that moves a store from phase to phase.
//!
//! One lock guards the phase, the guards and the cache time. Nothing that may take long or calls foreign code runs under
//! it: what a transition leads to is done by `after`, when the lock is released.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures::channel::oneshot;
use futures::future::select;

use crate::adapter::boot::BootStatus;
use crate::error::StoreError;
use crate::host::host::Host;
use crate::host::spawner::Work;
use crate::host::threads::{Mutex, lock};
use crate::host::usage::Usage;
use crate::id::StoreName;
use crate::phase::{Phase, ShutdownCause};
use crate::slot::cache_time;
use crate::slot::generation::Generation;
use crate::slot::life::{Life, Trigger};
use crate::slot::loading::{Identity, Load, Opener};
use crate::slot::observe::{Observer, Observers};
use crate::slot::transition::{State, Transition};

pub(crate) struct Slot {
    pub(super) store: StoreName,
    pub(super) host: Arc<Host>,
    usage: Arc<Usage>,
    observers: Observers,
    /// Swapped under the lock, looked at without it.
    current: ArcSwap<Generation>,
    pub(super) state: Mutex<Locked>,
}

pub(super) struct Locked {
    pub(super) life: Life,
    /// Which schema and adapter it was mounted with last.
    identity: Option<Identity>,
    /// Loads the next generation after `retry`. Let go when the store is shut down: a boot hook may hold anything.
    opener: Option<Arc<dyn Opener>>,
    /// Mount guards.
    pub(super) guards: usize,
    /// How long the store stays when nobody holds it: the longest that was asked for since it was mounted.
    pub(super) cache_time: Duration,
    /// When it is shut down unless somebody holds it before.
    pub(super) deadline: Option<Duration>,
    /// Since when nobody holds it, where that is so.
    pub(super) unused_since: Duration,
    /// Ends the task that waits for the deadline.
    pub(super) timer: Option<oneshot::Sender<()>>,
    /// When it was mounted, among the stores of its registry.
    order: u64,
}

/// What a transition leads to, done without the lock.
#[derive(Default)]
#[must_use = "a transition is not over before `after`"]
pub(crate) struct After {
    /// The generation whose load is over: whoever waits for it is woken.
    over: Option<Arc<Generation>>,
    load: Option<Load>,
    pub(super) timer: Option<(oneshot::Receiver<()>, Duration)>,
    /// The generation that ended. Who ends one decides which thread closes its file.
    pub(super) ended: Option<Arc<Generation>>,
    /// What nobody needs any more. Dropping it may run foreign code.
    let_go: LetGo,
}

#[derive(Default)]
struct LetGo {
    _opener: Option<Arc<dyn Opener>>,
    _generation: Option<Arc<Generation>>,
    _timer: Option<oneshot::Sender<()>>,
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Slot {
    /// The place of a store that was not mounted yet.
    pub(crate) fn new(store: StoreName, host: Arc<Host>) -> Arc<Self> {
        Arc::new(Self {
            current: ArcSwap::new(Generation::none(store.clone())),
            store,
            host,
            usage: Arc::default(),
            observers: Observers::default(),
            state: Mutex::new(Locked {
                life: Life::new(),
                identity: None,
                opener: None,
                guards: 0,
                cache_time: Duration::ZERO,
                deadline: None,
                unused_since: Duration::ZERO,
                timer: None,
                order: 0,
            }),
        })
    }

    pub(crate) fn store(&self) -> &StoreName {
        &self.store
    }

    pub(crate) fn host(&self) -> &Arc<Host> {
        &self.host
    }

    pub(crate) fn usage(&self) -> &Arc<Usage> {
        &self.usage
    }

    /// The present generation: one look, without a lock.
    pub(crate) fn current(&self) -> Arc<Generation> {
        self.current.load_full()
    }

    /// Moves the store on; where the table has no such move, nothing happens and the phase is the error.
    pub(super) fn transition(
        &self,
        state: &mut Locked,
        trigger: Trigger,
        cause: Option<StoreError>,
    ) -> Result<After, Phase> {
        let phase = state.life.transition(trigger)?;
        let generation = self.current();
        let mut after = After::default();
        match phase {
            Phase::Loading => {
                let started = self.host.timer.now();
                let (next, closed) = Generation::new(self.store.clone(), state.life.generation(), started);
                self.usage.loads.add(1);
                let (opener, before) = (state.opener.clone(), Arc::clone(generation.closed()));
                after.load = opener.map(|opener| Load::new(Arc::clone(&next), opener, before, closed));
                self.current.store(next);
                after.let_go._generation = Some(generation);
            }
            Phase::Running | Phase::Error => {
                self.usage.load_time.set_time(self.host.timer.now().saturating_sub(generation.started()));
                generation.set_outcome(cause.map_or(Ok(()), Err));
                after.over = Some(generation);
            }
            Phase::Shutdown => {
                generation.end(match (trigger, cause) {
                    (Trigger::ShutdownRequested, _) => ShutdownCause::Requested,
                    (Trigger::Disposed, _) => ShutdownCause::Disposed,
                    (Trigger::Broken, Some(error)) => ShutdownCause::Broken { message: error.to_string().into() },
                    _ => ShutdownCause::Unused,
                });
                state.deadline = None;
                after.let_go._timer = state.timer.take();
                after.let_go._opener = state.opener.take();
                after.over = Some(Arc::clone(&generation));
                after.ended = Some(generation);
            }
        }
        self.announce();
        Ok(after)
    }

    /// Queues what the present generation came to; under the lock, so that observers hear it in order.
    fn announce(&self) {
        let generation = self.current();
        self.observers.queue(Transition { generation: generation.number, to: generation.state() });
    }

    /// Does what a transition leads to, and gives the generation that ended: its file is still to be closed.
    pub(crate) fn after(self: &Arc<Self>, after: After) -> Option<Arc<Generation>> {
        // Before anybody is told: an observer may take its time.
        if let Some(load) = after.load {
            self.host.spawn(Work::Load, load.run(Arc::clone(self)));
        }
        if let Some((stopped, time)) = after.timer {
            let waiting = cache_time::wait_until_unused(Arc::downgrade(self), Arc::clone(&self.host), time);
            self.host.spawn(Work::Upkeep, async move { drop(select(stopped, std::pin::pin!(waiting)).await) });
        }
        if let Some(over) = after.over {
            over.loaded().fire(());
        }
        self.observers.tell(&self.store);
        drop(after.let_go);
        after.ended
    }

    // --- mounting and holding ---

    /// Mounts the store once more: loads it where it is shut down, joins the others where it is not. The guard is counted;
    /// the load begins with [`after`](Self::after).
    pub(crate) fn mount(
        &self,
        opener: &Arc<dyn Opener>,
        cache_time: Duration,
        order: u64,
    ) -> Result<After, StoreError> {
        let mut state = lock(&self.state);
        let mut after = After::default();
        let is_shut_down = state.life.phase() == Phase::Shutdown;
        // A guard that is held stands for this schema and this adapter, also where the store was shut down meanwhile.
        if !is_shut_down || state.guards > 0 {
            self.refuse_other(&state, opener.identity())?;
        }
        if is_shut_down {
            state.identity = Some(opener.identity().clone());
            state.opener = Some(Arc::clone(opener));
            state.cache_time = cache_time;
            state.order = order;
            after = self.transition(&mut state, Trigger::Mounted, None).unwrap_or_default();
        } else {
            state.cache_time = state.cache_time.max(cache_time);
            if state.life.phase() == Phase::Error && state.guards == 0 {
                // What nobody holds any more did not open. A retry does what is asked for now.
                after.let_go._opener = state.opener.replace(Arc::clone(opener));
            }
        }
        state.guards += 1;
        state.deadline = None;
        Ok(after)
    }

    /// Counts a guard more of a store that is mounted; `false` where it is shut down.
    pub(crate) fn mount_again(&self, schema: TypeId) -> bool {
        let mut state = lock(&self.state);
        let is_mounted = state.life.phase() != Phase::Shutdown && self.is_of(&state, schema);
        if is_mounted {
            state.guards += 1;
            state.deadline = None;
        }
        is_mounted
    }

    pub(crate) fn is_mounted(&self, schema: TypeId) -> bool {
        let state = lock(&self.state);
        state.life.phase() != Phase::Shutdown && self.is_of(&state, schema)
    }

    fn is_of(&self, state: &Locked, schema: TypeId) -> bool {
        state.identity.as_ref().is_some_and(|identity| identity.schema == schema)
    }

    fn refuse_other(&self, state: &Locked, requested: &Identity) -> Result<(), StoreError> {
        let Some(mounted) = &state.identity else { return Ok(()) };
        let store = self.store.clone();
        if mounted.schema != requested.schema {
            let (mounted, requested) = (mounted.schema_name, requested.schema_name);
            return Err(StoreError::SchemaConflict { store, mounted, requested });
        }
        if mounted.adapter != requested.adapter {
            let (mounted, requested) = (mounted.adapter.clone(), requested.adapter.clone());
            return Err(StoreError::AdapterConflict { store, mounted, requested });
        }
        Ok(())
    }

    /// A guard more, beside one that is held.
    pub(crate) fn guard_again(&self) {
        lock(&self.state).guards += 1;
    }

    /// A guard goes.
    pub(crate) fn unmount(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        state.guards -= 1;
        self.look_whether_unused(state);
    }

    /// The last hold of a generation went.
    pub(crate) fn released(self: &Arc<Self>, generation: &Generation) {
        let state = lock(&self.state);
        if generation.number == state.life.generation() {
            self.look_whether_unused(state);
        }
    }

    /// Counts a hold where there is only a weak one; `false` where the generation has ended.
    pub(crate) fn hold_again(&self, generation: &Generation) -> bool {
        let mut state = lock(&self.state);
        let is_alive = generation.number == state.life.generation() && generation.opened().is_ok();
        if is_alive {
            state.deadline = None;
            generation.hold();
        }
        is_alive
    }

    /// Counts a hold for the boot hook of a load; `false` where nobody wants the load any more.
    pub(crate) fn hold_for_hook(&self, generation: &Generation) -> bool {
        let state = lock(&self.state);
        let is_wanted = generation.number == state.life.generation() && state.life.phase() == Phase::Loading;
        if is_wanted {
            generation.hold();
        }
        is_wanted
    }

    // --- loading ---

    /// The load of a generation came to an end. Says whether anybody still wanted it.
    pub(crate) fn loaded(self: &Arc<Self>, generation: &Generation, outcome: Result<(), StoreError>) -> bool {
        let mut state = lock(&self.state);
        if generation.number != state.life.generation() {
            return false;
        }
        let trigger = if outcome.is_ok() { Trigger::Opened } else { Trigger::Failed };
        let Ok(after) = self.transition(&mut state, trigger, outcome.err()) else { return false };
        drop(state);
        self.after(after);
        if generation.is_not_there() {
            self.released(generation);
        }
        true
    }

    /// A load came further.
    pub(crate) fn progressed(self: &Arc<Self>, number: u64, status: BootStatus) {
        let state = lock(&self.state);
        if number != state.life.generation() || state.life.phase() != Phase::Loading {
            return;
        }
        if !self.current().set_status(status) {
            return;
        }
        self.announce();
        drop(state);
        self.observers.tell(&self.store);
    }

    pub(crate) fn retry(self: &Arc<Self>) -> Result<(), StoreError> {
        let mut state = lock(&self.state);
        let after = self.transition(&mut state, Trigger::Retried, None);
        drop(state);
        self.after(after.map_err(|phase| self.refused(phase, "be retried", "only a store in error loads again"))?);
        Ok(())
    }

    pub(super) fn refused(&self, phase: Phase, asked: &'static str, instead: &'static str) -> StoreError {
        let instead = match (phase, self.current().state()) {
            (Phase::Shutdown, State::Shutdown(cause)) => cause.way_out(),
            _ => instead,
        };
        StoreError::Transition { store: self.store.clone(), phase, asked, instead }
    }

    // --- looking ---

    pub(crate) fn observe(self: &Arc<Self>, observer: Observer, now: bool) -> u64 {
        let state = lock(&self.state);
        let generation = self.current();
        let now = now.then(|| Transition { generation: generation.number, to: generation.state() });
        let id = self.observers.add(observer, now);
        drop(state);
        self.observers.tell(&self.store);
        id
    }

    pub(crate) fn stop_observing(&self, id: u64) {
        self.observers.remove(id);
    }

    /// What is under way: a load, or the closing of a file.
    #[cfg(feature = "test")]
    pub(crate) async fn settle(&self) {
        loop {
            let generation = self.current();
            match generation.state() {
                State::Loading(_) => generation.loaded().wait().await,
                State::Shutdown(_) if !generation.is_closed() => drop(generation.closed().wait().await),
                _ => return,
            }
        }
    }

    pub(crate) fn look(&self) -> Look {
        let state = lock(&self.state);
        let generation = self.current();
        Look {
            holders: state.guards + generation.holds(),
            closes_in: state.deadline.map(|deadline| deadline.saturating_sub(self.host.timer.now())),
            order: state.order,
            is_over: state.life.phase() == Phase::Shutdown && state.guards == 0 && generation.is_closed(),
            is_open: state.life.phase() != Phase::Shutdown,
            unused_since: self.is_unused(&state).then_some(state.unused_since),
            generation,
        }
    }
}

/// A slot as one moment has it.
pub(crate) struct Look {
    pub(crate) generation: Arc<Generation>,
    /// Guards and holds.
    pub(crate) holders: usize,
    /// What is left of the cache time.
    pub(crate) closes_in: Option<Duration>,
    pub(crate) order: u64,
    /// Whether nothing of it is left to wait for.
    pub(crate) is_over: bool,
    pub(crate) is_open: bool,
    /// Since when nobody holds it, where that is so.
    pub(crate) unused_since: Option<Duration>,
}
