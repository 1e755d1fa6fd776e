//! [`use_store`]: the store of the nearest provider.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use dioxus::prelude::*;
use dioxus_core::{SuspendedFuture, Task, schedule_update, spawn_forever, try_consume_context};
use futures::StreamExt;
use store_context_runtime::{
    IntoStoreId, Mounted, Phase, Reading, Scope, StoreContext, StoreError, Subscription, Suspended, Watch,
};

use crate::provider::{ScopeContext, Thrown};

/// A mounted store that a component uses.
struct Used<S: StoreContext> {
    mounted: Mounted<S>,
    /// Renders the component when the store is in another phase.
    _follows: (Watch<Phase>, Subscription),
    /// The load that it waits for, and the task that its boundary waits for.
    waiting: Option<(Suspended<S>, Task)>,
}

impl<S: StoreContext> Used<S> {
    fn new(mounted: Mounted<S>, update: &Arc<dyn Fn() + Send + Sync>) -> Self {
        let (phase, update) = (mounted.phase(), Arc::clone(update));
        let read = phase.clone();
        let live = phase.changed(move || {
            // A load that ends renders the component when its task does.
            if read.get() != Phase::Running {
                update();
            }
        });
        Self { mounted, _follows: (phase, live), waiting: None }
    }
}

/// The store of the nearest provider of the schema `S`.
///
/// # Errors
/// With `?`, the nearest `SuspenseBoundary` shows its fallback while the store loads, and the nearest `ErrorBoundary` an
/// error of the load, a shutdown, or that nobody provides the store. A boundary that is reset (`clear_errors`) loads it
/// again.
pub fn use_store<S: StoreContext>() -> Result<S::Handle, RenderError> {
    use_found(|scope| scope.nearest::<S>().cloned())
}

/// The store of the schema `S` with this id, however far out it is provided.
///
/// # Errors
/// As [`use_store`].
pub fn use_store_by_id<S: StoreContext>(id: impl IntoStoreId) -> Result<S::Handle, RenderError> {
    use_found(|scope| scope.by_id::<S>(id).cloned())
}

/// As [`use_store`], and `None` where nobody provides the store.
///
/// # Errors
/// As [`use_store`].
pub fn try_use_store<S: StoreContext>() -> Result<Option<S::Handle>, RenderError> {
    optional(use_read(|scope| scope.nearest::<S>().cloned()))
}

/// As [`use_store_by_id`], and `None` where nobody provides a store with this id.
///
/// # Errors
/// As [`use_store`].
pub fn try_use_store_by_id<S: StoreContext>(id: impl IntoStoreId) -> Result<Option<S::Handle>, RenderError> {
    optional(use_read(|scope| scope.by_id::<S>(id).cloned()))
}

fn optional<T>(read: Read<T>) -> Result<Option<T>, RenderError> {
    match read {
        Read::Failed(StoreError::NotProvided { .. }) => Ok(None),
        read => read.or_error().map(Some),
    }
}

fn use_found<S: StoreContext>(
    find: impl FnOnce(&Scope) -> Result<Mounted<S>, StoreError>,
) -> Result<S::Handle, RenderError> {
    use_read(find).or_error()
}

/// What a component gets of a store.
pub(crate) enum Read<T> {
    Ready(T),
    Failed(StoreError),
    Suspended(SuspendedFuture),
}

impl<T> Read<T> {
    pub(crate) fn or_error(self) -> Result<T, RenderError> {
        match self {
            Self::Ready(store) => Ok(store),
            Self::Failed(error) => Err(error.into()),
            Self::Suspended(future) => Err(RenderError::Suspended(future)),
        }
    }
}

pub(crate) fn use_read<S: StoreContext>(
    find: impl FnOnce(&Scope) -> Result<Mounted<S>, StoreError>,
) -> Read<S::Handle> {
    let context = use_hook(ScopeContext::current);
    let update = use_hook(schedule_update);
    let used = use_hook(|| Rc::new(RefCell::new(None::<Used<S>>)));
    let mut used = used.borrow_mut();
    let mounted = match context.scope.read().clone().and_then(|scope| find(&scope)) {
        Ok(mounted) => mounted,
        Err(error) => {
            *used = None;
            return Read::Failed(error);
        }
    };
    let used = match &mut *used {
        Some(used) if used.mounted == mounted => used,
        other => other.insert(Used::new(mounted, &update)),
    };
    loop {
        match used.mounted.read() {
            Ok(Reading::Ready(store)) => {
                used.waiting = None;
                return Read::Ready(store);
            }
            Ok(Reading::Suspended(loading)) => {
                if used.waiting.as_ref().is_none_or(|(before, _)| *before != loading) {
                    let (waits, update) = (loading.clone(), Arc::clone(&update));
                    let task = spawn(async move {
                        // However it ends, the component looks again.
                        let _ = waits.await;
                        update();
                    });
                    used.waiting = Some((loading, task));
                }
                let (_, task) = used.waiting.as_ref().unwrap_or_else(|| unreachable!("it was set just now"));
                // A server polls a task only once something is suspended by it: what it heard before is lost, as where the
                // component waited for another store first.
                task.wake();
                return Read::Suspended(SuspendedFuture::new(*task));
            }
            Err(error) => {
                if !is_reset(&context, &used.mounted) || used.mounted.retry().is_err() {
                    return Read::Failed(error);
                }
            }
        }
    }
}

/// Whether the boundary around was given this error before, and was reset since.
fn is_reset<S: StoreContext>(context: &ScopeContext, mounted: &Mounted<S>) -> bool {
    let Some(boundary) = try_consume_context::<ErrorContext>() else { return false };
    let is_shown = boundary.error().is_some();
    let thrown = Thrown { store: mounted.name().clone(), generation: mounted.generation(), boundary };
    let mut all = context.thrown.borrow_mut();
    match all.iter().position(|before| *before == thrown) {
        Some(_) if is_shown => false,
        Some(index) => {
            all.swap_remove(index);
            true
        }
        None => {
            all.push(thrown.clone());
            spawn_forever(clear_when_over(Rc::clone(&context.thrown), mounted.phase(), thrown));
            false
        }
    }
}

/// Takes an error out of its boundary when the store is in another phase: somebody else may have loaded it again, and what
/// is below the boundary, which would see that, is gone.
async fn clear_when_over(all: Rc<RefCell<Vec<Thrown>>>, phase: Watch<Phase>, thrown: Thrown) {
    _ = phase.skip(1).next().await;
    let mut all = all.borrow_mut();
    // Unless it was reset.
    if all.contains(&thrown) {
        // Whatever else the boundary was given is thrown anew, which is no reset.
        all.retain(|other| other.boundary != thrown.boundary);
        drop(all);
        thrown.boundary.clear_errors();
    }
}
