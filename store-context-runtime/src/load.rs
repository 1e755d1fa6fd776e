//! [`Load`]: how a generation comes to run. The adapter opens it, then the boot hook runs, then everybody is told.

use std::any::{TypeId, type_name};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};

use futures::FutureExt;
use futures::future::{BoxFuture, Either, select};
use tracing::Instrument;

use crate::adapter::{Adapter, AdapterIdentity, OpenRequest, Opened};
use crate::boot::{BootStatus, OpenError};
use crate::clock;
use crate::core::{Core, panic_message};
use crate::error::StoreError;
use crate::generation::{Closed, ClosedOnDrop, Generation};
use crate::hold::Hold;
use crate::reentrancy::{self, Waiter};
use crate::replay::Replayer;
use crate::schema::StoreContext;
use crate::slot::Slot;
use crate::store::Store;
use crate::trace;

/// Runs after a store opened and before anybody else has it. A boxed error, so that `?` takes every error.
pub(crate) type BootHook<S> =
    Arc<dyn Fn(&<S as StoreContext>::Handle) -> Result<(), Box<dyn Error + Send + Sync>> + Send + Sync>;

/// Which schema a store is mounted with, and on what.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) schema: TypeId,
    pub(crate) schema_name: &'static str,
    pub(crate) adapter: AdapterIdentity,
}

/// Opens the stores of one schema, of which the slot does not know the type.
pub(crate) trait Opener: Send + Sync {
    fn identity(&self) -> &Identity;
    fn open(&self, slot: &Arc<Slot>, generation: &Generation) -> BoxFuture<'static, Result<Opened, OpenError>>;
    fn has_hook(&self) -> bool;
    fn boot(&self, hold: Hold) -> Result<(), Box<dyn Error + Send + Sync>>;
}

/// An adapter, and what to do with what it opens.
pub(crate) struct SchemaOpener<S: StoreContext> {
    adapter: Box<dyn Adapter>,
    identity: Identity,
    hook: Option<BootHook<S>>,
}

impl<S: StoreContext> SchemaOpener<S> {
    pub(crate) fn new(adapter: Box<dyn Adapter>, hook: Option<BootHook<S>>) -> Self {
        let (schema, schema_name) = (TypeId::of::<S>(), type_name::<S>());
        // Asked for here, since it may look at the disk, which is not done under a lock.
        let identity = Identity { schema, schema_name, adapter: adapter.identity() };
        Self { adapter, identity, hook }
    }
}

impl<S: StoreContext> Opener for SchemaOpener<S> {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn open(&self, slot: &Arc<Slot>, generation: &Generation) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let store = slot.store().clone();
        self.adapter.open(OpenRequest {
            schema: S::SCHEMA,
            schema_hash: S::SCHEMA_HASH,
            event_hash: S::EVENT_HASH,
            replay: Arc::new(Replayer::<S>::new(store.clone(), Arc::clone(generation.ended()))),
            progress: progress(Arc::downgrade(slot), generation.number),
            session: clock::new_id(slot.host().clock.unix_ms()),
            store,
        })
    }

    fn has_hook(&self) -> bool {
        self.hook.is_some()
    }

    fn boot(&self, hold: Hold) -> Result<(), Box<dyn Error + Send + Sync>> {
        let Some(hook) = &self.hook else { return Ok(()) };
        let store = Store::<S>::new(hold).into();
        let _no_waiting = reentrancy::forbid_waiting(Waiter::BootHook);
        catch_unwind(AssertUnwindSafe(|| hook(&store)))
            .unwrap_or_else(|panic| Err(format!("it panicked: {}", panic_message(&*panic)).into()))
    }
}

fn progress(slot: Weak<Slot>, number: u64) -> Arc<dyn Fn(BootStatus) + Send + Sync> {
    Arc::new(move |status| {
        if let Some(slot) = slot.upgrade() {
            slot.progressed(number, status);
        }
    })
}

/// One load, ready to run.
pub(crate) struct Load {
    generation: Arc<Generation>,
    opener: Arc<dyn Opener>,
    /// The end of the generation before, whose file has to be closed first.
    before: Closed,
    closed: ClosedOnDrop,
}

impl Load {
    pub(crate) fn new(
        generation: Arc<Generation>,
        opener: Arc<dyn Opener>,
        before: Closed,
        closed: ClosedOnDrop,
    ) -> Self {
        Self { generation, opener, before, closed }
    }

    pub(crate) fn run(self, slot: Arc<Slot>) -> impl Future<Output = ()> + Send + 'static {
        let span = trace::load(slot.store(), self.generation.number);
        let unfinished = Unfinished { slot, generation: Arc::clone(&self.generation) };
        self.run_in(unfinished).instrument(span)
    }

    async fn run_in(self, unfinished: Unfinished) {
        let Self { generation, opener, before, closed } = self;
        let slot = &unfinished.slot;
        // The signal that the load is over comes from elsewhere only where nobody wants it any more.
        let abandoned = || generation.loaded().wait();
        if let Either::Left(_) = select(abandoned(), before.wait()).await {
            drop(opener);
            // The generation after this one takes this one's end for the end of all before.
            let _ = before.wait().await;
            return;
        }
        let opening = std::pin::pin!(AssertUnwindSafe(async { opener.open(slot, &generation).await }).catch_unwind());
        let Either::Right((opened, _)) = select(abandoned(), opening).await else { return };
        let opened = opened.unwrap_or_else(|panic| Err(OpenError::Panicked { message: panic_message(&*panic) }));
        let opened = match opened {
            Ok(opened) => opened,
            Err(cause) => {
                drop(closed);
                slot.loaded(&generation, Err(StoreError::Open { store: slot.store().clone(), cause }));
                return;
            }
        };
        let core = Arc::new(Core::new(slot, &generation, opened, closed));
        generation.set_core(Arc::clone(&core));
        let outcome = boot(&*opener, slot, &generation);
        if outcome.is_err() {
            core.close();
        }
        // A load that nobody wants any more closes its file again.
        if !slot.loaded(&generation, outcome) {
            core.close();
        }
    }
}

fn boot(opener: &dyn Opener, slot: &Arc<Slot>, generation: &Arc<Generation>) -> Result<(), StoreError> {
    if !opener.has_hook() {
        return Ok(());
    }
    progress(Arc::downgrade(slot), generation.number)(BootStatus::Booting);
    let Some(hold) = slot.hold_for_hook(generation) else { return Ok(()) };
    opener.boot(hold).map_err(|cause| StoreError::Boot { store: slot.store().clone(), cause: cause.into() })
}

/// A load that is dropped before its end would leave its store loading for ever.
struct Unfinished {
    slot: Arc<Slot>,
    generation: Arc<Generation>,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let store = self.slot.store().clone();
        self.slot.loaded(&self.generation, Err(StoreError::Open { store, cause: OpenError::Dropped }));
    }
}
