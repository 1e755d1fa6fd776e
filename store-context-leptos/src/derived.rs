//! [`Derived`]: a memo that several threads of a server may read at once.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;
use reactive_graph::computed::ArcMemo;
use reactive_graph::graph::ReactiveNode;

/// A value derived from signals.
///
/// A memo's own value is taken out of it while it is computed: a second thread that reads it meanwhile, as the `Suspend`s
/// of one page do on a server, panics. Here the value stays beside the memo, which only says when it is another one.
pub(crate) struct ArcDerived<T> {
    value: Arc<Mutex<Option<T>>>,
    runs: ArcMemo<()>,
}

impl<T> Clone for ArcDerived<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), runs: self.runs.clone() }
    }
}

impl<T: Clone + Send + 'static> ArcDerived<T> {
    /// `compute` is given the value before. Where its result `is_same`, the one before stays and nothing else runs.
    pub(crate) fn new(
        compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
        is_same: impl Fn(&T, &T) -> bool + Send + Sync + 'static,
    ) -> Self {
        let value = Arc::new(Mutex::new(None));
        let place = Arc::clone(&value);
        let runs = ArcMemo::new_owning(move |_| {
            // Neither what is computed nor what is dropped may find the lock held: both run code of others.
            let before: Option<T> = lock(&place).clone();
            let now = compute(before.as_ref());
            let mut present = lock(&place);
            if present.as_ref().is_some_and(|present| is_same(present, &now)) {
                return ((), false);
            }
            let replaced = present.replace(now);
            drop(present);
            drop(replaced);
            ((), true)
        });
        Self { value, runs }
    }

    /// The present value; tracked.
    pub(crate) fn get(&self) -> T {
        self.runs.track();
        self.get_untracked()
    }

    pub(crate) fn get_untracked(&self) -> T {
        self.runs.update_if_necessary();
        lock(&self.value).clone().expect("it was computed above")
    }
}

/// An [`ArcDerived`] of the current owner. It is `Copy`, as signals are.
pub(crate) struct Derived<T: 'static>(StoredValue<ArcDerived<T>>);

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

impl<T: Clone + Send + Sync + 'static> Derived<T> {
    #[track_caller]
    pub(crate) fn new(
        compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
        is_same: impl Fn(&T, &T) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self(StoredValue::new(ArcDerived::new(compute, is_same)))
    }

    /// The present value; tracked.
    #[track_caller]
    pub(crate) fn get(&self) -> T {
        self.0.get_value().get()
    }

    #[track_caller]
    pub(crate) fn get_untracked(&self) -> T {
        self.0.get_value().get_untracked()
    }

    /// As [`get`](Self::get); `None` where the owner is gone.
    pub(crate) fn try_get(&self) -> Option<T> {
        self.0.try_get_value().map(|derived| derived.get())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
