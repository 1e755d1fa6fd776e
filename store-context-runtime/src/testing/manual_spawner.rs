//! [`ManualSpawner`]: work that runs when a test says so.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::task::{ArcWake, waker};

use crate::host::spawner::{Spawner, Work};
use crate::host::threads::{AtomicBool, Mutex, Ordering, lock};

/// Keeps what is spawned until [`run`](Self::run). Clones are the same spawner.
#[derive(Clone, Default)]
pub struct ManualSpawner {
    queues: Arc<Queues>,
}

#[derive(Default)]
struct Queues {
    spawned: Mutex<Vec<BoxFuture<'static, ()>>>,
    running: Mutex<FuturesUnordered<BoxFuture<'static, ()>>>,
}

impl fmt::Debug for ManualSpawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualSpawner").field(&self.pending()).finish()
    }
}

struct Woken(AtomicBool);

impl ArcWake for Woken {
    fn wake_by_ref(this: &Arc<Self>) {
        this.0.store(true, Ordering::Release);
    }
}

impl ManualSpawner {
    /// A spawner with nothing to run.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs everything that was spawned, and what that spawns, until all that is left waits for something.
    ///
    /// Called by what it runs, it would wait for itself.
    pub fn run(&self) {
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = waker(Arc::clone(&woken));
        let mut running = lock(&self.queues.running);
        loop {
            let spawned = std::mem::take(&mut *lock(&self.queues.spawned));
            let is_idle = spawned.is_empty();
            running.extend(spawned);
            match running.poll_next_unpin(&mut Context::from_waker(&waker)) {
                Poll::Ready(Some(())) => {}
                _ if is_idle && !woken.0.swap(false, Ordering::AcqRel) && lock(&self.queues.spawned).is_empty() => {
                    return;
                }
                _ => {}
            }
        }
    }

    /// How many pieces of work are not over.
    #[must_use]
    pub fn pending(&self) -> usize {
        lock(&self.queues.spawned).len() + lock(&self.queues.running).len()
    }
}

impl Spawner for ManualSpawner {
    fn spawn(&self, _: Work, future: BoxFuture<'static, ()>) {
        lock(&self.queues.spawned).push(future);
    }
}
