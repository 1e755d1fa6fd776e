//! [`Preload`]: waiting for a load that nobody needs yet.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::channel::oneshot;

use crate::id::StoreName;
use crate::refuse;

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
