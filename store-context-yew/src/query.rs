//! [`use_query`]: a query's result as a hook value.

use store_context_runtime::{StoreContext, StoreError, Watch, Watchable};
use yew::prelude::*;
use yew::suspense::SuspensionResult;

use crate::changes;
use crate::store::use_store;

/// A query, and its result kept current.
struct Live<Q, V> {
    query: Q,
    /// Counts the queries that the component had.
    number: u64,
    watch: Result<Watch<Result<V, StoreError>>, StoreError>,
    /// The version of the result that was rendered.
    rendered: u64,
}

impl<Q, V: Clone + Send + Sync + 'static> Live<Q, V> {
    fn version(&self) -> u64 {
        self.watch.as_ref().map_or(0, Watch::version)
    }
}

/// The result of a query, a table or a client document of a running store. The component is rendered again exactly when the
/// result differs.
///
/// The query is built in each render, and may depend on anything: where it is another one, the subscription of the one
/// before ends. For a value derived from the result, use `use_memo`.
///
/// # Errors
/// The query's, and [`StoreError::Shutdown`] after the store's end.
#[hook]
pub fn use_query<S, Q>(query: Q) -> Result<Q::Value, StoreError>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let update = use_force_update();
    let live = use_mut_ref(|| None::<Live<Q, Q::Value>>);
    let number = {
        let mut live = live.borrow_mut();
        let before = live.as_ref().map_or(0, |live| live.number);
        if live.as_ref().is_none_or(|live| live.query != query) {
            let watch = query.watch();
            *live = Some(Live { query, number: before + 1, watch, rendered: 0 });
        }
        live.as_ref().map_or(0, |live| live.number)
    };
    {
        let live = live.clone();
        use_effect_with(number, move |_| {
            let watch = live.borrow().as_ref().and_then(|live| live.watch.as_ref().ok().cloned());
            let is_due = move || live.borrow().as_ref().is_some_and(|live| live.version() != live.rendered);
            changes::follow(|tell| watch.map(|watch| watch.changed(tell)), is_due, update)
        });
    }
    let mut live = live.borrow_mut();
    let live = live.as_mut().unwrap_or_else(|| unreachable!("it was set just now"));
    live.rendered = live.version();
    live.watch.as_ref().map_err(Clone::clone)?.get()
}

/// A query of the nearest store of the schema `S`: [`use_store`] and [`use_query`] in one, for a component that needs no more
/// of the store.
///
/// # Errors
/// As [`use_store`]: with `?`, it suspends while the store loads. Inside, as [`use_query`].
#[hook]
pub fn use_query_suspense<S, Q>(query: impl FnOnce(&S::Handle) -> Q) -> SuspensionResult<Result<Q::Value, StoreError>>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let store = use_store::<S>()?;
    Ok(use_query(query(&store)))
}
