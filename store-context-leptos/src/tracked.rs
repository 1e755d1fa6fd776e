//! [`Tracked`]: a watch that runs the reactive graph.

use std::sync::Arc;

use leptos::prelude::*;
use reactive_graph::computed::ArcMemo;
use reactive_graph::graph::{ReactiveNode, Source, ToAnySource, ToAnySubscriber};
use reactive_graph::signal::ArcTrigger;
use store_context_runtime::{Subscription, Watch};

/// Runs what tracks it on each call of [`notify`](Self::notify), from any thread.
///
/// A memo stands between: when an owner is cleaned up, and this with it, what is below is not run any more. A trigger alone
/// would run it, on signals that are gone.
#[derive(Clone)]
pub(crate) struct Changes {
    trigger: ArcTrigger,
    count: ArcMemo<u64>,
}

impl Changes {
    pub(crate) fn new() -> Self {
        let trigger = ArcTrigger::new();
        let told = trigger.clone();
        let count = ArcMemo::new(move |before| {
            told.track();
            before.map_or(0, |before| before + 1)
        });
        Self { trigger, count }
    }

    /// What tells of a change. It does not keep what is told.
    pub(crate) fn notify(&self) -> impl Fn() + Send + Sync + 'static {
        let (trigger, count) = (self.trigger.clone(), self.count.to_any_subscriber());
        move || {
            trigger.notify();
            // It stays told though nobody reads it until the next change: whoever tracks it later is told then.
            trigger.to_any_source().add_subscriber(count.clone());
        }
    }

    pub(crate) fn track(&self) {
        self.count.track();
        // A memo hears of changes once it ran. Its value is not read: see `Derived`.
        self.count.update_if_necessary();
    }
}

/// A value that is kept current; whoever reads it runs again when there is another one. Clones are the same.
pub(crate) struct Tracked<T> {
    shared: Arc<(Watch<T>, Changes, Subscription)>,
}

impl<T> Clone for Tracked<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T: Clone + Send + Sync + 'static> Tracked<T> {
    pub(crate) fn new(watch: Watch<T>) -> Self {
        let changes = Changes::new();
        let tells = watch.changed(changes.notify());
        Self { shared: Arc::new((watch, changes, tells)) }
    }

    /// The present value.
    pub(crate) fn get(&self) -> T {
        self.track();
        self.shared.0.get()
    }

    pub(crate) fn track(&self) {
        self.shared.1.track();
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}
