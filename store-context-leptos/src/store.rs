//! [`use_store`]: the store of the nearest provider.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use any_spawner::Executor;
use leptos::prelude::*;
use reactive_graph::computed::suspense::SuspenseContext;
use store_context_runtime::{IntoStoreId, Mounted, Phase, Reading, Scope, StoreContext, StoreError};

use crate::derived::Derived;
use crate::provider::ScopeContext;
use crate::tracked::Tracked;
use crate::waiting::Waiting;

/// A store of a provider above, which may still load. It is `Copy`, as signals are.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// # #[component] fn Board(store: ProjectStore) -> impl IntoView { store.id().to_string() }
/// #[component]
/// fn Screen() -> impl IntoView {
///     let project = use_store::<Project>();
///     view! {
///         <Suspense fallback=|| "Loading">
///             {move || Suspend::new(async move { project.await.map(|store| view! { <Board store/> }) })}
///         </Suspense>
///     }
/// }
/// # fn main() {}
/// ```
pub struct UseStore<S: StoreContext> {
    mounted: Derived<Result<Followed<S>, StoreError>>,
}

impl<S: StoreContext> Clone for UseStore<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: StoreContext> Copy for UseStore<S> {}

impl<S: StoreContext> fmt::Debug for UseStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UseStore").field(&S::SCHEMA.name).finish()
    }
}

/// A mounted store, and the phase that it is in.
pub(crate) struct Followed<S: StoreContext> {
    pub(crate) mounted: Mounted<S>,
    phase: Tracked<Phase>,
}

impl<S: StoreContext> Clone for Followed<S> {
    fn clone(&self) -> Self {
        Self { mounted: self.mounted.clone(), phase: self.phase.clone() }
    }
}

impl<S: StoreContext> Followed<S> {
    fn new(mounted: Mounted<S>) -> Self {
        let phase = Tracked::new(mounted.phase());
        Self { mounted, phase }
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.phase.is_same(&other.phase)
    }
}

/// The store of the nearest provider of the schema `S`.
///
/// Without a provider above, reading it gives [`StoreError::NotProvided`], which says what is provided.
#[must_use]
pub fn use_store<S: StoreContext>() -> UseStore<S> {
    UseStore::find(|scope| scope.nearest::<S>().cloned())
}

/// The store of the schema `S` with this id, however far out it is provided. The id may be a function that reads signals.
///
/// Where nobody provides it, reading it gives [`StoreError::NotProvided`], which says what is provided.
#[must_use]
pub fn use_store_by_id<S: StoreContext, I: IntoStoreId>(id: impl Fn() -> I + Send + Sync + 'static) -> UseStore<S> {
    UseStore::find(move |scope| scope.by_id::<S>(id()).cloned())
}

impl<S: StoreContext> UseStore<S> {
    fn find(find: impl Fn(&Scope) -> Result<Mounted<S>, StoreError> + Send + Sync + 'static) -> Self {
        let scope = ScopeContext::current();
        let mounted = Derived::new(
            move |before: Option<&Result<Followed<S>, StoreError>>| {
                let mounted = find(&scope.get()?)?;
                Ok(match before {
                    Some(Ok(before)) if before.mounted == mounted => before.clone(),
                    _ => Followed::new(mounted),
                })
            },
            |before, now| matches!((before, now), (Ok(before), Ok(now)) if before.is_same(now)),
        );
        Self { mounted }
    }

    /// The store, or `None` while it loads. Tracked; it suspends the nearest `<Suspense>`.
    ///
    /// # Errors
    /// Inside the `Some`: nobody provides it, it did not open, or it was shut down.
    #[must_use]
    pub fn get(&self) -> Option<Result<S::Handle, StoreError>> {
        match self.followed().and_then(|followed| followed.mounted.read()) {
            Ok(Reading::Ready(store)) => Some(Ok(store)),
            Err(error) => Some(Err(error)),
            Ok(Reading::Suspended(loading)) => {
                if let Some(suspense) = use_context::<SuspenseContext>() {
                    let task = suspense.task_id();
                    // However it ends: what is under the boundary is told by itself.
                    spawn(async move {
                        let _ = loading.await;
                        drop(task);
                    });
                }
                None
            }
        }
    }

    /// What is mounted now. Tracked, and not the phases that it is in.
    pub(crate) fn mounted(&self) -> Result<Followed<S>, StoreError> {
        self.mounted.get()
    }

    /// As [`mounted`](Self::mounted); `None` where the component is gone.
    pub(crate) fn try_mounted(&self) -> Option<Result<Followed<S>, StoreError>> {
        self.mounted.try_get()
    }

    /// What is mounted now. Tracked, with each phase that it is in.
    pub(crate) fn followed(&self) -> Result<Followed<S>, StoreError> {
        self.mounted.get().inspect(|followed| followed.phase.track())
    }

    /// As [`followed`](Self::followed); `None` where the component is gone.
    pub(crate) fn try_followed(&self) -> Option<Result<Followed<S>, StoreError>> {
        Some(self.try_mounted()?.inspect(|followed| followed.phase.track()))
    }

    /// As [`get`](Self::get), and `None` where nobody provides the store. Tracked.
    ///
    /// # Errors
    /// Inside the `Some`: it did not open, or it was shut down.
    #[must_use]
    pub fn try_get(&self) -> Option<Result<S::Handle, StoreError>> {
        self.get().filter(|read| !matches!(read, Err(StoreError::NotProvided { .. })))
    }

    /// Where the store is in its life now; tracked. `None` where nobody provides it.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.followed().ok().map(|followed| followed.mounted.state().phase())
    }

    /// Loads a store that is in error again: for the button of an error boundary's fallback. Leptos takes the fallback away
    /// when the store runs.
    ///
    /// # Errors
    /// [`StoreError::Transition`] in any other phase; [`StoreError::NotProvided`].
    pub fn retry(&self) -> Result<(), StoreError> {
        self.mounted.get_untracked()?.mounted.retry()
    }
}

/// The store, once it runs. Tracked, so that a `Suspend` in a closure runs again after a retry, a switch to another store,
/// and a shutdown.
impl<S: StoreContext> IntoFuture for UseStore<S> {
    type Output = Result<S::Handle, StoreError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Waiting::new(self))
    }
}

/// On the page's thread in a browser, where there is no other; on any elsewhere.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    if cfg!(target_family = "wasm") {
        Executor::spawn_local(task);
    } else {
        Executor::spawn(task);
    }
}
