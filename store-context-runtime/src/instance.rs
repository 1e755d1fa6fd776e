//! One load of one store: shared by everybody who asks for it, closed when nobody holds it.

use std::any::{TypeId, type_name};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{Either, FusedFuture, Shared, select};
use once_cell::sync::OnceCell;

use crate::adapter::{Adapter, AdapterIdentity, OpenRequest};
use crate::boot::{BootStatus, OpenError};
use crate::clock;
use crate::core::{Core, panic_message};
use crate::error::StoreError;
use crate::id::StoreName;
use crate::lock::lock;
use crate::replay::Replayer;
use crate::schema::StoreContext;
use crate::spawn::{Work, spawn};
use crate::store::Store;

/// A store that loads, runs, or did not open. Whoever has an `Arc` of it is a holder.
pub(crate) struct Instance {
    name: StoreName,
    pub(crate) adapter: AdapterIdentity,
    pub(crate) schema: TypeId,
    pub(crate) schema_name: &'static str,
    /// Set once, when loading ends; looked at without a lock.
    outcome: OnceCell<Result<Arc<Core>, StoreError>>,
    status: Mutex<BootStatus>,
    loaded: Shared<oneshot::Receiver<()>>,
    /// Resolves when the file is closed, or was never opened.
    closed: Shared<oneshot::Receiver<()>>,
    /// Gone with the last holder: a load that waits, for example for a lock, is abandoned.
    _wanted: oneshot::Sender<()>,
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(Ok(core)) = self.outcome.get() {
            core.close();
        }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Instance {
    /// Starts loading; `after` is the end of the generation before, whose file has to be closed first.
    pub(crate) fn load<S: StoreContext>(
        name: StoreName,
        adapter: Box<dyn Adapter>,
        after: Option<Shared<oneshot::Receiver<()>>>,
    ) -> Arc<Self> {
        let (loaded_sender, loaded) = oneshot::channel();
        let (closed_sender, closed) = oneshot::channel();
        let (wanted, abandoned) = oneshot::channel();
        let instance = Arc::new(Self {
            name: name.clone(),
            adapter: adapter.identity(),
            schema: TypeId::of::<S>(),
            schema_name: type_name::<S>(),
            outcome: OnceCell::new(),
            status: Mutex::new(BootStatus::Opening),
            loaded: loaded.shared(),
            closed: closed.shared(),
            _wanted: wanted,
        });
        let weak = Arc::downgrade(&instance);
        let request = OpenRequest {
            store: name.clone(),
            schema: S::SCHEMA,
            schema_hash: S::SCHEMA_HASH,
            event_hash: S::EVENT_HASH,
            replay: Arc::new(Replayer::<S>::new(name.clone())),
            progress: progress(Weak::clone(&weak)),
            session: clock::new_id(clock::unix_ms()),
        };
        spawn(Work::Load, async move {
            // Not abandoned: the generation after this one takes this one's end for the end of all before.
            if let Some(after) = after {
                let _ = after.await;
            }
            let opening = AssertUnwindSafe(async move { adapter.open(request).await });
            let opening = std::pin::pin!(opening.catch_unwind());
            let Either::Right((opened, _)) = select(abandoned, opening).await else { return };
            let opened = opened.unwrap_or_else(|panic| Err(OpenError::Panicked { message: panic_message(&*panic) }));
            let outcome = match opened {
                Ok(opened) => Ok(Arc::new(Core::new(name, opened.session, opened.report, closed_sender))),
                Err(cause) => {
                    drop(closed_sender);
                    Err(StoreError::Open { store: name, cause })
                }
            };
            // Nobody waits any more where this fails: the store closes again with `outcome`.
            if let Some(instance) = weak.upgrade() {
                let _ = instance.outcome.set(outcome);
            }
            let _ = loaded_sender.send(());
        });
        instance
    }

    pub(crate) fn name(&self) -> &StoreName {
        &self.name
    }

    pub(crate) fn closed(&self) -> Shared<oneshot::Receiver<()>> {
        self.closed.clone()
    }

    /// The open store, or why it did not open; `None` while it loads.
    pub(crate) fn running(&self) -> Option<Result<&Arc<Core>, StoreError>> {
        self.outcome.get().map(|outcome| outcome.as_ref().map_err(StoreError::clone))
    }

    pub(crate) fn state<S: StoreContext>(self: &Arc<Self>) -> StoreState<S> {
        match self.running() {
            None => StoreState::Loading(*lock(&self.status)),
            Some(Ok(_)) => StoreState::Running(Store::new(Arc::clone(self)).into()),
            Some(Err(error)) => StoreState::Error(error),
        }
    }
}

fn progress(instance: Weak<Instance>) -> Arc<dyn Fn(BootStatus) + Send + Sync> {
    Arc::new(move |status| {
        if let Some(instance) = instance.upgrade() {
            *lock(&instance.status) = status;
        }
    })
}

/// Where a mounted store is in its life.
#[non_exhaustive]
pub enum StoreState<S: StoreContext> {
    /// It loads.
    Loading(BootStatus),
    /// It runs.
    Running(S::Handle),
    /// It did not open.
    Error(StoreError),
}

impl<S: StoreContext> fmt::Debug for StoreState<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loading(status) => f.debug_tuple("Loading").field(status).finish(),
            Self::Running(_) => f.write_str("Running"),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
        }
    }
}

/// A store that is loading: a future of its handle. It may be dropped at any time; the load goes on for other holders.
#[must_use = "a future does nothing until it is awaited"]
pub struct Suspended<S: StoreContext> {
    instance: Arc<Instance>,
    loaded: Shared<oneshot::Receiver<()>>,
    schema: PhantomData<fn() -> S>,
}

impl<S: StoreContext> Suspended<S> {
    pub(crate) fn new(instance: Arc<Instance>) -> Self {
        let loaded = instance.loaded.clone();
        Self { instance, loaded, schema: PhantomData }
    }
}

impl<S: StoreContext> Clone for Suspended<S> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.instance))
    }
}

impl<S: StoreContext> fmt::Debug for Suspended<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Suspended").field(&self.instance.name.to_string()).finish()
    }
}

impl<S: StoreContext> Future for Suspended<S> {
    type Output = Result<S::Handle, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Not the outcome is looked at first: the load lets go of the instance before it says that it is done.
        if !self.loaded.is_terminated() && self.loaded.poll_unpin(context).is_pending() {
            return Poll::Pending;
        }
        let shutdown = || Err(StoreError::Shutdown { store: self.instance.name.clone() });
        Poll::Ready(match self.instance.running() {
            Some(Ok(_)) => Ok(Store::new(Arc::clone(&self.instance)).into()),
            Some(Err(error)) => Err(error),
            // The pool dropped the load: the process is ending.
            None => shutdown(),
        })
    }
}
