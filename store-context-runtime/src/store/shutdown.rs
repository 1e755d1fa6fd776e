//! [`Shutdown`]: waiting until a store's file is closed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt;

use crate::engine::closed::Closed;
use crate::error::StoreError;
use crate::host::signal::Wait;
use crate::id::StoreName;
use crate::refuse;

/// A shutdown, which began with the call that gave this: a future of its end. It may be dropped; the shutdown goes on.
#[must_use = "the shutdown has begun; `.await` it to know that the file is closed, or `drop` it"]
pub struct Shutdown {
    store: StoreName,
    closing: Result<Wait<Result<(), StoreError>>, StoreError>,
}

impl Shutdown {
    pub(crate) fn new(store: StoreName, closing: Result<Closed, StoreError>) -> Self {
        Self { store, closing: closing.map(|closed| closed.wait()) }
    }
}

impl fmt::Debug for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shutdown").field(&self.store.to_string()).finish()
    }
}

impl Future for Shutdown {
    type Output = Result<(), StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { store, closing } = &mut *self;
        let closing = match closing {
            Ok(closing) => closing,
            Err(error) => return Poll::Ready(Err(error.clone())),
        };
        // Whether it is closed by now or not: a program that waits where it must not should hear of it the first time.
        match refuse::waiting_for_load(store, "waiting for a shutdown") {
            Ok(()) => closing.poll_unpin(context),
            Err(refused) => Poll::Ready(Err(refused)),
        }
    }
}
