//! [`StoreRegistryProvider`] and [`StoreProvider`]: which stores are there for what is below.

use std::cell::RefCell;
use std::rc::Rc;

use dioxus::prelude::*;
use dioxus_core::try_consume_context;
use store_context_runtime::{ChosenAdapter, Provider, Scope, StoreContext, StoreError, StoreName, StoreRegistry};

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
        try_consume_context().unwrap_or_else(|| Self::new(Ok(Scope::new(&StoreRegistry::new()))))
    }
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

/// Mounts a store for the component and what is below: [`StoreProvider`] as a hook.
///
/// It starts loading now. Where the provider names another store in a later render, that one is mounted in its place.
pub fn use_store_provider<S, A>(provider: Provider<S, A>)
where
    S: StoreContext,
    A: ChosenAdapter<S> + Clone + 'static,
{
    type Provided<S, A> = Rc<RefCell<Option<(Provider<S, A>, Option<Scope>, ScopeContext)>>>;
    let outer = use_hook(ScopeContext::current);
    let provided: Provided<S, A> = use_hook(Rc::default);
    let around = outer.scope.read().clone();
    let mut provided = provided.borrow_mut();
    if let Some((before, scope, _)) = &*provided
        && *before == provider
        && scope.as_ref() == around.as_ref().ok()
    {
        return;
    }
    let scope = around.clone().and_then(|around| around.provide(provider.clone()));
    let context = match provided.take() {
        Some((_, _, mut context)) => {
            context.scope.set(scope);
            context
        }
        None => provide_context(ScopeContext::new(scope)),
    };
    *provided = Some((provider, around.ok(), context));
}

/// Says in which registry the stores below are mounted.
#[component]
pub fn StoreRegistryProvider(
    /// The registry; a new one where it is left out.
    registry: Option<StoreRegistry>,
    /// What may mount and read stores.
    children: Element,
) -> Element {
    use_store_registry_provider(|| registry.unwrap_or_default());
    children
}

/// Mounts a store for what is below. Its children render at once, and nested providers load side by side.
///
/// The store is released when the component is unmounted. The nearest provider of a schema is the one that
/// [`use_store`](crate::use_store) finds.
#[component]
pub fn StoreProvider<S, A>(
    /// Which store: `ProjectProvider::new().adapter(..).store_id(..)`.
    provider: Provider<S, A>,
    /// What may read the store.
    children: Element,
) -> Element
where
    S: StoreContext,
    A: ChosenAdapter<S> + Clone + 'static,
{
    use_store_provider(provider);
    children
}
