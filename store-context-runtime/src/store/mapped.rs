//! [`Mapped`]: a value derived from a query, told only when it differs itself.

use std::fmt;

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::row::cardinality::Cardinality;
use crate::store::context::StoreContext;
use crate::store::query::BoundQuery;

/// What a function makes of a query's result. Made by [`BoundQuery::map`].
#[must_use = "this does nothing until `get` or `subscribe`"]
pub struct Mapped<S: StoreContext, K, F> {
    query: BoundQuery<S, K>,
    map: F,
}

impl<S: StoreContext, K: Cardinality> BoundQuery<S, K> {
    /// A value derived from the result, whose subscribers are told only when it differs itself.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// let has_work = store.by_status(Status::Todo, 1).map(|rows| !rows.is_empty());
    /// assert!(has_work.get()?);
    /// let live = has_work.subscribe(|has_work| println!("{has_work:?}"))?; // when it becomes true or false
    /// # drop(live);
    /// # Ok(()) }
    /// ```
    pub fn map<U, F: Fn(K::Output) -> U>(self, map: F) -> Mapped<S, K, F> {
        Mapped { query: self, map }
    }
}

impl<S: StoreContext, K, F: Clone> Clone for Mapped<S, K, F> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), map: self.map.clone() }
    }
}

impl<S: StoreContext, K, F> fmt::Debug for Mapped<S, K, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mapped").field("query", &self.query).finish_non_exhaustive()
    }
}

impl<S: StoreContext, K: Cardinality, F> Mapped<S, K, F> {
    /// The derived value as of the last commit.
    ///
    /// # Errors
    /// As [`BoundQuery::get`].
    pub fn get<U>(&self) -> Result<U, StoreError>
    where
        F: Fn(K::Output) -> U,
    {
        self.query.get().map(&self.map)
    }

    /// Calls `on_change` whenever the derived value differs from the last one, and not now. As [`BoundQuery::subscribe`].
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe<U>(
        self,
        on_change: impl FnMut(Result<U, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError>
    where
        F: Fn(K::Output) -> U + Send + 'static,
        U: PartialEq + Clone + Send + 'static,
    {
        self.subscribed(on_change, false)
    }

    /// As [`subscribe`](Self::subscribe), and calls `on_change` with the present value first.
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe_now<U>(
        self,
        on_change: impl FnMut(Result<U, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError>
    where
        F: Fn(K::Output) -> U + Send + 'static,
        U: PartialEq + Clone + Send + 'static,
    {
        self.subscribed(on_change, true)
    }

    fn subscribed<U>(
        self,
        mut on_change: impl FnMut(Result<U, StoreError>) + Send + 'static,
        mut now: bool,
    ) -> Result<Subscription, StoreError>
    where
        F: Fn(K::Output) -> U + Send + 'static,
        U: PartialEq + Clone + Send + 'static,
    {
        let (map, mut last) = (self.map, None);
        // With the present result first, so that there is something to compare the next one with.
        self.query.subscribe_now(move |result| match result.map(&map) {
            Ok(value) => {
                let is_first = last.is_none();
                if last.as_ref() != Some(&value) {
                    last = Some(value.clone());
                    if !is_first || std::mem::replace(&mut now, true) {
                        on_change(Ok(value));
                    }
                }
            }
            Err(error) => {
                // What comes after an error is told, whether it differs from what was before or not.
                (last, now) = (None, true);
                on_change(Err(error));
            }
        })
    }
}
