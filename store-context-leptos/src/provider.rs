//! [`StoreRegistryProvider`] and [`StoreProvider`]: which stores are there for what is below.

// What `#[component]` writes around a component is private to it.
#![allow(unreachable_pub)]

use std::time::Duration;

use leptos::children::TypedChildren;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use reactive_graph::computed::ArcMemo;
use store_context_runtime::{ChosenAdapter, Provider, Scope, StoreContext, StoreError, StoreRegistry};

/// The scope around some place, in Leptos's context. It changes where a provider's store does.
#[derive(Clone)]
pub(crate) struct ScopeContext(ArcMemo<Result<Scope, StoreError>>);

/// Whether what is below has to look again.
fn differs(before: Option<&Result<Scope, StoreError>>, now: Option<&Result<Scope, StoreError>>) -> bool {
    !matches!((before, now), (Some(Ok(before)), Some(Ok(now))) if before == now)
}

impl ScopeContext {
    /// Of the providers above. Without one, nothing is provided, which is said when a store is asked for.
    pub(crate) fn current() -> Self {
        use_context().unwrap_or_else(|| Self::of(&default_registry()))
    }

    fn of(registry: &StoreRegistry) -> Self {
        let scope = Scope::new(registry);
        Self(ArcMemo::new_with_compare(move |_| Ok(scope.clone()), differs))
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

/// What a [`StoreProvider`] takes: a provider, or a function of one that may read signals.
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
pub trait IntoProvider: Send + Sync + 'static {
    /// The schema of the store.
    type Schema: StoreContext;
    /// The adapter that it is mounted on.
    type Adapter: ChosenAdapter<Self::Schema>;
    /// The provider now.
    fn provider(&self) -> Provider<Self::Schema, Self::Adapter>;
}

impl<S: StoreContext, A: ChosenAdapter<S> + Clone + Send + Sync + 'static> IntoProvider for Provider<S, A> {
    type Schema = S;
    type Adapter = A;
    fn provider(&self) -> Self {
        self.clone()
    }
}

impl<S, A, F> IntoProvider for F
where
    S: StoreContext,
    A: ChosenAdapter<S>,
    F: Fn() -> Provider<S, A> + Send + Sync + 'static,
{
    type Schema = S;
    type Adapter = A;
    fn provider(&self) -> Provider<S, A> {
        self()
    }
}

/// Mounts a store for the current owner and what is below: [`StoreProvider`] without a component.
///
/// It starts loading now. Where the provider reads signals and names another store, that one is mounted in its place.
pub fn provide_store(provider: impl IntoProvider) {
    let outer = ScopeContext::current();
    let scope = ArcMemo::new_with_compare(
        move |_: Option<&Result<Scope, StoreError>>| outer.get()?.provide(provider.provider()),
        differs,
    );
    // Loading begins now, not at the first read.
    scope.with_untracked(|_| ());
    provide_context(ScopeContext(scope));
}

/// Below `owner`'s child, so that a sibling does not see what is provided.
fn below<C: IntoView + 'static>(provide: impl FnOnce(), children: TypedChildren<C>) -> impl IntoView {
    let owner = Owner::current().map_or_else(Owner::new, |owner| owner.child());
    let children = owner.with(|| {
        provide();
        children.into_inner()()
    });
    OwnedView::new_with_owner(children, owner)
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
    below(|| provide_store_registry(registry), children)
}

/// Mounts a store for what is below. Its children render at once, and nested providers load side by side.
///
/// The store is released when the component is unmounted. The nearest provider of a schema is the one that
/// [`use_store`](crate::use_store) finds.
#[component]
pub fn StoreProvider<P, C>(
    /// Which store: `ProjectProvider::new().adapter(..).store_id(..)`, or a function that may read signals.
    provider: P,
    /// What may read the store.
    children: TypedChildren<C>,
) -> impl IntoView
where
    P: IntoProvider,
    C: IntoView + 'static,
{
    below(|| provide_store(provider), children)
}
