//! How a store ends before its time: shutdown, disposal, a broken engine, a registry that is gone. And the closing of
//! its file.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::closed::Closed;
use crate::error::StoreError;
use crate::host::spawner::Work;
use crate::host::threads::lock;
use crate::slot::generation::Generation;
use crate::slot::life::Trigger;
use crate::slot::slot::{After, Slot};
use crate::slot::transition::State;
use crate::{refuse, trace};

impl Slot {
    /// Begins to shut down, and gives what resolves when the file is closed.
    pub(crate) fn shutdown(self: &Arc<Self>) -> Result<Closed, StoreError> {
        refuse::reentrant(&self.store, "a shutdown")?;
        let mut state = lock(&self.state);
        let after = self.transition(&mut state, Trigger::ShutdownRequested, None);
        drop(state);
        let instead = "it ends when its guards are dropped, or with its registry";
        let after = after.map_err(|phase| self.refused(phase, "be shut down", instead))?;
        Ok(self.close_elsewhere(after))
    }

    /// Shuts down, whatever phase the store is in, and gives what resolves when the file is closed.
    pub(crate) fn dispose(self: &Arc<Self>) -> Closed {
        let mut state = lock(&self.state);
        let after = self.transition(&mut state, Trigger::Disposed, None).unwrap_or_default();
        drop(state);
        self.close_elsewhere(after)
    }

    /// Shuts the store down before its cache time is over, unless somebody holds it by now.
    pub(crate) fn evict(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        if self.is_unused(&state)
            && let Ok(after) = self.transition(&mut state, Trigger::Unused, None)
        {
            drop(state);
            drop(self.close_elsewhere(after));
        }
    }

    /// The engine cannot go on.
    pub(crate) fn broke(self: &Arc<Self>, number: u64, error: StoreError) {
        let mut state = lock(&self.state);
        if number == state.life.generation()
            && let Ok(after) = self.transition(&mut state, Trigger::Broken, Some(error))
        {
            drop(state);
            drop(self.close_elsewhere(after));
        }
    }

    fn close_elsewhere(self: &Arc<Self>, after: After) -> Closed {
        let generation = after.ended.clone().unwrap_or_else(|| self.current());
        if after.ended.is_some() {
            // Before anybody is told, and may open the store elsewhere.
            generation.will_close();
        }
        if let Some(generation) = self.after(after) {
            let closing = Closing { slot: Arc::clone(self), generation };
            self.host.spawn(Work::Upkeep, async move { drop(closing) });
        }
        Arc::clone(generation.closed())
    }

    pub(super) fn close(&self, ended: &Generation) {
        let State::Shutdown(cause) = ended.state() else { return };
        let _span = trace::shutdown(&self.store, ended.number, &cause).entered();
        ended.close();
    }

    /// The registry is gone: a store that nobody holds closes now, the others flush now and close when they are let go.
    pub(crate) fn outlive_registry(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        state.cache_time = Duration::ZERO;
        if self.is_unused(&state) {
            return self.end_here(state, Trigger::Disposed);
        }
        drop(state);
        let generation = self.current();
        // Inside a closure of a store it would wait for itself; what is closing already is in upkeep's hands.
        let waits = refuse::reentrant(&self.store, "a flush").is_ok();
        match generation.opened() {
            Ok(opened) if waits => opened.engine.flush(),
            Ok(opened) => {
                let engine = Arc::clone(&opened.engine);
                self.host.spawn(Work::Upkeep, async move { engine.flush() });
            }
            Err(_) if waits => generation.close(),
            Err(_) => {}
        }
    }
}

/// Closes a file when it is dropped: by upkeep, or by whoever drops upkeep's work.
struct Closing {
    slot: Arc<Slot>,
    generation: Arc<Generation>,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.slot.close(&self.generation);
    }
}
