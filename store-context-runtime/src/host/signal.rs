//! [`Signal`]: something that happens once, and wakes whoever waits for it. No waker is called, or dropped, under its lock.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::host::threads::{Mutex, lock};

pub(crate) struct Signal<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    fired: Option<T>,
    waiting: Vec<(u64, Waker)>,
    next_id: u64,
}

impl<T: Clone> Signal<T> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { fired: None, waiting: Vec::new(), next_id: 0 }) })
    }

    /// Fires, the first time with this value, and wakes everybody once.
    pub(crate) fn fire(&self, value: T) {
        let waiting = {
            let mut state = lock(&self.state);
            state.fired.get_or_insert(value);
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }

    pub(crate) fn is_fired(&self) -> bool {
        lock(&self.state).fired.is_some()
    }

    pub(crate) fn wait(self: &Arc<Self>) -> Wait<T> {
        Wait { signal: Arc::clone(self), id: None }
    }
}

/// Resolves when its signal fires. It leaves no waker behind when it is dropped.
pub(crate) struct Wait<T> {
    signal: Arc<Signal<T>>,
    id: Option<u64>,
}

impl<T: Clone> Future for Wait<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // Cloned, and the one before dropped, without the lock: both may run foreign code.
        let mut replaced = None;
        let waker = context.waker().clone();
        let signal = Arc::clone(&self.signal);
        let mut state = lock(&signal.state);
        if let Some(value) = &state.fired {
            return Poll::Ready(value.clone());
        }
        let before = self.id.and_then(|id| state.waiting.iter_mut().find(|(other, _)| *other == id));
        if let Some((_, before)) = before {
            replaced = Some(std::mem::replace(before, waker));
        } else {
            let id = state.next_id;
            state.next_id += 1;
            self.id = Some(id);
            state.waiting.push((id, waker));
        }
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let mut state = lock(&self.signal.state);
        let index = state.waiting.iter().position(|(other, _)| *other == id);
        let waker = index.map(|index| state.waiting.swap_remove(index));
        drop(state);
        drop(waker);
    }
}
