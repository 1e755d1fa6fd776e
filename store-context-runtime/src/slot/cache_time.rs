//! How long a store stays when nobody holds it. One timer a slot waits for the deadline, and looks again when it moved.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::channel::oneshot;

use crate::host::host::Host;
use crate::host::threads::{MutexGuard, lock};
use crate::phase::Phase;
use crate::slot::life::Trigger;
use crate::slot::slot::{After, Locked, Slot};

impl Slot {
    pub(super) fn is_unused(&self, state: &Locked) -> bool {
        state.life.phase() != Phase::Shutdown && state.guards == 0 && self.current().holds() == 0
    }

    /// Begins the cache time if nobody holds the store. With none, the file is closed when this returns. A store that is not
    /// there has none: somebody may make it meanwhile.
    pub(super) fn look_whether_unused(self: &Arc<Self>, mut state: MutexGuard<'_, Locked>) {
        if !self.is_unused(&state) {
            return;
        }
        if state.cache_time.is_zero() || self.current().is_not_there() {
            return self.end_here(state, Trigger::Unused);
        }
        state.unused_since = self.host.timer.now();
        // Longer than the timer counts is for ever too.
        let is_endless = state.cache_time == Duration::MAX;
        state.deadline = self.host.timer.now().checked_add(state.cache_time).filter(|_| !is_endless);
        let mut after = After::default();
        // A timer that the spawner dropped is none.
        if state.deadline.is_some() && state.timer.as_ref().is_none_or(oneshot::Sender::is_canceled) {
            let (stop, stopped) = oneshot::channel();
            state.timer = Some(stop);
            after.timer = Some((stopped, state.cache_time));
        }
        drop(state);
        self.after(after);
    }

    /// Ends the store; its file is closed when this returns.
    pub(super) fn end_here(self: &Arc<Self>, mut state: MutexGuard<'_, Locked>, trigger: Trigger) {
        let after = self.transition(&mut state, trigger, None).unwrap_or_default();
        drop(state);
        after.ended.iter().for_each(|ended| ended.will_close());
        if let Some(ended) = self.after(after) {
            self.close(&ended);
        }
    }

    /// Shuts the store down if its cache time is over; otherwise says how long to wait, if at all.
    fn look_at_deadline(self: &Arc<Self>) -> Option<Duration> {
        let mut state = lock(&self.state);
        let left = state.deadline.map(|deadline| deadline.saturating_sub(self.host.timer.now()));
        match left {
            Some(left) if !left.is_zero() => return Some(left),
            Some(_) if self.is_unused(&state) => self.end_here(state, Trigger::Unused),
            // Somebody holds it. The next to let go starts another timer.
            _ => {
                state.deadline = None;
                let stop = state.timer.take();
                drop(state);
                drop(stop);
            }
        }
        None
    }
}

/// Holds no slot while it waits: a store that is gone must not stay in memory for its cache time.
pub(super) async fn wait_until_unused(slot: Weak<Slot>, host: Arc<Host>, mut time: Duration) {
    loop {
        host.timer.sleep(time).await;
        let left = slot.upgrade().and_then(|slot| slot.look_at_deadline());
        match left {
            Some(left) => time = left,
            None => return,
        }
    }
}
