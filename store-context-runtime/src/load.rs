//! [`Load`]: how a generation comes to run. The adapter opens it, then the boot hook runs, then everybody is told.

use std::any::TypeId;
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
use crate::generation::{Closed, Generation, Loading};
use crate::hold::Hold;
use crate::replay::Replayer;
use crate::schema::StoreContext;
use crate::slot::{Slot, schema_of};
use crate::store::Store;
use crate::trace;

/// Runs after a store opened and before anybody else has it. A boxed error, so that `?` takes every error.
pub(crate) type BootHook<S> =
    Box<dyn Fn(&<S as StoreContext>::Handle) -> Result<(), Box<dyn Error + Send + Sync>> + Send + Sync>;

/// Opens the stores of one schema, of which the slot does not know the type.
pub(crate) trait Opener: Send + Sync {
    fn schema(&self) -> TypeId;
    fn schema_name(&self) -> &'static str;
    fn adapter(&self) -> &AdapterIdentity;
    fn open(&self, slot: &Arc<Slot>, generation: &Generation) -> BoxFuture<'static, Result<Opened, OpenError>>;
    fn has_hook(&self) -> bool;
    fn boot(&self, hold: Hold) -> Result<(), Box<dyn Error + Send + Sync>>;
}

/// An adapter, and what to do with what it opens.
pub(crate) struct SchemaOpener<S: StoreContext> {
    adapter: Box<dyn Adapter>,
    identity: AdapterIdentity,
    hook: Option<BootHook<S>>,
}

impl<S: StoreContext> SchemaOpener<S> {
    pub(crate) fn new(adapter: Box<dyn Adapter>, hook: Option<BootHook<S>>) -> Self {
        // Asked for here, since it may look at the disk, which is not done under a lock.
        Self { identity: adapter.identity(), adapter, hook }
    }
}

impl<S: StoreContext> Opener for SchemaOpener<S> {
    fn schema(&self) -> TypeId {
        schema_of::<S>().0
    }

    fn schema_name(&self) -> &'static str {
        schema_of::<S>().1
    }

    fn adapter(&self) -> &AdapterIdentity {
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
    loading: Loading,
}

impl Load {
    pub(crate) fn new(generation: Arc<Generation>, opener: Arc<dyn Opener>, before: Closed, loading: Loading) -> Self {
        Self { generation, opener, before, loading }
    }

    pub(crate) fn run(self, slot: Arc<Slot>) -> BoxFuture<'static, ()> {
        let span = trace::load(slot.store(), self.generation.number);
        let unfinished = Unfinished { slot, generation: Arc::clone(&self.generation) };
        self.run_in(unfinished).instrument(span).boxed()
    }

    async fn run_in(self, unfinished: Unfinished) {
        let Self { generation, opener, before, loading } = self;
        let slot = &unfinished.slot;
        // Not abandoned: the generation after this one takes this one's end for the end of all before.
        let _ = before.await;
        let opening = std::pin::pin!(AssertUnwindSafe(async { opener.open(slot, &generation).await }).catch_unwind());
        let Either::Right((opened, _)) = select(loading.abandoned, opening).await else { return };
        let opened = opened.unwrap_or_else(|panic| Err(OpenError::Panicked { message: panic_message(&*panic) }));
        let opened = match opened {
            Ok(opened) => opened,
            Err(cause) => {
                drop(loading.closed);
                slot.loaded(&generation, Err(StoreError::Open { store: slot.store().clone(), cause }));
                return;
            }
        };
        let core = Arc::new(Core::new(slot, &generation, opened, loading.closed));
        generation.set_core(Arc::clone(&core));
        let outcome = boot(&*opener, slot, &generation);
        let failed = outcome.is_err();
        if failed {
            core.close();
        }
        // A load that nobody wants any more closes its file again.
        if !slot.loaded(&generation, outcome) && !failed {
            core.close();
        }
    }
}

fn boot(opener: &dyn Opener, slot: &Arc<Slot>, generation: &Arc<Generation>) -> Result<(), StoreError> {
    if !opener.has_hook() {
        return Ok(());
    }
    progress(Arc::downgrade(slot), generation.number)(BootStatus::Booting);
    opener
        .boot(Hold::new(Arc::clone(slot), Arc::clone(generation)))
        .map_err(|cause| StoreError::Boot { store: slot.store().clone(), cause: cause.into() })
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
