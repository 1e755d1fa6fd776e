//! [`StoreRegistryProvider`] and [`StoreProvider`]: which stores are there for what is below.

use std::cell::RefCell;
use std::rc::Rc;

use dioxus::prelude::*;
use dioxus_core::try_consume_context;
use store_context_runtime::{
    BootStatus, ProviderSet, Scope, ShutdownCause, State, StoreError, StoreName, StoreRegistry, Watch,
};

use crate::kept::Kept;

/// The scope around some place, in Dioxus's context.
#[derive(Clone)]
pub(crate) struct ScopeContext {
    pub(crate) scope: Signal<Result<Scope, StoreError>>,
    /// Errors that a boundary was given: a component that meets one again, in a boundary that was reset, retries.
    pub(crate) thrown: Rc<RefCell<Vec<Thrown>>>,
}

/// An error of one generation of a store, and the boundary that was given it.
#[derive(Clone, PartialEq)]
pub(crate) struct Thrown {
    pub(crate) store: StoreName,
    pub(crate) generation: u64,
    pub(crate) boundary: ErrorContext,
}

impl ScopeContext {
    fn new(scope: Result<Scope, StoreError>) -> Self {
        Self { scope: Signal::new(scope), thrown: Rc::default() }
    }

    /// Of the providers above. Without one, nothing is provided, which is said when a store is asked for.
    pub(crate) fn current() -> Self {
        try_consume_context().unwrap_or_else(|| Self::new(Ok(Scope::new(&default_registry()))))
    }
}

/// On a server nothing is kept for a page that was sent.
fn default_registry() -> StoreRegistry {
    #[cfg(feature = "fullstack")]
    if dioxus_fullstack_core::FullstackContext::current().is_some() {
        return StoreRegistry::builder().cache_time(std::time::Duration::ZERO).build();
    }
    StoreRegistry::new()
}

/// Makes a registry the one that providers below mount their stores in: [`StoreRegistryProvider`] as a hook.
pub fn use_store_registry_provider(registry: impl FnOnce() -> StoreRegistry) {
    use_hook(|| {
        provide_context(ScopeContext::new(Ok(Scope::new(&registry()))));
    });
}

/// The registry of the providers above, for [`preload`](StoreRegistry::preload) on hover or in a route.
///
/// # Errors
/// Why a provider above could not mount its store.
pub fn use_store_registry() -> Result<StoreRegistry, StoreError> {
    let context = use_hook(ScopeContext::current);
    let scope = context.scope.peek().clone();
    scope.map(|scope| scope.registry().clone())
}

/// Mounts a store for the component and what is below, or several as a tuple: [`StoreProvider`] as a hook.
///
/// They start loading now. Where the provider names another store in a later render, that one is mounted in its place.
pub fn use_store_provider(provider: impl Into<ProviderSet>) {
    provide(&provider.into());
}

/// What a component provides, and what that was made of.
struct Provided {
    providers: ProviderSet,
    outer: Result<Scope, StoreError>,
    context: ScopeContext,
}

/// The scope that is provided; read.
fn provide(providers: &ProviderSet) -> ScopeContext {
    let around = use_hook(ScopeContext::current);
    let provided = use_hook(|| Rc::new(RefCell::new(None::<Provided>)));
    let outer = around.scope.read().clone();
    let mut provided = provided.borrow_mut();
    if let Some(before) = &*provided
        && before.providers == *providers
        && before.outer.as_ref().ok() == outer.as_ref().ok()
    {
        return before.context.clone();
    }
    let scope = outer.clone().and_then(|outer| outer.provide_all(providers));
    let context = match provided.take() {
        Some(Provided { mut context, .. }) => {
            context.scope.set(scope);
            context
        }
        None => provide_context(ScopeContext::new(scope)),
    };
    *provided = Some(Provided { providers: providers.clone(), outer, context: context.clone() });
    context
}

/// Says in which registry the stores below are mounted.
#[component]
pub fn StoreRegistryProvider(
    /// The registry; a new one where it is left out. On a server (feature `fullstack`), a new one has no cache time.
    registry: Option<StoreRegistry>,
    /// What may mount and read stores.
    children: Element,
) -> Element {
    use_store_registry_provider(|| registry.unwrap_or_else(default_registry));
    children
}

/// Mounts a store for what is below, or several. Its children render at once, and nested providers load side by side.
///
/// The stores are released when the component is unmounted. The nearest provider of a schema is the one that
/// [`use_store`](crate::use_store) finds.
///
/// Without a [`StoreRegistryProvider`] above, it makes a registry of its own, of which a sibling knows nothing.
///
/// What is told to be rendered in a phase is shown in place of the children, for who wants neither `SuspenseBoundary` nor
/// `ErrorBoundary`: of several stores, an error before a shutdown, before a load. A server sends what is there at once.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use dioxus::prelude::*;
/// # use store_context::dioxus::StoreProvider;
/// # #[component] fn Board() -> Element { rsx! {} }
/// # #[allow(non_snake_case)]
/// fn Screen() -> Element {
///     rsx! {
///         StoreProvider {
///             provider: ProjectProvider::new().adapter(Sqlite::in_memory()),
///             render_loading: |status| rsx! { "{status:?}" },
///             render_error: |(error, retry): (StoreError, Callback<()>)| rsx! {
///                 "{error}"
///                 button { onclick: move |_| retry(()), "Try again" }
///             },
///             Board {}
///         }
///     }
/// }
/// # fn main() { let _ = Screen; }
/// ```
#[component]
pub fn StoreProvider(
    /// Which store: `ProjectProvider::new().adapter(..).store_id(..)`, or several as a tuple.
    #[props(into)]
    provider: ProviderSet,
    /// While a store loads; called again with each step.
    render_loading: Option<Callback<BootStatus, Element>>,
    /// Where one did not open, or could not be mounted; the callback loads it again.
    render_error: Option<Callback<(StoreError, Callback<()>), Element>>,
    /// After a shutdown.
    render_shutdown: Option<Callback<ShutdownCause, Element>>,
    /// What may read the store.
    children: Element,
) -> Element {
    let context = provide(&provider);
    let scope = context.scope.read().clone();
    let state = use_hook(|| Rc::new(RefCell::new(None::<(Result<Scope, StoreError>, Kept<State>)>)));
    let mut state = state.borrow_mut();
    if render_loading.is_none() && render_error.is_none() && render_shutdown.is_none() {
        return children;
    }
    let state = match &mut *state {
        Some((before, state)) if before.as_ref().ok() == scope.as_ref().ok() => state,
        other => {
            let watch = scope.as_ref().map(Scope::watch).map_err(Clone::clone);
            let read = watch.clone();
            let kept = Kept::new(
                move || read.as_ref().map_or_else(|error| State::Error(error.clone()), Watch::get),
                |tell| Some(watch.ok()?.changed(tell)),
            );
            &mut other.insert((scope.clone(), kept)).1
        }
    };
    let retry = use_callback(move |()| context.scope.peek().as_ref().map_or((), Scope::retry));
    match (*state.signal.read()).clone() {
        State::Loading(status) => render_loading.map(|render| render(status)),
        State::Error(error) => render_error.map(|render| render((error, retry))),
        State::Shutdown(cause) => render_shutdown.map(|render| render(cause)),
        _ => None,
    }
    .unwrap_or(children)
}
