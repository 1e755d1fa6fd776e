//! [`StoreRegistryProvider`] and [`StoreProvider`]: which stores are there for what is below.

use std::rc::Rc;
use std::time::Duration;

use store_context_runtime::{
    BootStatus, ChosenAdapter, Provider, ProviderSet, Scope, ShutdownCause, State, StoreContext, StoreError,
    StoreRegistry,
};
use yew::html::IntoPropValue;
use yew::prelude::*;

use crate::changes;

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
    let nothing = use_memo((), |()| Ok(Scope::new(&default_registry())));
    around.unwrap_or(ScopeContext(nothing))
}

/// Outside of a browser Yew is a server, which keeps nothing for a page that was sent.
fn default_registry() -> StoreRegistry {
    let builder = StoreRegistry::builder();
    if cfg!(target_family = "wasm") { builder.build() } else { builder.cache_time(Duration::ZERO).build() }
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
    /// The registry; a new one where it is left out. On a server, a new one has no cache time.
    #[prop_or_default]
    pub registry: Option<StoreRegistry>,
    /// What may mount and read stores.
    #[prop_or_default]
    pub children: Html,
}

/// Says in which registry the stores below are mounted.
#[component]
pub fn StoreRegistryProvider(props: &StoreRegistryProviderProps) -> Html {
    let scope =
        use_memo(props.registry.clone(), |registry| Ok(Scope::new(&registry.clone().unwrap_or_else(default_registry))));
    html! { <ContextProvider<ScopeContext> context={ScopeContext(scope)}>{props.children.clone()}</ContextProvider<ScopeContext>> }
}

/// What the `provider` of a [`StoreProvider`] takes: a provider, or several as a tuple.
#[derive(Clone, Debug, PartialEq)]
pub struct Providers(ProviderSet);

impl IntoPropValue<Providers> for ProviderSet {
    fn into_prop_value(self) -> Providers {
        Providers(self)
    }
}

impl<S, A> IntoPropValue<Providers> for Provider<S, A>
where
    S: StoreContext,
    A: ChosenAdapter<S> + Clone + Send + Sync + 'static,
{
    fn into_prop_value(self) -> Providers {
        Providers(self.into())
    }
}

macro_rules! of_a_tuple {
    ($($provider:ident),+) => {
        impl<$($provider: Into<ProviderSet>),+> IntoPropValue<Providers> for ($($provider,)+) {
            fn into_prop_value(self) -> Providers {
                Providers(self.into())
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

/// What a [`StoreProvider`] takes.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StoreProviderProps {
    /// Which store: `ProjectProvider::new().adapter(..).store_id(..)`, or several as a tuple.
    pub provider: Providers,
    /// While a store loads; called again with each step.
    #[prop_or_default]
    pub render_loading: Option<Callback<BootStatus, Html>>,
    /// Where one did not open, or could not be mounted; the callback loads it again.
    #[prop_or_default]
    pub render_error: Option<Callback<(StoreError, Callback<()>), Html>>,
    /// After a shutdown.
    #[prop_or_default]
    pub render_shutdown: Option<Callback<ShutdownCause, Html>>,
    /// What may read the store.
    #[prop_or_default]
    pub children: Html,
}

/// Mounts a store for what is below, or several. Its children render at once, and nested providers load side by side.
///
/// The stores are released when the component is unmounted. Where the provider names another store in a later render, that
/// one is mounted in its place. The nearest provider of a schema is the one that [`use_store`](crate::use_store) finds.
///
/// Without a [`StoreRegistryProvider`] above, it makes a registry of its own, of which a sibling knows nothing.
///
/// What is told to be rendered in a phase is shown in place of the children, for who wants neither `<Suspense>` nor
/// [`StoreErrorBoundary`](crate::StoreErrorBoundary): of several stores, an error before a shutdown, before a load. A server
/// sends what is there at once.
#[component]
pub fn StoreProvider(props: &StoreProviderProps) -> Html {
    let outer = use_scope();
    let scope = use_memo((props.provider.clone(), outer), |(Providers(providers), outer)| {
        (*outer.0).clone().and_then(|outer| outer.provide_all(providers))
    });
    let context = ScopeContext(scope);
    let StoreProviderProps { render_loading, render_error, render_shutdown, .. } = props;
    let shows = render_loading.is_some() || render_error.is_some() || render_shutdown.is_some();
    let state = use_state_of(&context, shows);
    let retry = use_callback(context.clone(), |(), context| (*context.0).as_ref().map_or((), Scope::retry));
    let other = match state {
        State::Loading(status) => render_loading.as_ref().map(|render| render.emit(status)),
        State::Error(error) => render_error.as_ref().map(|render| render.emit((error, retry))),
        State::Shutdown(cause) => render_shutdown.as_ref().map(|render| render.emit(cause)),
        _ => None,
    };
    other.unwrap_or_else(|| {
        html! { <ContextProvider<ScopeContext> {context}>{props.children.clone()}</ContextProvider<ScopeContext>> }
    })
}

/// The state of what a scope provides, where it is to be shown.
#[hook]
fn use_state_of(context: &ScopeContext, shows: bool) -> State {
    let update = use_force_update();
    let watch = use_memo((context.clone(), shows), |(context, shows)| {
        shows.then(|| (*context.0).as_ref().map(Scope::watch).map_err(Clone::clone))
    });
    let state = match &*watch {
        None => State::Running,
        Some(Err(error)) => State::Error(error.clone()),
        Some(Ok(watch)) => watch.get(),
    };
    use_effect_with((context.clone(), shows), move |_| {
        let watch = (*watch).clone().and_then(Result::ok);
        changes::follow(|tell| watch.map(|watch| watch.changed(tell)), || true, move || update.force_update())
    });
    state
}
