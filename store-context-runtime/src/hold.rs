//! [`Hold`]: what keeps one generation of a store from being unused.

use std::fmt;
use std::sync::{Arc, Weak};

use crate::core::Core;
use crate::error::StoreError;
use crate::generation::Generation;
use crate::slot::Slot;

/// In every store handle, bound query and suspended reader. The last one to go starts the cache time.
pub(crate) struct Hold {
    slot: Arc<Slot>,
    generation: Arc<Generation>,
}

impl Hold {
    /// For who has the slot's lock, a mount guard, or another hold: the store cannot become unused meanwhile.
    pub(crate) fn new(slot: Arc<Slot>, generation: Arc<Generation>) -> Self {
        generation.hold();
        Self { slot, generation }
    }

    pub(crate) fn generation(&self) -> &Generation {
        &self.generation
    }

    pub(crate) fn core(&self) -> Result<&Arc<Core>, StoreError> {
        self.generation.core()
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
        self.slot.upgrade()?.hold_again(self.generation.upgrade()?)
    }
}
