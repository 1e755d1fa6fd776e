//! [`Watched`]: a value of a store that is followed through the store's generations.

use std::sync::{Arc, Weak};

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::host::current::Current;
use crate::host::threads::{Mutex, lock};
use crate::phase::{Phase, ShutdownCause};
use crate::slot::hold::Hold;
use crate::slot::slot::Slot;
use crate::slot::transition::State;
use crate::store::context::StoreContext;
use crate::store::mounted::Mounted;
use crate::store::store::Store;
use crate::store::watch::Watch;
use crate::store::watchable::Watchable;

/// A value of a mounted store, or why there is none just now. Made by [`Mounted::watch`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Watched<T> {
    /// The store loads.
    Loading,
    /// The store runs, and this is the value.
    Ready(T),
    /// The store did not open, or its query failed.
    Error(StoreError),
    /// The store was shut down. Mounting it again loads it.
    Shutdown(ShutdownCause),
}

impl<T> Watched<T> {
    /// The value, where there is one.
    #[must_use]
    pub fn ready(self) -> Option<T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

impl<S: StoreContext> Mounted<S> {
    /// Keeps a value of the store current through all its generations: after a retry, and after a shutdown and another
    /// mount, `query` is asked again for what to watch in the store that runs then.
    ///
    /// `query` runs on any thread, and may use the store. The watch holds the store no more than a subscription does. It
    /// follows the store as an observer does: whoever waits for the store may have it a moment before the watch says so.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # use store_context::query::Watched;
    /// # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
    /// let registry = StoreRegistry::new();
    /// let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry)?;
    /// let store = mounted.store().await?;
    /// let total = mounted.watch(|store| store.total());
    /// assert_eq!(total.get().ready(), Some(0));
    /// store.commit(ProjectEvent::IssueCreated { id: "1".into(), title: "First".into() })?;
    /// assert_eq!(total.get().ready(), Some(1));
    /// mounted.shutdown().await?;
    /// assert!(matches!(total.get(), Watched::Shutdown(_)));
    /// # Ok(()) }) }
    /// ```
    #[must_use = "the value is kept current as long as the watch lives"]
    pub fn watch<W: Watchable<S>>(
        &self,
        query: impl Fn(&S::Handle) -> W + Send + Sync + 'static,
    ) -> Watch<Watched<W::Value>> {
        let current = Arc::new(Current::new());
        let follow = Arc::new(Follow::<S, W> {
            slot: Arc::downgrade(self.slot()),
            query: Box::new(query),
            current: Arc::downgrade(&current),
            followed: Mutex::default(),
        });
        // Here first, so that there is a value; what comes meanwhile is told to the observer.
        let present = self.slot().current();
        follow.follow(present.number, &present.state());
        let observes = self.observe_now(move |transition| follow.follow(transition.generation, &transition.to));
        // The store ended between the two looks, and the observer's call is still to come.
        current.begin(Watched::Loading);
        Watch::new(current, observes)
    }

    /// The phase of the store, kept current: for who has no use for each step of a load.
    #[must_use = "the phase is kept current as long as the watch lives"]
    pub fn phase(&self) -> Watch<Phase> {
        let current = Arc::new(Current::new());
        current.begin(self.slot().current().state().phase());
        let kept = Arc::downgrade(&current);
        let observes = self.observe_now(move |transition| {
            let Some(current) = Weak::upgrade(&kept) else { return };
            let phase = transition.to.phase();
            if current.get().is_none_or(|before| before != phase) {
                current.put(phase);
                current.tell();
            }
        });
        Watch::new(current, observes)
    }
}

type Query<S, W> = Box<dyn Fn(&<S as StoreContext>::Handle) -> W + Send + Sync>;

/// What keeps a [`Watch`] current from one generation to the next.
struct Follow<S: StoreContext, W: Watchable<S>> {
    slot: Weak<Slot>,
    query: Query<S, W>,
    current: Weak<Current<Watched<W::Value>>>,
    followed: Mutex<Followed>,
}

/// Where the store was when it was last looked at.
#[derive(Default)]
struct Followed {
    generation: u64,
    phase: Option<Phase>,
    /// A later value of this generation came before its first.
    is_told: bool,
    live: Option<Subscription>,
}

impl<S: StoreContext, W: Watchable<S>> Follow<S, W> {
    /// Takes up a transition. Nothing happens where it is known, as each further step of a load is.
    fn follow(self: &Arc<Self>, generation: u64, state: &State) {
        let phase = state.phase();
        let ended = {
            let mut followed = lock(&self.followed);
            if (followed.generation, followed.phase) == (generation, Some(phase)) {
                return;
            }
            let now = Followed { generation, phase: Some(phase), is_told: false, live: None };
            std::mem::replace(&mut *followed, now).live
        };
        drop(ended);
        match state {
            State::Loading(_) => self.tell(generation, phase, Watched::Loading),
            State::Error(error) => self.tell(generation, phase, Watched::Error(error.clone())),
            State::Shutdown(cause) => self.tell(generation, phase, Watched::Shutdown(cause.clone())),
            State::Running => self.subscribe(generation),
        }
    }

    fn subscribe(self: &Arc<Self>, generation: u64) {
        let Some(slot) = self.slot.upgrade() else { return };
        let Some(hold) = Hold::again(&slot, generation) else { return };
        let follows = Arc::downgrade(self);
        let query = (self.query)(&Store::new(hold).into());
        let live = query.subscribe_from(Box::new(move |result| {
            let Some(follow) = follows.upgrade() else { return };
            match result {
                // The transition tells it, in its turn.
                Err(StoreError::Shutdown { .. }) => {}
                Err(error) => follow.tell(generation, Phase::Running, Watched::Error(error)),
                Ok(value) => follow.tell(generation, Phase::Running, Watched::Ready(value)),
            }
        }));
        drop(query);
        match live {
            Ok((first, live)) => self.begin(generation, Watched::Ready(first), Some(live)),
            Err(StoreError::Shutdown { .. }) => {}
            Err(error) => self.begin(generation, Watched::Error(error), None),
        }
    }

    /// Tells the first value of a generation, unless a later one was told by now.
    fn begin(&self, generation: u64, first: Watched<W::Value>, live: Option<Subscription>) {
        self.tell_if(generation, Phase::Running, first, |followed| {
            followed.live = live;
            !followed.is_told
        });
    }

    /// Tells a value, unless the store is in another state by now.
    fn tell(&self, generation: u64, phase: Phase, value: Watched<W::Value>) {
        self.tell_if(generation, phase, value, |_| true);
    }

    fn tell_if(
        &self,
        generation: u64,
        phase: Phase,
        value: Watched<W::Value>,
        is_due: impl FnOnce(&mut Followed) -> bool,
    ) {
        let Some(current) = self.current.upgrade() else { return };
        let mut followed = lock(&self.followed);
        let is_there = (followed.generation, followed.phase) == (generation, Some(phase));
        if !is_there || !is_due(&mut followed) {
            // What is not told is dropped without the lock, as it is the user's.
            return drop(followed);
        }
        followed.is_told = true;
        // Under the lock, so that no value of another state comes between; told and dropped without it.
        let before = current.put(value);
        drop(followed);
        drop(before);
        current.tell();
    }
}
