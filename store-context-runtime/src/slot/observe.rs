//! Observers of a store's life: each sees every transition once, in order.
//!
//! A transition is queued under the lock that made it. One thread at a time tells the observers, with no lock held, so
//! an observer may do what it likes with the store; what that leads to is told after.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::channel::mpsc;
use futures::{Stream, StreamExt};

use crate::engine::live::subscription::Subscription;
use crate::host::inside::{self, Waiter};
use crate::host::panics::{guarded, panic_message};
use crate::host::threads::{Mutex, lock};
use crate::id::StoreName;
use crate::refuse;
use crate::slot::transition::Transition;

pub(crate) type Observer = Box<dyn FnMut(&Transition) + Send>;

#[derive(Default)]
pub(crate) struct Observers {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    observers: Vec<(u64, Arc<Mutex<Observer>>)>,
    queue: VecDeque<Note>,
    next_id: u64,
    is_telling: bool,
}

struct Note {
    transition: Transition,
    to: Audience,
}

enum Audience {
    /// Everybody who was there when it happened: whoever has a smaller id.
    Before(u64),
    One(u64),
}

impl Audience {
    fn includes(&self, id: u64) -> bool {
        match self {
            Self::Before(next) => id < *next,
            Self::One(only) => id == *only,
        }
    }
}

impl Observers {
    /// Queues a transition. Called under the lock of the state that changed; [`tell`](Self::tell) follows without it.
    pub(crate) fn queue(&self, transition: Transition) {
        let mut state = lock(&self.state);
        let to = Audience::Before(state.next_id);
        state.queue.push_back(Note { transition, to });
    }

    /// Adds an observer. With `now`, it is told that first, in its turn.
    pub(crate) fn add(&self, observer: Observer, now: Option<Transition>) -> u64 {
        let mut state = lock(&self.state);
        let id = state.next_id;
        state.next_id += 1;
        state.observers.push((id, Arc::new(Mutex::new(observer))));
        if let Some(transition) = now {
            state.queue.push_back(Note { transition, to: Audience::One(id) });
        }
        id
    }

    pub(crate) fn remove(&self, id: u64) {
        let mut state = lock(&self.state);
        let removed = state.observers.iter().position(|(other, _)| *other == id);
        let removed = removed.map(|index| state.observers.remove(index));
        drop(state);
        // What it captured is the user's, and may use the store when it is dropped.
        drop(removed);
    }

    /// Tells what is queued, unless another thread does.
    pub(crate) fn tell(&self, store: &StoreName) {
        let mut state = lock(&self.state);
        if std::mem::replace(&mut state.is_telling, true) {
            return;
        }
        loop {
            let Some(note) = state.queue.pop_front() else {
                state.is_telling = false;
                return;
            };
            let due: Vec<_> = state.observers.iter().filter(|(id, _)| note.to.includes(*id)).cloned().collect();
            drop(state);
            if let Audience::Before(_) = note.to {
                note.transition.trace(store);
            }
            for (id, observer) in due {
                self.call(store, id, &observer, &note.transition);
                // It may be the last to have it, and what it captured is the user's.
                guarded(|| drop(observer));
            }
            state = lock(&self.state);
        }
    }

    fn call(&self, store: &StoreName, id: u64, observer: &Mutex<Observer>, transition: &Transition) {
        // One before may have removed it.
        if !lock(&self.state).observers.iter().any(|(other, _)| *other == id) {
            return;
        }
        let called = catch_unwind(AssertUnwindSafe(|| {
            let _no_waiting = inside::forbid_waiting(Waiter::Observer);
            (*lock(observer))(transition);
        }));
        if let Err(panic) = called {
            let message = panic_message(&*panic);
            tracing::error!(%store, message, "an observer panicked and was removed");
            guarded(|| self.remove(id));
        }
    }
}

/// The transitions of a store as a stream, the present state first. It never ends, but where it is waited for inside a
/// boot hook or an observer; drop it to stop.
#[must_use = "a stream does nothing until it is polled"]
pub struct Transitions {
    store: StoreName,
    receiver: mpsc::UnboundedReceiver<Transition>,
    _observes: Subscription,
}

impl Transitions {
    pub(crate) fn new(store: StoreName, observe: impl FnOnce(Observer) -> Subscription) -> Self {
        let (sender, receiver) = mpsc::unbounded();
        let observes = observe(Box::new(move |transition| {
            let _ = sender.unbounded_send(transition.clone());
        }));
        Self { store, receiver, _observes: observes }
    }
}

impl fmt::Debug for Transitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transitions")
    }
}

impl Stream for Transitions {
    type Item = Transition;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Transition>> {
        let next = self.receiver.poll_next_unpin(context);
        if next.is_pending()
            && let Err(error) = refuse::waiting_for_load(&self.store, "waiting for a transition")
        {
            tracing::warn!(%error, "a stream of transitions ends");
            return Poll::Ready(None);
        }
        next
    }
}
