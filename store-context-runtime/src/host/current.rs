//! [`Current`]: a value that is replaced by one side, and read and waited for by the other.

use std::sync::{Arc, Weak};

use arc_swap::ArcSwapOption;

use crate::host::panics::guarded;
use crate::host::threads::{AtomicBool, AtomicU64, Mutex, Ordering, lock};

pub(crate) type Listener = Arc<dyn Fn() + Send + Sync>;

/// A value and who wants to hear that there is another. Reading it takes no lock.
pub(crate) struct Current<T> {
    value: ArcSwapOption<T>,
    /// Counts the values that were put here.
    version: AtomicU64,
    /// No further value comes.
    is_over: AtomicBool,
    listeners: Mutex<Listeners>,
}

#[derive(Default)]
struct Listeners {
    all: Vec<(u64, Listener)>,
    next_id: u64,
}

impl<T> Current<T> {
    /// Without a value yet.
    pub(crate) fn new() -> Self {
        Self {
            value: ArcSwapOption::empty(),
            version: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
            listeners: Mutex::default(),
        }
    }

    /// The present value.
    pub(crate) fn get(&self) -> Option<T>
    where
        T: Clone,
    {
        self.value.load().as_deref().cloned()
    }

    /// A value that is read after it is this one, or a later one.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Puts the first value, unless there is one already.
    pub(crate) fn begin(&self, value: T) {
        self.value.compare_and_swap(std::ptr::null(), Some(Arc::new(value)));
    }

    /// Puts a value, and gives the one before: dropping it may run a user's code. [`tell`](Self::tell) follows.
    pub(crate) fn put(&self, value: T) -> Option<Arc<T>> {
        let before = self.value.swap(Some(Arc::new(value)));
        self.version.fetch_add(1, Ordering::AcqRel);
        before
    }

    /// No further value comes. After the last one is put, and before it is told.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    /// Calls the listeners, with no lock held.
    pub(crate) fn tell(&self) {
        let all = lock(&self.listeners).all.clone();
        for (id, listener) in all {
            // One before may have removed it.
            if lock(&self.listeners).all.iter().any(|(other, _)| *other == id) {
                guarded(|| listener());
            }
            // It may be the last to have it, and what it captured is the user's.
            guarded(|| drop(listener));
        }
    }

    /// Calls the listener on each [`tell`](Self::tell), while what is returned lives.
    pub(crate) fn listen(self: &Arc<Self>, listener: Listener) -> Listens<T> {
        let mut listeners = lock(&self.listeners);
        let id = listeners.next_id;
        listeners.next_id += 1;
        listeners.all.push((id, listener));
        Listens { current: Arc::downgrade(self), id }
    }

    fn unlisten(&self, id: u64) {
        let mut listeners = lock(&self.listeners);
        let removed = listeners.all.iter().position(|(other, _)| *other == id);
        let removed = removed.map(|index| listeners.all.remove(index));
        drop(listeners);
        drop(removed);
    }
}

/// Keeps a listener. It does not keep the value.
pub(crate) struct Listens<T> {
    current: Weak<Current<T>>,
    id: u64,
}

impl<T> Drop for Listens<T> {
    fn drop(&mut self) {
        if let Some(current) = self.current.upgrade() {
            current.unlisten(self.id);
        }
    }
}
