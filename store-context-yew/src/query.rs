//! [`use_query`]: a query's result as a hook value.

use serde::Serialize;
use serde::de::DeserializeOwned;
use store_context_runtime::{Scope, StoreContext, StoreError, Watch, Watchable, result_from_text, result_to_text};
use yew::prelude::*;
use yew::suspense::SuspensionResult;

use crate::changes;
use crate::store::{use_found, use_reported, use_store};

/// A query, and its result kept current.
struct Live<Q, V> {
    query: Q,
    watch: Result<Watch<Result<V, StoreError>>, StoreError>,
    /// The version of the result that was rendered.
    rendered: u64,
}

impl<Q, V: Clone + Send + Sync + 'static> Live<Q, V> {
    fn new<S>(query: Q) -> Self
    where
        Q: Watchable<S, Value = V>,
    {
        let watch = query.watch();
        Self { query, watch, rendered: 0 }
    }

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
    use_live(Some(query)).unwrap_or_else(|| unreachable!("there is a query"))
}

/// As [`use_query`], where there may be none yet.
#[hook]
fn use_live<S, Q>(query: Option<Q>) -> Option<Result<Q::Value, StoreError>>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let update = use_force_update();
    // How many queries the component had, and the present one.
    let live = use_mut_ref(|| (0_u64, None::<Live<Q, Q::Value>>));
    let number = {
        let (number, now) = &mut *live.borrow_mut();
        if now.as_ref().map(|live| &live.query) != query.as_ref() {
            *now = query.map(Live::new);
            *number += 1;
        }
        *number
    };
    {
        let live = live.clone();
        use_effect_with(number, move |_| {
            let watch = live.borrow().1.as_ref().and_then(|live| live.watch.as_ref().ok().cloned());
            let is_due = move || live.borrow().1.as_ref().is_some_and(|live| live.version() != live.rendered);
            changes::follow(|tell| watch.map(|watch| watch.changed(tell)), is_due, move || update.force_update())
        });
    }
    let mut live = live.borrow_mut();
    let live = live.1.as_mut()?;
    live.rendered = live.version();
    Some(live.watch.as_ref().map_err(Clone::clone).and_then(Watch::get))
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

/// As [`use_query_suspense`], with the result that a server rendered: it is sent with the page, and is the result there until
/// the store runs. Hydration shows what was sent, and no fallback.
///
/// # Errors
/// As [`use_query_suspense`].
#[hook]
pub fn use_query_hydrated<S, Q>(query: impl FnOnce(&S::Handle) -> Q) -> SuspensionResult<Result<Q::Value, StoreError>>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
    Q::Value: Serialize + DeserializeOwned,
{
    let rendered = use_mut_ref(|| None::<Q::Value>);
    let text = {
        let rendered = rendered.clone();
        move || result_to_text(rendered.borrow().as_ref()?)
    };
    // Yew leaves the closure out where it renders no pages for others.
    let _ = &text;
    let sent = use_transitive_state!((), move |_| -> Option<String> { text() })?;
    let sent = use_memo(sent, |text| text.as_deref()?.as_deref().and_then(result_from_text::<Q::Value>));
    let found = use_found(|scope: &Scope| scope.nearest::<S>().cloned());
    let is_loading = found.read.is_err();
    let store = use_reported(found);
    let result = use_live(store.as_ref().ok().map(query));
    match ((*sent).clone(), result) {
        (Some(sent), _) if is_loading => Ok(Ok(sent)),
        (_, Some(result)) => {
            *rendered.borrow_mut() = result.as_ref().ok().cloned();
            Ok(result)
        }
        (_, None) => store.map(|_| unreachable!("a store that runs is queried")),
    }
}
