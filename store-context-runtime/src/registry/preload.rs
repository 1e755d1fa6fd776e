//! [`Preload`]: waiting for a load that nobody needs yet.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::channel::oneshot;

use crate::host::spawner::Work;
use crate::id::StoreName;
use crate::refuse;
use crate::registry::provider::{ChosenAdapter, Provider};
use crate::registry::registry::StoreRegistry;
use crate::store::context::StoreContext;

/// A load, which began with the call that gave this: a future of its end, good or bad. It may be dropped; the load goes
/// on. Inside a boot hook or an observer, which others wait for, it resolves at once.
pub struct Preload {
    /// `None` where the store could not be mounted.
    loading: Option<(StoreName, oneshot::Receiver<()>)>,
}

impl Preload {
    pub(crate) fn new(loading: Option<(StoreName, oneshot::Receiver<()>)>) -> Self {
        Self { loading }
    }
}

impl fmt::Debug for Preload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let store = self.loading.as_ref().map(|(store, _)| store.to_string());
        f.debug_tuple("Preload").field(&store).finish()
    }
}

impl Future for Preload {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some((store, loaded)) = &mut self.loading else { return Poll::Ready(()) };
        if let Err(error) = refuse::waiting_for_load(store, "waiting for a preload") {
            tracing::warn!(%error, "a preload goes on, and is not waited for");
            return Poll::Ready(());
        }
        loaded.poll_unpin(context).map(drop)
    }
}

impl StoreRegistry {
    /// Loads a store before somebody needs it. Never fails its caller: who mounts the store meets the error.
    ///
    /// Loading begins with this call. The future resolves when it is over, and need not be awaited; inside a boot hook or
    /// an observer, which others wait for, it resolves at once. A store that nobody holds then stays for its cache time.
    pub fn preload<S: StoreContext, A: ChosenAdapter<S>>(&self, provider: Provider<S, A>) -> Preload {
        let mounted = match provider.mount(self) {
            Ok(mounted) => mounted,
            Err(error) => {
                tracing::warn!(%error, "a store could not be preloaded");
                return Preload::new(None);
            }
        };
        let (name, store) = (mounted.name().clone(), mounted.store());
        let (done, waiting) = oneshot::channel::<()>();
        // On its own, so that a short cache time does not cancel the load when the future is dropped.
        let until_loaded = async move {
            let loaded = store.await;
            drop((loaded, mounted, done));
        };
        self.host().spawn(Work::Upkeep, until_loaded);
        Preload::new(Some((name, waiting)))
    }
}
