//! [`Suspended`]: waiting for a store that loads. [`Reading`]: what a look at a store gives without waiting.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt;

use crate::error::StoreError;
use crate::host::signal::Wait;
use crate::refuse;
use crate::slot::hold::Hold;
use crate::slot::transition::State;
use crate::store::context::StoreContext;
use crate::store::store::Store;

/// A store that is loading: a future of its handle.
///
/// Everybody who waits for one load shares it, and its end wakes all of them once: two that wait for the same load are
/// equal. It is a holder, and may be dropped at any time; the load goes on for the others.
#[must_use = "a future does nothing until it is awaited"]
pub struct Suspended<S: StoreContext> {
    hold: Hold,
    loaded: Wait<()>,
    schema: PhantomData<fn() -> S>,
}

impl<S: StoreContext> Suspended<S> {
    pub(crate) fn new(hold: Hold) -> Self {
        let loaded = hold.generation().loaded().wait();
        Self { hold, loaded, schema: PhantomData }
    }
}

impl<S: StoreContext> Clone for Suspended<S> {
    fn clone(&self) -> Self {
        Self::new(self.hold.clone())
    }
}

impl<S: StoreContext> PartialEq for Suspended<S> {
    fn eq(&self, other: &Self) -> bool {
        self.hold.is_same(&other.hold)
    }
}

impl<S: StoreContext> Eq for Suspended<S> {}

impl<S: StoreContext> fmt::Debug for Suspended<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Suspended").field(&self.hold.generation().store.to_string()).finish()
    }
}

impl<S: StoreContext> Future for Suspended<S> {
    type Output = Result<S::Handle, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Whether it loads or not: a program that waits where it must not should hear of it the first time.
        if let Err(refused) = refuse::waiting_for_load(&self.hold.generation().store, "waiting for a store") {
            return Poll::Ready(Err(refused));
        }
        if let State::Loading(_) = self.hold.generation().state()
            && self.loaded.poll_unpin(context).is_pending()
        {
            return Poll::Pending;
        }
        Poll::Ready(match self.hold.generation().state() {
            State::Running => Ok(Store::new(self.hold.clone()).into()),
            State::Error(error) => Err(error),
            // A load ends in one of its phases before it says that it is over.
            State::Loading(_) | State::Shutdown(_) => Err(self.hold.generation().shutdown_error()),
        })
    }
}

/// What a look at a mounted store gives: the store, or what to wait for.
#[derive(Clone)]
pub enum Reading<S: StoreContext> {
    /// It runs.
    Ready(S::Handle),
    /// It loads.
    Suspended(Suspended<S>),
}

impl<S: StoreContext> Reading<S> {
    /// The store, if it runs.
    #[must_use]
    pub fn ready(self) -> Option<S::Handle> {
        match self {
            Self::Ready(store) => Some(store),
            Self::Suspended(_) => None,
        }
    }
}

impl<S: StoreContext> fmt::Debug for Reading<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(_) => f.write_str("Ready"),
            Self::Suspended(suspended) => suspended.fmt(f),
        }
    }
}
