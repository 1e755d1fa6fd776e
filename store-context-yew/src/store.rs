//! [`use_store`]: the store of the nearest provider.

use futures::StreamExt;
use store_context_runtime::{IntoStoreId, Mounted, Phase, Reading, Scope, StoreContext, StoreError, Suspended, Watch};
use yew::prelude::*;
use yew::suspense::{Suspension, SuspensionResult};

use crate::boundary::{Boundary, Failed};
use crate::changes;
use crate::provider::use_scope;

/// A mounted store that a component uses.
struct Used<S: StoreContext> {
    mounted: Mounted<S>,
    phase: Watch<Phase>,
    /// The version of the phase that was rendered.
    rendered: u64,
    /// The load that it waits for.
    waiting: Option<(Suspended<S>, Suspension)>,
}

/// The store of the nearest provider of the schema `S`. It suspends the nearest `<Suspense>` while the store loads.
///
/// An error of the load, a shutdown, or that nobody provides the store, is reported to the nearest
/// [`StoreErrorBoundary`](crate::StoreErrorBoundary); the component stays suspended until the store is in another phase. On a
/// server nothing renders twice: there, take the error with [`use_store_result`].
///
/// # Errors
/// The suspension.
#[hook]
pub fn use_store<S: StoreContext>() -> SuspensionResult<S::Handle> {
    let found = use_found(|scope: &Scope| scope.nearest::<S>().cloned());
    use_reported(found)
}

/// The store of the schema `S` with this id, however far out it is provided. As [`use_store`].
///
/// # Errors
/// The suspension.
#[hook]
pub fn use_store_by_id<S: StoreContext, I: IntoStoreId>(id: I) -> SuspensionResult<S::Handle> {
    let found = use_found(|scope: &Scope| scope.by_id::<S>(id).cloned());
    use_reported(found)
}

/// As [`use_store`], with an error as a value.
///
/// # Errors
/// The suspension.
#[hook]
pub fn use_store_result<S: StoreContext>() -> SuspensionResult<Result<S::Handle, StoreError>> {
    use_found(|scope: &Scope| scope.nearest::<S>().cloned()).read
}

/// As [`use_store_by_id`], with an error as a value: [`StoreError::NotProvided`] where nobody provides the store.
///
/// # Errors
/// The suspension.
#[hook]
pub fn use_store_result_by_id<S: StoreContext, I: IntoStoreId>(
    id: I,
) -> SuspensionResult<Result<S::Handle, StoreError>> {
    use_found(|scope: &Scope| scope.by_id::<S>(id).cloned()).read
}

/// What was found, and the guard of it.
pub(crate) struct Found<S: StoreContext> {
    pub(crate) read: SuspensionResult<Result<S::Handle, StoreError>>,
    mounted: Option<Mounted<S>>,
}

#[hook]
pub(crate) fn use_found<S: StoreContext>(find: impl FnOnce(&Scope) -> Result<Mounted<S>, StoreError>) -> Found<S> {
    let (scope, update) = (use_scope(), use_force_update());
    let used = use_mut_ref(|| None::<Used<S>>);
    let found = match &*scope.0 {
        Ok(scope) => find(scope),
        Err(error) => Err(error.clone()),
    };
    let name = found.as_ref().ok().map(|mounted| mounted.name().clone());
    {
        // Only where effects run: in a browser.
        let used = used.clone();
        use_effect_with(name, move |_| {
            let phase = used.borrow().as_ref().map(|used| used.phase.clone());
            let is_due = move || used.borrow().as_ref().is_some_and(|used| used.phase.version() != used.rendered);
            changes::follow(|tell| phase.map(|phase| phase.changed(tell)), is_due, move || update.force_update())
        });
    }
    let mut used = used.borrow_mut();
    let mounted = match found {
        Ok(mounted) => mounted,
        Err(error) => return Found { read: Ok(Err(error)), mounted: None },
    };
    let used = match &mut *used {
        Some(used) if used.mounted == mounted => used,
        other => {
            let phase = mounted.phase();
            other.insert(Used { mounted: mounted.clone(), phase, rendered: 0, waiting: None })
        }
    };
    used.rendered = used.phase.version();
    let read = match used.mounted.read() {
        Ok(Reading::Ready(store)) => {
            used.waiting = None;
            Ok(Ok(store))
        }
        Ok(Reading::Suspended(loading)) => {
            let waiting = used.waiting.take().filter(|(before, _)| *before == loading);
            let (loading, suspension) = waiting.unwrap_or_else(|| {
                let waits = loading.clone();
                // However it ends, the component looks again.
                (loading, Suspension::from_future(async move { _ = waits.await }))
            });
            used.waiting = Some((loading, suspension.clone()));
            Err(suspension)
        }
        Err(error) => Ok(Err(error)),
    };
    Found { read, mounted: Some(mounted) }
}

#[hook]
pub(crate) fn use_reported<S: StoreContext>(found: Found<S>) -> SuspensionResult<S::Handle> {
    let boundary = use_context::<Boundary>();
    let reported = use_mut_ref(|| None::<(Option<u64>, Suspension)>);
    let error = match found.read? {
        Ok(store) => return Ok(store),
        Err(error) => error,
    };
    let generation = found.mounted.as_ref().map(Mounted::generation);
    let mut reported = reported.borrow_mut();
    if let Some((before, suspension)) = &*reported
        && *before == generation
        && !suspension.resumed()
    {
        return Err(suspension.clone());
    }
    let (phase, retries) = (found.mounted.as_ref().map(Mounted::phase), found.mounted);
    let failed = phase.as_ref().map(|phase| (phase.clone(), phase.version()));
    let suspension = Suspension::from_future(async move {
        match phase {
            // Beyond the present one.
            Some(phase) => _ = phase.skip(1).next().await,
            // Another provider renders what is below anew.
            None => std::future::pending::<()>().await,
        }
    });
    *reported = Some((generation, suspension.clone()));
    match boundary {
        Some(boundary) => {
            let retry = Callback::from(move |()| {
                if let Some(mounted) = &retries {
                    // In another phase by now, there is nothing to retry.
                    let _ = mounted.retry();
                }
            });
            boundary.report(Failed { error, retry, phase: failed });
        }
        None => yew::platform::spawn_local(async move { report_to_nobody(&error) }),
    }
    Err(suspension)
}

/// Without a boundary, the error is for the log.
fn report_to_nobody(error: &StoreError) {
    tracing::error!(%error, "a store is in error, and no `StoreErrorBoundary` is there to show it");
}
