//! [`use_query`]: a query's result as a signal.

use std::cell::RefCell;
use std::rc::Rc;

use dioxus::prelude::*;
use store_context_runtime::{StoreContext, StoreError, Watchable};

use crate::kept::Kept;
use crate::store::use_store;

/// A query's result: a signal that may be set from any thread. It is `Copy`.
pub type QuerySignal<T> = ReadSignal<Result<T, StoreError>, SyncStorage>;

/// A query, and the signal of its result.
struct Live<Q, V: Send + Sync + 'static> {
    query: Q,
    result: Kept<Result<V, StoreError>>,
}

impl<Q, V: Clone + Send + Sync + 'static> Live<Q, V> {
    fn new<S>(query: Q) -> Self
    where
        Q: Watchable<S, Value = V>,
    {
        let watch = query.watch();
        let read = watch.clone();
        let result =
            Kept::new(move || read.as_ref().map_err(Clone::clone)?.get(), |tell| Some(watch.ok()?.changed(tell)));
        Self { query, result }
    }
}

/// The result of a query, a table or a client document of a running store, as a signal: whoever reads it is rendered again
/// exactly when the result differs.
///
/// The query is built in each render, and may depend on anything: where it is another one, the subscription of the one
/// before ends, and the signal is another one too. For a value derived from the result, use `use_memo`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use dioxus::prelude::*;
/// # use store_context::dioxus::{use_query, use_store};
/// # #[allow(non_snake_case)]
/// fn Todo() -> Element {
///     let store = use_store::<Project>()?;
///     let todo = use_query(store.by_status(Status::Todo, 20));
///     let titles = todo()?.iter().map(|issue| issue.title.clone()).collect::<Vec<_>>();
///     rsx! { ul { for title in titles { li { "{title}" } } } }
/// }
/// # fn main() { let _ = Todo; }
/// ```
pub fn use_query<S, Q>(query: Q) -> QuerySignal<Q::Value>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    use_live(Some(query)).unwrap_or_else(|| unreachable!("there is a query"))
}

/// As [`use_query`], where there may be none yet.
pub(crate) fn use_live<S, Q>(query: Option<Q>) -> Option<QuerySignal<Q::Value>>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let live = use_hook(|| Rc::new(RefCell::new(None::<Live<Q, Q::Value>>)));
    let mut live = live.borrow_mut();
    if live.as_ref().map(|live| &live.query) != query.as_ref() {
        *live = query.map(Live::new);
    }
    live.as_ref().map(|live| live.result.signal.into())
}

/// A query of the nearest store of the schema `S`: [`use_store`] and [`use_query`] in one, for a component that needs no more
/// of the store.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use dioxus::prelude::*;
/// # use store_context::dioxus::use_query_suspense;
/// # #[allow(non_snake_case)]
/// fn Total() -> Element {
///     let total = use_query_suspense(|project: &ProjectStore| project.total())?;
///     rsx! { "{total()?}" }
/// }
/// # fn main() { let _ = Total; }
/// ```
///
/// # Errors
/// As [`use_store`]: with `?`, it suspends while the store loads.
pub fn use_query_suspense<S, Q>(query: impl FnOnce(&S::Handle) -> Q) -> Result<QuerySignal<Q::Value>, RenderError>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let store = use_store::<S>()?;
    Ok(use_query(query(&store)))
}
