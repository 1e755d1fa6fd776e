//! [`Load`]: how a generation comes to run. The adapter opens it, then the boot hook runs, then everybody is told.

use std::any::TypeId;
use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};

use futures::FutureExt;
use futures::future::{BoxFuture, Either, select};
use once_cell::sync::OnceCell;
use tracing::Instrument;
use uuid::Uuid;

use crate::adapter::adapter::{AdapterIdentity, Opened, Outside};
use crate::adapter::boot::{BootStatus, OpenError};
use crate::adapter::session::Session;
use crate::engine::closed::{Closed, ClosedOnDrop};
use crate::engine::engine::Engine;
use crate::engine::open_store::OpenStore;
use crate::engine::outside::Others;
use crate::error::StoreError;
use crate::host::clock;
use crate::host::panics::panic_message;
use crate::host::spawner::Work;
use crate::id::StoreName;
use crate::phase::ShutdownCause;
use crate::slot::generation::Generation;
use crate::slot::hold::Hold;
use crate::slot::slot::Slot;
use crate::trace;

/// Which schema a store is mounted with, and on what.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) schema: TypeId,
    pub(crate) schema_name: &'static str,
    pub(crate) adapter: AdapterIdentity,
}

/// What a load asks an opener to open.
pub(crate) struct Opening {
    pub(crate) store: StoreName,
    /// Identifies this opening.
    pub(crate) session: Uuid,
    /// Set when nobody wants the load any more.
    pub(crate) ended: Arc<OnceCell<ShutdownCause>>,
    /// Told what comes from outside.
    pub(crate) outside: Arc<dyn Outside>,
    /// Told what opening does.
    pub(crate) progress: Arc<dyn Fn(BootStatus) + Send + Sync>,
}

/// Opens the stores of one schema, of which the slot does not know the type.
pub(crate) trait Opener: Send + Sync {
    fn identity(&self) -> &Identity;
    fn open(&self, opening: Opening) -> BoxFuture<'static, Result<Opened, OpenError>>;
    fn has_hook(&self) -> bool;
    fn boot(&self, hold: Hold) -> Result<(), Box<dyn Error + Send + Sync>>;
}

fn opening(slot: &Arc<Slot>, generation: &Generation, outside: Arc<dyn Outside>) -> Opening {
    Opening {
        store: slot.store().clone(),
        session: clock::new_id(slot.host().clock.unix_ms()),
        ended: Arc::clone(generation.ended()),
        outside,
        progress: progress(Arc::downgrade(slot), generation.number),
    }
}

fn engine(slot: &Arc<Slot>, generation: &Generation, session: Box<dyn Session>) -> Engine {
    let (weak, number) = (Arc::downgrade(slot), generation.number);
    let broke = move |error| {
        // Elsewhere: this may be inside a transaction or a closure, and observers are told.
        if let Some(slot) = weak.upgrade() {
            let host = Arc::clone(slot.host());
            host.spawn(Work::Upkeep, async move { slot.broke(number, error) });
        }
    };
    Engine {
        store: slot.store().clone(),
        session,
        host: Arc::clone(slot.host()),
        usage: Arc::clone(slot.usage()),
        broke: Box::new(broke),
        ended: Arc::clone(generation.ended()),
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
        let others = Arc::new(Others::default());
        let opening = opening(slot, &generation, Arc::clone(&others) as Arc<dyn Outside>);
        let opening = std::pin::pin!(AssertUnwindSafe(async { opener.open(opening).await }).catch_unwind());
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
        let Opened { session, report, persistence } = opened;
        let opened = Arc::new(OpenStore::new(engine(slot, &generation, session), report, persistence, closed));
        others.are_told_to(&opened);
        generation.set_opened(Arc::clone(&opened));
        let outcome = boot(&*opener, slot, &generation);
        if outcome.is_err() {
            opened.close();
        }
        // A load that nobody wants any more closes its file again.
        if !slot.loaded(&generation, outcome) {
            opened.close();
        }
    }
}

fn boot(opener: &dyn Opener, slot: &Arc<Slot>, generation: &Arc<Generation>) -> Result<(), StoreError> {
    if !opener.has_hook() {
        return Ok(());
    }
    progress(Arc::downgrade(slot), generation.number)(BootStatus::Booting);
    let Some(hold) = Hold::for_hook(slot, generation) else { return Ok(()) };
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
