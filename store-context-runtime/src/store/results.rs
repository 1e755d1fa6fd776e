//! [`Results`]: the results of a query as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::{Stream, StreamExt};

use crate::error::StoreError;
use crate::row::cardinality::Cardinality;
use crate::store::watch::Watch;

/// The present result of a query, then each that differs, as a stream. Of results that come faster than they are taken only
/// the last is kept. It ends after [`StoreError::Shutdown`], when the store ends. Made by
/// [`BoundQuery::results`](crate::BoundQuery::results).
#[must_use = "a stream does nothing until it is polled"]
pub struct Results<K: Cardinality> {
    watch: Watch<Result<K::Output, StoreError>>,
}

impl<K: Cardinality> Results<K> {
    pub(crate) fn new(watch: Watch<Result<K::Output, StoreError>>) -> Self {
        Self { watch }
    }
}

impl<K: Cardinality> fmt::Debug for Results<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Results")
    }
}

impl<K: Cardinality> Stream for Results<K> {
    type Item = Result<K::Output, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.watch.poll_next_unpin(context)
    }
}
