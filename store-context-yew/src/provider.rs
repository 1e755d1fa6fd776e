//! [`StoreRegistryProvider`] and [`StoreProvider`]: which stores are there for what is below.

use std::rc::Rc;

use store_context_runtime::{ChosenAdapter, Provider, Scope, StoreContext, StoreError, StoreRegistry};
use yew::prelude::*;

/// The scope around some place, in Yew's context.
#[derive(Clone)]
pub(crate) struct ScopeContext(pub(crate) Rc<Result<Scope, StoreError>>);

impl PartialEq for ScopeContext {
    fn eq(&self, other: &Self) -> bool {
        match (&*self.0, &*other.0) {
            (Ok(scope), Ok(other)) => scope == other,
            _ => Rc::ptr_eq(&self.0, &other.0),
        }
    }
}

/// The scope of the providers above. Without one, nothing is provided, which is said when a store is asked for.
#[hook]
pub(crate) fn use_scope() -> ScopeContext {
    let around = use_context::<ScopeContext>();
    let nothing = use_memo((), |()| Ok(Scope::new(&StoreRegistry::new())));
    around.unwrap_or(ScopeContext(nothing))
}

/// The registry of the providers above, for [`preload`](StoreRegistry::preload) on hover or in a route.
///
/// # Errors
/// Why a provider above could not mount its store.
#[hook]
pub fn use_store_registry() -> Result<StoreRegistry, StoreError> {
    let scope = use_scope();
    (*scope.0).as_ref().map(|scope| scope.registry().clone()).map_err(Clone::clone)
}

/// What a [`StoreRegistryProvider`] takes.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StoreRegistryProviderProps {
    /// The registry; a new one where it is left out.
    #[prop_or_default]
    pub registry: Option<StoreRegistry>,
    /// What may mount and read stores.
    #[prop_or_default]
    pub children: Html,
}

/// Says in which registry the stores below are mounted.
#[component]
pub fn StoreRegistryProvider(props: &StoreRegistryProviderProps) -> Html {
    let scope = use_memo(props.registry.clone(), |registry| Ok(Scope::new(&registry.clone().unwrap_or_default())));
    html! { <ContextProvider<ScopeContext> context={ScopeContext(scope)}>{props.children.clone()}</ContextProvider<ScopeContext>> }
}

/// What a [`StoreProvider`] takes.
#[derive(Properties)]
pub struct StoreProviderProps<S: StoreContext, A: ChosenAdapter<S> + Clone + 'static> {
    /// Which store: `ProjectProvider::new().adapter(..).store_id(..)`.
    pub provider: Provider<S, A>,
    /// What may read the store.
    #[prop_or_default]
    pub children: Html,
}

impl<S: StoreContext, A: ChosenAdapter<S> + Clone> PartialEq for StoreProviderProps<S, A> {
    fn eq(&self, other: &Self) -> bool {
        self.provider == other.provider && self.children == other.children
    }
}

impl<S: StoreContext, A: ChosenAdapter<S> + Clone> std::fmt::Debug for StoreProviderProps<S, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreProviderProps").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// A provider in a list of dependencies.
struct Depends<S: StoreContext, A>(Provider<S, A>, ScopeContext);

impl<S: StoreContext, A: ChosenAdapter<S>> PartialEq for Depends<S, A> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 && self.1 == other.1
    }
}

/// Mounts a store for what is below. Its children render at once, and nested providers load side by side.
///
/// The store is released when the component is unmounted. Where the provider names another store in a later render, that
/// one is mounted in its place. The nearest provider of a schema is the one that [`use_store`](crate::use_store) finds.
#[component]
pub fn StoreProvider<S, A>(props: &StoreProviderProps<S, A>) -> Html
where
    S: StoreContext,
    A: ChosenAdapter<S> + Clone + 'static,
{
    let around = use_scope();
    let scope = use_memo(Depends(props.provider.clone(), around), |Depends(provider, around)| {
        (*around.0).clone().and_then(|around| around.provide(provider.clone()))
    });
    html! { <ContextProvider<ScopeContext> context={ScopeContext(scope)}>{props.children.clone()}</ContextProvider<ScopeContext>> }
}
