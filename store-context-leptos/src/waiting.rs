//! [`Waiting`]: a store that is waited for, whichever is mounted meanwhile.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;
use reactive_graph::graph::{AnySource, AnySubscriber, ReactiveNode, Source, Subscriber, WithObserver};
use store_context_runtime::{StoreContext, StoreError, Suspended};

use crate::store::{Followed, UseStore};

/// Gives the store that is mounted when it runs: another one than at first, where the provider changed while it loaded.
/// `Suspend` tracks what it waits for only when it is there, so that nothing else would look.
pub(crate) struct Waiting<S: StoreContext> {
    store: UseStore<S>,
    looks: Arc<Looks>,
    now: Option<Result<Load<S>, StoreError>>,
}

/// What is mounted, and its load.
type Load<S> = (Followed<S>, Suspended<S>);

impl<S: StoreContext> Waiting<S> {
    pub(crate) fn new(store: UseStore<S>) -> Self {
        Self { store, looks: Arc::default(), now: None }
    }

    /// Takes up what is mounted now.
    fn look(&mut self) {
        let looks = self.looks.subscriber();
        looks.clear_sources(&looks);
        // Where the component is gone, what it waited for stays.
        let Some(mounted) = looks.with_observer(|| self.store.try_mounted()) else { return };
        // For whoever polls this, each time: `Suspend` does not hear of what is marked before it is there.
        _ = self.store.try_followed();
        match (mounted, &self.now) {
            (Ok(followed), Some(Ok((before, _)))) if before.is_same(&followed) => {}
            (Ok(followed), _) => {
                let loading = followed.mounted.store();
                self.now = Some(Ok((followed, loading)));
            }
            (Err(error), _) => self.now = Some(Err(error)),
        }
    }
}

impl<S: StoreContext> Unpin for Waiting<S> {}

impl<S: StoreContext> Future for Waiting<S> {
    type Output = Result<S::Handle, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.looks.waker.register(context.waker());
        self.look();
        match &mut self.now {
            Some(Ok((_, loading))) => Pin::new(loading).poll(context),
            Some(Err(error)) => Poll::Ready(Err(error.clone())),
            None => Poll::Pending,
        }
    }
}

/// Wakes a [`Waiting`] when something that it looked at may be another.
#[derive(Default)]
struct Looks {
    waker: AtomicWaker,
    sources: Mutex<Vec<AnySource>>,
}

impl ReactiveNode for Looks {
    fn mark_dirty(&self) {
        self.waker.wake();
    }

    fn mark_check(&self) {
        self.waker.wake();
    }

    fn mark_subscribers_check(&self) {}

    fn update_if_necessary(&self) -> bool {
        false
    }
}

impl Subscriber for Looks {
    fn add_source(&self, source: AnySource) {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).push(source);
    }

    fn clear_sources(&self, subscriber: &AnySubscriber) {
        let sources = std::mem::take(&mut *self.sources.lock().unwrap_or_else(PoisonError::into_inner));
        for source in sources {
            source.remove_subscriber(subscriber);
        }
    }
}

impl Looks {
    fn subscriber(self: &Arc<Self>) -> AnySubscriber {
        AnySubscriber(Arc::as_ptr(self) as usize, Arc::downgrade(self) as Weak<dyn Subscriber + Send + Sync>)
    }
}
