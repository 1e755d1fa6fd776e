//! [`Mounted`]: the guard of a mounted store, and the way to its life.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::adapter::boot::BootStatus;
use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::id::StoreName;
use crate::phase::{Phase, ShutdownCause};
use crate::slot::hold::Hold;
use crate::slot::observe::{Observer, Transitions};
use crate::slot::slot::Slot;
use crate::slot::transition::{State, Transition};
use crate::store::context::StoreContext;
use crate::store::key::StoreKey;
use crate::store::shutdown::Shutdown;
use crate::store::store::Store;
use crate::store::suspend::{Reading, Suspended};

/// A mounted store. The guard is a holder: while it lives, the store is not unused.
///
/// It stands for the store through all its lives: after [`retry`](Self::retry), and after a shutdown and another
/// mount, it gives the generation that is there then.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
/// let registry = StoreRegistry::new();
/// let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry)?;
/// let store = match mounted.read()? {           // without waiting
///     Reading::Ready(store) => store,
///     Reading::Suspended(loading) => loading.await?,
/// };
/// assert_eq!(store.total().get()?, 0);
/// mounted.shutdown().await?;
/// assert!(store.total().get().is_err());
/// # Ok(()) }) }
/// ```
#[must_use = "dropping the guard of a store that nobody else holds starts its cache time"]
pub struct Mounted<S: StoreContext> {
    slot: Arc<Slot>,
    schema: PhantomData<fn() -> S>,
}

impl<S: StoreContext> fmt::Debug for Mounted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mounted").field(&self.name().to_string()).finish()
    }
}

/// Guards of the same store, whatever generation it is in.
impl<S: StoreContext> PartialEq for Mounted<S> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.slot, &other.slot)
    }
}

impl<S: StoreContext> Eq for Mounted<S> {}

/// Another guard of the same store.
impl<S: StoreContext> Clone for Mounted<S> {
    fn clone(&self) -> Self {
        self.slot.guard_again();
        Self::counted(Arc::clone(&self.slot))
    }
}

impl<S: StoreContext> Drop for Mounted<S> {
    fn drop(&mut self) {
        self.slot.unmount();
    }
}

impl<S: StoreContext> Mounted<S> {
    /// The slot has counted the guard.
    pub(crate) fn counted(slot: Arc<Slot>) -> Self {
        Self { slot, schema: PhantomData }
    }

    pub(crate) fn slot(&self) -> &Arc<Slot> {
        &self.slot
    }

    /// The schema's name and the store's id.
    #[must_use]
    pub fn name(&self) -> &StoreName {
        self.slot.store()
    }

    /// The store's key in its registry.
    #[must_use]
    pub fn key(&self) -> StoreKey<S> {
        StoreKey::new(self.name().id.clone())
    }

    /// The store, once it runs: a future that suspends until then. Inside a boot hook or an observer, which others wait
    /// for, it gives [`StoreError::Reentrant`].
    pub fn store(&self) -> Suspended<S> {
        Suspended::new(self.hold())
    }

    /// The store if it runs, or what to wait for: one look, which waits for nothing and nobody.
    ///
    /// # Errors
    /// Why the store did not open; [`StoreError::Shutdown`] where it was shut down.
    pub fn read(&self) -> Result<Reading<S>, StoreError> {
        match self.state() {
            StoreState::Running(store) => Ok(Reading::Ready(store)),
            StoreState::Loading(_) => Ok(Reading::Suspended(self.store())),
            StoreState::Error(error) => Err(error),
            StoreState::Shutdown(cause) => Err(StoreError::Shutdown { store: self.name().clone(), cause }),
        }
    }

    /// Where the store is in its life now.
    #[must_use]
    pub fn state(&self) -> StoreState<S> {
        let generation = self.slot.current();
        match generation.state() {
            State::Loading(status) => StoreState::Loading(status),
            State::Running => StoreState::Running(Store::new(Hold::new(Arc::clone(&self.slot), generation)).into()),
            State::Error(error) => StoreState::Error(error),
            State::Shutdown(cause) => StoreState::Shutdown(cause),
        }
    }

    /// Which generation it is in: each time it loads is one, counted from 1.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.slot.current().number
    }

    /// Calls `on_transition` with each transition of the store from now on, in order, until the subscription is dropped.
    ///
    /// It is called with no lock held, on the thread that made the transition or on one that tells an earlier one just
    /// then. It may do anything with the store but wait; what that leads to is told after. One that panics is removed.
    /// [`State::Loading`] comes again whenever the load comes further.
    pub fn observe(&self, on_transition: impl FnMut(&Transition) + Send + 'static) -> Subscription {
        self.observed(Box::new(on_transition), false)
    }

    /// As [`observe`](Self::observe), and calls `on_transition` with the present state first.
    pub fn observe_now(&self, on_transition: impl FnMut(&Transition) + Send + 'static) -> Subscription {
        self.observed(Box::new(on_transition), true)
    }

    /// The present state, then each transition, as a stream. What is not taken from it yet waits in it. Inside a boot
    /// hook or an observer, which others wait for, it ends where it would wait.
    pub fn transitions(&self) -> Transitions {
        Transitions::new(self.name().clone(), |observer| self.observed(observer, true))
    }

    fn observed(&self, observer: Observer, now: bool) -> Subscription {
        let id = self.slot.observe(observer, now);
        Subscription::new(Box::new(Observes { slot: Arc::clone(&self.slot), id }) as Box<dyn Any + Send + Sync>)
    }

    /// Loads a store that is in error again: its next generation. What an error boundary's reset calls.
    ///
    /// # Errors
    /// [`StoreError::Transition`] in any other phase.
    pub fn retry(&self) -> Result<(), StoreError> {
        self.slot.retry()
    }

    /// Shuts the store down, whoever holds it, and waits until its file is closed. What was committed is kept; handles
    /// answer [`StoreError::Shutdown`] from now on. Mounting it again loads it.
    ///
    /// The shutdown begins with this call; the future only waits.
    ///
    /// # Errors
    /// [`StoreError::Transition`] when the store is neither loading nor running; [`StoreError::NotDurable`] when the
    /// last flush failed; [`StoreError::Reentrant`] inside a materializer, an `update` closure or a `read` closure, and
    /// where a boot hook or an observer, which others wait for, awaits it.
    pub fn shutdown(&self) -> Shutdown {
        Shutdown::new(self.name().clone(), self.slot.shutdown())
    }

    fn hold(&self) -> Hold {
        Hold::new(Arc::clone(&self.slot), self.slot.current())
    }
}

struct Observes {
    slot: Arc<Slot>,
    id: u64,
}

impl Drop for Observes {
    fn drop(&mut self) {
        self.slot.stop_observing(self.id);
    }
}

/// Where a store is in its life, with the handle of a running one.
#[non_exhaustive]
pub enum StoreState<S: StoreContext> {
    /// It loads.
    Loading(BootStatus),
    /// It runs.
    Running(S::Handle),
    /// It did not open. `retry()` loads it again.
    Error(StoreError),
    /// It is closed. Mounting it again loads it.
    Shutdown(ShutdownCause),
}

impl<S: StoreContext> StoreState<S> {
    /// The phase alone.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self {
            Self::Loading(_) => Phase::Loading,
            Self::Running(_) => Phase::Running,
            Self::Error(_) => Phase::Error,
            Self::Shutdown(_) => Phase::Shutdown,
        }
    }
}

impl<S: StoreContext> fmt::Debug for StoreState<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loading(status) => f.debug_tuple("Loading").field(status).finish(),
            Self::Running(_) => f.write_str("Running"),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
            Self::Shutdown(cause) => f.debug_tuple("Shutdown").field(cause).finish(),
        }
    }
}
