//! [`StoreBoundary`]: what is shown while a store does not run.

// What `#[component]` writes around a component is private to it.
#![allow(unreachable_pub)]

use std::sync::Arc;

use leptos::children::TypedChildrenFn;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyView;
use reactive_graph::signal::ArcRwSignal;
use store_context_runtime::{BootStatus, ShutdownCause, State, StoreContext, StoreError, StoreState, Subscription};

use crate::store::{Followed, UseStore};

/// How far a load is; signals every step of it.
struct Progress<S: StoreContext> {
    store: Followed<S>,
    status: ArcRwSignal<BootStatus>,
    _observes: Arc<Subscription>,
}

impl<S: StoreContext> Clone for Progress<S> {
    fn clone(&self) -> Self {
        let Self { store, status, _observes } = self;
        Self { store: store.clone(), status: status.clone(), _observes: Arc::clone(_observes) }
    }
}

impl<S: StoreContext> Progress<S> {
    fn new(store: Followed<S>) -> Self {
        let status = ArcRwSignal::new(BootStatus::Opening);
        let told = status.clone();
        let observes = store.mounted.observe_now(move |transition| {
            if let State::Loading(status) = transition.to {
                told.set(status);
            }
        });
        Self { store, status, _observes: Arc::new(observes) }
    }
}

/// Shows its children while a store runs, and what it is told to show in another phase: for who wants neither `<Suspense>`
/// nor `<ErrorBoundary>`. The children are rendered anew each time that the store runs again.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// # #[component] fn Board() -> impl IntoView {}
/// # use store_context::life::BootStatus;
/// # fn screen() -> impl IntoView {
/// let loading = |status: BootStatus| format!("{status:?}").into_any();
/// let error = |error: StoreError, retry: Callback<()>| {
///     view! { <p>{error.to_string()}</p> <button on:click=move |_| retry.run(())>"Try again"</button> }.into_any()
/// };
/// let store = use_store::<Project>();
/// view! {
///     <StoreBoundary store render_loading=loading render_error=error>
///         <Board/>
///     </StoreBoundary>
/// }
/// # }
/// # fn main() {}
/// ```
#[component]
pub fn StoreBoundary<S, C>(
    /// The store: `use_store::<Project>()`.
    store: UseStore<S>,
    /// While it loads; called again with each step.
    #[prop(optional, into)]
    render_loading: Option<Callback<(BootStatus,), AnyView>>,
    /// Where it did not open, or nobody provides it; the callback loads it again.
    #[prop(optional, into)]
    render_error: Option<Callback<(StoreError, Callback<()>), AnyView>>,
    /// After a shutdown.
    #[prop(optional, into)]
    render_shutdown: Option<Callback<(ShutdownCause,), AnyView>>,
    /// While it runs.
    children: TypedChildrenFn<C>,
) -> impl IntoView
where
    S: StoreContext,
    C: IntoView + 'static,
{
    let children = children.into_inner();
    let progress = Memo::new_with_compare(
        move |before: Option<&Result<Progress<S>, StoreError>>| {
            let followed = store.followed()?;
            Ok(match before {
                Some(Ok(before)) if before.store.is_same(&followed) => before.clone(),
                _ => Progress::new(followed),
            })
        },
        |_, _| true,
    );
    let retry = Callback::new(move |()| _ = store.retry());
    let failed = move |error: StoreError| render_error.map(|render| render.run((error, retry)));
    move || {
        let progress = match progress.get() {
            Ok(progress) => progress,
            Err(error) => return failed(error).into_any(),
        };
        match progress.store.mounted.state() {
            StoreState::Running(_) => children().into_any(),
            StoreState::Error(error) => failed(error).into_any(),
            StoreState::Shutdown(cause) => render_shutdown.map(|render| render.run((cause,))).into_any(),
            StoreState::Loading(_) => render_loading.map(|render| render.run((progress.status.get(),))).into_any(),
            _ => ().into_any(),
        }
    }
}
