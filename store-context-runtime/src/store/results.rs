//! [`Results`]: the results of a query as a stream.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::Stream;
use futures::task::AtomicWaker;

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::host::threads::{Mutex, lock};
use crate::row::cardinality::Cardinality;

type Result<K> = std::result::Result<<K as Cardinality>::Output, StoreError>;

/// The present result of a query, then each that differs, as a stream. Of results that come faster than they are taken only
/// the last is kept. It ends after [`StoreError::Shutdown`], when the store ends. Made by
/// [`BoundQuery::results`](crate::BoundQuery::results).
#[must_use = "a stream does nothing until it is polled"]
pub struct Results<K: Cardinality> {
    shared: Arc<Shared<K>>,
    is_over: bool,
    _live: Subscription,
}

struct Shared<K: Cardinality> {
    latest: Mutex<Option<Result<K>>>,
    waker: AtomicWaker,
}

impl<K: Cardinality> Results<K> {
    /// `subscribe` calls with the present result first.
    pub(crate) fn new(
        subscribe: impl FnOnce(Box<dyn FnMut(Result<K>) + Send>) -> std::result::Result<Subscription, StoreError>,
    ) -> std::result::Result<Self, StoreError> {
        let shared = Arc::new(Shared { latest: Mutex::new(None), waker: AtomicWaker::new() });
        let told = Arc::clone(&shared);
        let live = subscribe(Box::new(move |result| {
            // Dropped without the lock: rows are the user's.
            let before = lock(&told.latest).replace(result);
            drop(before);
            told.waker.wake();
        }))?;
        Ok(Self { shared, is_over: false, _live: live })
    }
}

impl<K: Cardinality> fmt::Debug for Results<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Results")
    }
}

impl<K: Cardinality> Stream for Results<K> {
    type Item = Result<K>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<K>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        // Before looking, so that a result that comes in between wakes.
        self.shared.waker.register(context.waker());
        let latest = lock(&self.shared.latest).take();
        match latest {
            None => Poll::Pending,
            Some(result) => {
                self.is_over = matches!(&result, Err(StoreError::Shutdown { .. }));
                Poll::Ready(Some(result))
            }
        }
    }
}
