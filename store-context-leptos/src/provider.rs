//! [`StoreRegistryProvider`] and [`StoreProvider`]: which stores are there for what is below.

// What `#[component]` writes around a component is private to it.
#![allow(unreachable_pub)]

use std::time::Duration;

use leptos::children::{TypedChildren, TypedChildrenFn};
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::tachys::view::any_view::AnyView;
use store_context_runtime::{
    BootStatus, ChosenAdapter, Provider, ProviderSet, Scope, ShutdownCause, State, StoreContext, StoreError,
    StoreRegistry,
};

use crate::derived::ArcDerived;
use crate::tracked::Tracked;

/// The scope around some place, in Leptos's context. It changes where a provider's store does.
#[derive(Clone)]
pub(crate) struct ScopeContext(ArcDerived<Result<Scope, StoreError>>);

/// Whether nothing below has to look again.
fn is_same(before: &Result<Scope, StoreError>, now: &Result<Scope, StoreError>) -> bool {
    matches!((before, now), (Ok(before), Ok(now)) if before == now)
}

impl ScopeContext {
    /// Of the providers above. Without one, nothing is provided, which is said when a store is asked for.
    pub(crate) fn current() -> Self {
        use_context().unwrap_or_else(|| Self::of(&default_registry()))
    }

    fn of(registry: &StoreRegistry) -> Self {
        let scope = Scope::new(registry);
        Self(ArcDerived::new(move |_| Ok(scope.clone()), is_same))
    }

    /// The scope now; tracked.
    pub(crate) fn get(&self) -> Result<Scope, StoreError> {
        self.0.get()
    }
}

/// On a server nothing is kept for a page that was sent.
fn default_registry() -> StoreRegistry {
    let builder = StoreRegistry::builder();
    let is_server = Owner::current_shared_context().is_some_and(|page| !page.is_browser());
    if is_server { builder.cache_time(Duration::ZERO).build() } else { builder.build() }
}

/// Makes a registry the one that providers below mount their stores in: [`StoreRegistryProvider`] for a whole owner.
pub fn provide_store_registry(registry: StoreRegistry) {
    provide_context(ScopeContext::of(&registry));
}

/// The registry of the providers above, for [`preload`](StoreRegistry::preload) on hover or in a route.
///
/// # Errors
/// Why a provider above could not mount its store.
pub fn use_store_registry() -> Result<StoreRegistry, StoreError> {
    let scope = untrack(|| ScopeContext::current().get())?;
    Ok(scope.registry().clone())
}

/// What a [`StoreProvider`] takes: a provider, several as a tuple, or a function of these that may read signals.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// # #[component] fn Board() -> impl IntoView {}
/// #[component]
/// fn Screen(data: Sqlite, id: Signal<String>) -> impl IntoView {
///     let provider = move || ProjectProvider::new().adapter(data.clone()).store_id(id.get());
///     view! { <StoreProvider provider><Board/></StoreProvider> }
/// }
/// # fn main() {}
/// ```
pub trait IntoProviderSet: Send + Sync + 'static {
    /// The providers now.
    fn provider_set(&self) -> ProviderSet;
}

impl IntoProviderSet for ProviderSet {
    fn provider_set(&self) -> ProviderSet {
        self.clone()
    }
}

impl<S, A> IntoProviderSet for Provider<S, A>
where
    S: StoreContext,
    A: ChosenAdapter<S> + Clone + Send + Sync + 'static,
{
    fn provider_set(&self) -> ProviderSet {
        self.clone().into()
    }
}

impl<P, F> IntoProviderSet for F
where
    P: Into<ProviderSet>,
    F: Fn() -> P + Send + Sync + 'static,
{
    fn provider_set(&self) -> ProviderSet {
        self().into()
    }
}

macro_rules! of_a_tuple {
    ($($provider:ident),+) => {
        impl<$($provider: Into<ProviderSet> + Clone + Send + Sync + 'static),+> IntoProviderSet for ($($provider,)+) {
            fn provider_set(&self) -> ProviderSet {
                self.clone().into()
            }
        }
    };
}

of_a_tuple!(P0, P1);
of_a_tuple!(P0, P1, P2);
of_a_tuple!(P0, P1, P2, P3);
of_a_tuple!(P0, P1, P2, P3, P4);
of_a_tuple!(P0, P1, P2, P3, P4, P5);
of_a_tuple!(P0, P1, P2, P3, P4, P5, P6);
of_a_tuple!(P0, P1, P2, P3, P4, P5, P6, P7);

/// Mounts stores for the current owner and what is below: [`StoreProvider`] without a component.
///
/// They start loading now. Where the provider reads signals and names another store, that one is mounted in its place.
pub fn provide_store(provider: impl IntoProviderSet) {
    let outer = ScopeContext::current();
    let scope = ArcDerived::new(
        move |before: Option<&Result<Provided, StoreError>>| {
            let (outer, providers) = (outer.get()?, provider.provider_set());
            match before {
                Some(Ok(before)) if before.outer == outer && before.providers == providers => Ok(before.clone()),
                _ => Ok(Provided { scope: outer.provide_all(&providers)?, outer, providers }),
            }
        },
        |before, now| matches!((before, now), (Ok(before), Ok(now)) if before.scope == now.scope),
    );
    // Loading begins now, not at the first read.
    _ = scope.get_untracked();
    provide_context(ScopeContext(ArcDerived::new(move |_| scope.get().map(|provided| provided.scope), is_same)));
}

/// The scope of a provider, and what it was made of.
#[derive(Clone)]
struct Provided {
    scope: Scope,
    outer: Scope,
    providers: ProviderSet,
}

/// Below `owner`'s child, so that a sibling does not see what is provided.
fn below<V: IntoView + 'static>(view: impl FnOnce() -> V) -> impl IntoView {
    let owner = Owner::current().map_or_else(Owner::new, |owner| owner.child());
    let view = owner.with(view);
    OwnedView::new_with_owner(view, owner)
}

/// Says in which registry the stores below are mounted.
#[component]
pub fn StoreRegistryProvider<C>(
    /// The registry; a new one where it is left out. On a server, a new one has no cache time.
    #[prop(optional)]
    registry: Option<StoreRegistry>,
    /// What may mount and read stores.
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView + 'static,
{
    let registry = registry.unwrap_or_else(default_registry);
    below(|| {
        provide_store_registry(registry);
        children.into_inner()()
    })
}

/// Mounts a store for what is below, or several. Its children render at once, and nested providers load side by side.
///
/// The stores are released when the component is unmounted. The nearest provider of a schema is the one that
/// [`use_store`](crate::use_store) finds.
///
/// Without a [`StoreRegistryProvider`] above, it makes a registry of its own, of which a sibling knows nothing.
///
/// What is told to be rendered in a phase is shown in place of the children, for who wants neither `<Suspense>` nor
/// `<ErrorBoundary>`: of several stores, an error before a shutdown, before a load. A server sends what is there at once.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// # use store_context::life::BootStatus;
/// # #[component] fn Board() -> impl IntoView {}
/// # fn screen() -> impl IntoView {
/// let provider = ProjectProvider::new().adapter(Sqlite::in_memory());
/// let loading = |status: BootStatus| format!("{status:?}").into_any();
/// let error = |error: StoreError, retry: Callback<()>| {
///     view! { <p>{error.to_string()}</p> <button on:click=move |_| retry.run(())>"Try again"</button> }.into_any()
/// };
/// view! {
///     <StoreProvider provider render_loading=loading render_error=error>
///         <Board/>
///     </StoreProvider>
/// }
/// # }
/// # fn main() {}
/// ```
#[component]
pub fn StoreProvider<P, C>(
    /// Which store: `ProjectProvider::new().adapter(..).store_id(..)`, several as a tuple, or a function that may read
    /// signals.
    provider: P,
    /// While a store loads; called again with each step.
    #[prop(optional, into)]
    render_loading: Option<Callback<(BootStatus,), AnyView>>,
    /// Where one did not open, or could not be mounted; the callback loads it again.
    #[prop(optional, into)]
    render_error: Option<Callback<(StoreError, Callback<()>), AnyView>>,
    /// After a shutdown.
    #[prop(optional, into)]
    render_shutdown: Option<Callback<(ShutdownCause,), AnyView>>,
    /// What may read the store.
    children: TypedChildrenFn<C>,
) -> impl IntoView
where
    P: IntoProviderSet,
    C: IntoView + 'static,
{
    let children = children.into_inner();
    below(move || {
        provide_store(provider);
        if render_loading.is_none() && render_error.is_none() && render_shutdown.is_none() {
            return children().into_any();
        }
        let scope = ScopeContext::current();
        let retry = Callback::new({
            let scope = scope.clone();
            move |()| scope.0.get_untracked().as_ref().map_or((), Scope::retry)
        });
        let state = ArcDerived::new(move |_| scope.get().map(|scope| Tracked::new(scope.watch())), |_, _| false);
        // Running stands for the children, which no step of a load renders anew.
        let shown = ArcDerived::new(
            move |_| match state.get().map_or_else(State::Error, |state| state.get()) {
                State::Loading(_) if render_loading.is_none() => State::Running,
                State::Error(_) if render_error.is_none() => State::Running,
                State::Shutdown(_) if render_shutdown.is_none() => State::Running,
                state => state,
            },
            |before, now| matches!((before, now), (State::Running, State::Running)),
        );
        (move || {
            let other = match shown.get() {
                State::Loading(status) => render_loading.map(|render| render.run((status,))),
                State::Error(error) => render_error.map(|render| render.run((error, retry))),
                State::Shutdown(cause) => render_shutdown.map(|render| render.run((cause,))),
                _ => None,
            };
            other.unwrap_or_else(|| children().into_any())
        })
        .into_any()
    })
}
