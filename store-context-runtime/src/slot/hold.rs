//! [`Hold`]: what keeps one generation of a store from being unused.

use std::fmt;
use std::sync::{Arc, Weak};

use crate::engine::open_store::OpenStore;
use crate::error::StoreError;
use crate::slot::generation::Generation;
use crate::slot::slot::Slot;

/// In every store handle, bound query and suspended reader. The last one to go starts the cache time.
pub(crate) struct Hold {
    slot: Arc<Slot>,
    generation: Arc<Generation>,
}

impl Hold {
    /// For who has the slot's lock, a mount guard, or another hold: the store cannot become unused meanwhile.
    pub(crate) fn new(slot: Arc<Slot>, generation: Arc<Generation>) -> Self {
        generation.hold();
        Self::counted(slot, generation)
    }

    /// The slot has counted the hold.
    fn counted(slot: Arc<Slot>, generation: Arc<Generation>) -> Self {
        Self { slot, generation }
    }

    /// A hold for the boot hook of a load, while anybody wants the load.
    pub(crate) fn for_hook(slot: &Arc<Slot>, generation: &Arc<Generation>) -> Option<Self> {
        slot.hold_for_hook(generation).then(|| Self::counted(Arc::clone(slot), Arc::clone(generation)))
    }

    /// A hold of a generation that runs, for who has none: its cache time is over then.
    pub(crate) fn again(slot: &Arc<Slot>, number: u64) -> Option<Self> {
        let generation = slot.current();
        let is_meant = generation.number == number && slot.hold_again(&generation);
        is_meant.then(|| Self::counted(Arc::clone(slot), generation))
    }

    pub(crate) fn generation(&self) -> &Generation {
        &self.generation
    }

    pub(crate) fn opened(&self) -> Result<&Arc<OpenStore>, StoreError> {
        self.generation.opened()
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.generation, &other.generation)
    }

    pub(crate) fn downgrade(&self) -> WeakHold {
        WeakHold { slot: Arc::downgrade(&self.slot), generation: Arc::downgrade(&self.generation) }
    }
}

impl Clone for Hold {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.slot), Arc::clone(&self.generation))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.generation.release() {
            self.slot.released(&self.generation);
        }
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hold").field(&self.generation).finish()
    }
}

/// The form that holds nothing.
#[derive(Clone)]
pub(crate) struct WeakHold {
    slot: Weak<Slot>,
    generation: Weak<Generation>,
}

impl WeakHold {
    /// A hold, while the generation lasts. In its cache time that is over then.
    pub(crate) fn upgrade(&self) -> Option<Hold> {
        let (slot, generation) = (self.slot.upgrade()?, self.generation.upgrade()?);
        slot.hold_again(&generation).then(|| Hold::counted(slot, generation))
    }
}
