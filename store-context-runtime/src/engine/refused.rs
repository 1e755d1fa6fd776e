//! [`Refused`]: who is told of commits that a shared log did not take.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use crate::adapter::settlement::RefusedCommit;
use crate::engine::live::subscription::Subscription;
use crate::host::inside::{self, Waiter};
use crate::host::panics::guarded;
use crate::host::threads::{Mutex, lock};
use crate::id::StoreName;

type Subscriber = Arc<Mutex<Box<dyn FnMut(&RefusedCommit) + Send>>>;

/// The subscribers to the refused commits of a store. One thread at a time tells them, so that one may commit.
pub(crate) struct Refused {
    store: StoreName,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    subscribers: Vec<Subscriber>,
    queue: VecDeque<RefusedCommit>,
    is_telling: bool,
}

impl Refused {
    pub(crate) fn new(store: StoreName) -> Self {
        Self { store, state: Mutex::default() }
    }

    pub(crate) fn subscribe(self: &Arc<Self>, on_refused: impl FnMut(&RefusedCommit) + Send + 'static) -> Subscription {
        let subscriber: Subscriber = Arc::new(Mutex::new(Box::new(on_refused)));
        lock(&self.state).subscribers.push(Arc::clone(&subscriber));
        Subscription::new(Box::new(Subscribed { refused: Arc::downgrade(self), subscriber }))
    }

    /// Tells everybody, unless another call does.
    pub(crate) fn tell(&self, commit: RefusedCommit) {
        let events: Vec<_> = commit.events.iter().map(|event| &*event.name).collect();
        tracing::warn!(store = %self.store, ?events, reason = &*commit.message, "others committed first, and a commit does not hold any more");
        let mut state = lock(&self.state);
        state.queue.push_back(commit);
        if std::mem::replace(&mut state.is_telling, true) {
            return;
        }
        while let Some(commit) = state.queue.pop_front() {
            let subscribers = state.subscribers.clone();
            drop(state);
            for subscriber in subscribers {
                guarded(|| {
                    let _no_waiting = inside::forbid_waiting(Waiter::Observer);
                    (*lock(&subscriber))(&commit);
                });
            }
            state = lock(&self.state);
        }
        state.is_telling = false;
    }
}

/// Unsubscribes when it is dropped.
struct Subscribed {
    refused: Weak<Refused>,
    subscriber: Subscriber,
}

impl Drop for Subscribed {
    fn drop(&mut self) {
        if let Some(refused) = self.refused.upgrade() {
            lock(&refused.state).subscribers.retain(|other| !Arc::ptr_eq(other, &self.subscriber));
        }
    }
}
