//! [`Mapped`]: a value derived from a query, told only when it differs itself.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::row::cardinality::Cardinality;
use crate::store::context::StoreContext;
use crate::store::query::BoundQuery;
use crate::store::watch::{OnChange, Watch};
use crate::store::watchable::Watchable;

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

/// The same query, and the same function, which captures nothing. Of functions that capture something nobody can tell.
impl<S: StoreContext, K, F> PartialEq for Mapped<S, K, F> {
    fn eq(&self, other: &Self) -> bool {
        size_of::<F>() == 0 && self.query == other.query
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

impl<S, K, F, U> Mapped<S, K, F>
where
    S: StoreContext,
    K: Cardinality,
    F: Fn(K::Output) -> U + Clone + Send + Sync + 'static,
    U: PartialEq + Clone + Send + Sync + 'static,
{
    /// The derived value, kept current. As [`BoundQuery::watch`].
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn watch(&self) -> Result<Watch<Result<U, StoreError>>, StoreError> {
        Watchable::watch(self)
    }
}

impl<S, K, F, U> Watchable<S> for Mapped<S, K, F>
where
    S: StoreContext,
    K: Cardinality,
    F: Fn(K::Output) -> U + Clone + Send + Sync + 'static,
    U: PartialEq + Clone + Send + Sync + 'static,
{
    type Value = U;

    fn subscribe_from(&self, mut on_change: OnChange<U>) -> Result<(U, Subscription), StoreError> {
        let (map, first) = (self.map.clone(), Arc::new(OnceLock::new()));
        let (mut last, known) = (None, Arc::clone(&first));
        let mut is_first = true;
        let (result, live) = self.query.subscribe_from(Box::new(move |result| {
            let before = if std::mem::take(&mut is_first) { known.get().cloned() } else { last.take() };
            let value = result.map(&map);
            let is_same = value.as_ref().is_ok_and(|value| before.as_ref() == Some(value));
            // What comes after an error is told, whether it differs from what was before or not.
            last = value.as_ref().ok().cloned();
            if !is_same {
                on_change(value);
            }
        }))?;
        let value = (self.map)(result);
        let _ = first.set(value.clone());
        Ok((value, live))
    }
}
