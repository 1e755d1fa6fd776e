//! [`use_query`]: a query's result as a signal.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use futures::channel::oneshot;
use leptos::prelude::*;
use reactive_graph::computed::ScopedFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store_context_runtime::{Reading, StoreContext, StoreError, Watchable, result_from_text, result_to_text};

use crate::derived::Derived;
use crate::store::{UseStore, spawn, use_store};
use crate::tracked::Tracked;

/// A query, and its result.
struct Live<Q, V> {
    query: Q,
    result: Result<Tracked<Result<V, StoreError>>, StoreError>,
}

impl<Q, V: Clone + Send + Sync + 'static> Live<Q, V> {
    fn new<S>(query: Q) -> Arc<Self>
    where
        Q: Watchable<S, Value = V>,
    {
        let result = query.watch().map(Tracked::new);
        Arc::new(Self { query, result })
    }

    /// The present result; tracked.
    fn get(&self) -> Result<V, StoreError> {
        self.result.as_ref().map_err(Clone::clone)?.get()
    }
}

type ArcLive<S, Q> = Arc<Live<Q, <Q as Watchable<S>>::Value>>;

/// The one before where the query is the same.
fn same_or_new<S, Q: Watchable<S> + PartialEq>(before: Option<&ArcLive<S, Q>>, query: Q) -> ArcLive<S, Q> {
    match before {
        Some(before) if before.query == query => Arc::clone(before),
        _ => Live::new(query),
    }
}

/// The result of a query, a table or a client document of a running store, as a signal that changes exactly when the
/// result does.
///
/// `query` may read signals: where it gives another query, the subscription of the one before ends. For a value derived
/// from the result, use a `Memo` of the signal.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// #[component]
/// fn Count(store: ProjectStore, status: Signal<Status>) -> impl IntoView {
///     let issues = use_query(move || store.by_status(status.get(), 20));
///     view! { <p>{move || issues.get().map(|issues| issues.len())}</p> }
/// }
/// # fn main() {}
/// ```
pub fn use_query<S, Q>(query: impl Fn() -> Q + Send + Sync + 'static) -> Signal<Result<Q::Value, StoreError>>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let live = Derived::new(move |before: Option<&ArcLive<S, Q>>| same_or_new(before, query()), Arc::ptr_eq);
    Signal::derive(move || live.get().get())
}

/// A query of the nearest store, which may still load. It is `Copy`, as signals are.
pub struct UseQuery<S: StoreContext, Q: Watchable<S>> {
    store: UseStore<S>,
    query: StoredValue<Query<S, Q>>,
    live: Derived<Option<ArcLive<S, Q>>>,
    /// What a server sent with the page: the result until the store runs.
    sent: StoredValue<Option<Q::Value>>,
}

type Query<S, Q> = Arc<dyn Fn(&<S as StoreContext>::Handle) -> Q + Send + Sync>;

impl<S: StoreContext, Q: Watchable<S>> Clone for UseQuery<S, Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: StoreContext, Q: Watchable<S>> Copy for UseQuery<S, Q> {}

impl<S: StoreContext, Q: Watchable<S>> fmt::Debug for UseQuery<S, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UseQuery").field(&self.store).finish()
    }
}

/// A query of the nearest store of the schema `S`, which suspends by itself while the store loads: for a component that is
/// given no store. Otherwise as [`use_query`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// #[component]
/// fn Total() -> impl IntoView {
///     let total = use_query_suspense(|project: &ProjectStore| project.total());
///     view! { <Suspense fallback=|| "Loading">{move || total.get()}</Suspense> }
/// }
/// # fn main() {}
/// ```
pub fn use_query_suspense<S, Q>(query: impl Fn(&S::Handle) -> Q + Send + Sync + 'static) -> UseQuery<S, Q>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let (store, query) = (use_store::<S>(), Arc::new(query));
    let asked = StoredValue::new(Arc::clone(&query) as Query<S, Q>);
    let live = Derived::new(
        move |before: Option<&Option<ArcLive<S, Q>>>| {
            let running = store.get()?.ok()?;
            Some(same_or_new(before.and_then(Option::as_ref), query(&running)))
        },
        |before, now| match (before, now) {
            (Some(before), Some(now)) => Arc::ptr_eq(before, now),
            (before, now) => before.is_none() && now.is_none(),
        },
    );
    UseQuery { store, query: asked, live, sent: StoredValue::new(None) }
}

/// As [`use_query_suspense`], with the result that a server rendered: it is sent with the page, and is the result there until
/// the store runs. Hydration shows what was sent, and no fallback.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// #[component]
/// fn Total() -> impl IntoView {
///     let total = use_query_hydrated(|project: &ProjectStore| project.total());
///     view! { <Suspense fallback=|| "Loading">{move || Suspend::new(async move { total.await })}</Suspense> }
/// }
/// # fn main() {}
/// ```
pub fn use_query_hydrated<S, Q>(query: impl Fn(&S::Handle) -> Q + Send + Sync + 'static) -> UseQuery<S, Q>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
    Q::Value: Serialize + DeserializeOwned,
{
    let used = use_query_suspense(query);
    let Some(page) = Owner::current_shared_context() else { return used };
    // The same on both sides: they number what they share in the same order.
    let id = page.next_id();
    if page.is_browser() {
        used.sent
            .set_value(page.read_data(&id).filter(|text| !text.is_empty()).and_then(|text| result_from_text(&text)));
    } else {
        let (sender, text) = oneshot::channel();
        spawn(ScopedFuture::new_untracked(async move {
            let result = used.await.ok();
            _ = sender.send(result.and_then(|result| result_to_text(&result)));
        }));
        page.write_async(id, Box::pin(async move { text.await.ok().flatten().unwrap_or_default() }));
    }
    used
}

impl<S, Q> UseQuery<S, Q>
where
    S: StoreContext,
    Q: Watchable<S>,
{
    /// The present result, or `None` while the store loads. Tracked; it suspends the nearest `<Suspense>`.
    ///
    /// # Errors
    /// Inside the `Some`: the store's, or the query's.
    #[must_use]
    pub fn get(&self) -> Option<Result<Q::Value, StoreError>> {
        if let Some(sent) = self.sent() {
            return Some(Ok(sent));
        }
        match self.store.get()? {
            Ok(_) => self.live.get().map(|live| live.get()),
            Err(error) => Some(Err(error)),
        }
    }

    /// What a server sent, while the store loads. Tracked.
    fn sent(&self) -> Option<Q::Value> {
        let sent = self.sent.try_get_value()??;
        let followed = self.store.try_followed()?.ok()?;
        matches!(followed.mounted.read(), Ok(Reading::Suspended(_))).then_some(sent)
    }

    /// The store of the query.
    #[must_use]
    pub fn store(&self) -> UseStore<S> {
        self.store
    }
}

/// The result, once the store runs. Tracked.
impl<S, Q> IntoFuture for UseQuery<S, Q>
where
    S: StoreContext,
    Q: Watchable<S>,
{
    type Output = Result<Q::Value, StoreError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let (running, query) = (self.store.into_future(), self.query.get_value());
        Box::pin(async move {
            if let Some(sent) = self.sent() {
                return Ok(sent);
            }
            let store = running.await?;
            match self.live.try_get().flatten() {
                Some(live) => live.get(),
                // The component is gone.
                None => query(&store).watch()?.get(),
            }
        })
    }
}
