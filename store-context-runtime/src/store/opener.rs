//! [`SchemaOpener`]: opens the stores of one schema, and runs their boot hook.

use std::any::{TypeId, type_name};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::adapter::adapter::{Adapter, OpenRequest, Opened};
use crate::adapter::boot::OpenError;
use crate::host::inside::{self, Waiter};
use crate::host::panics::panic_message;
use crate::slot::hold::Hold;
use crate::slot::loading::{Identity, Opener, Opening};
use crate::store::context::StoreContext;
use crate::store::replay::Replayer;
use crate::store::store::Store;

/// Runs after a store opened and before anybody else has it. A boxed error, so that `?` takes every error.
pub(crate) type BootHook<S> =
    Arc<dyn Fn(&<S as StoreContext>::Handle) -> Result<(), Box<dyn Error + Send + Sync>> + Send + Sync>;

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

    fn open(&self, opening: Opening) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let Opening { store, session, ended, outside, progress } = opening;
        self.adapter.open(OpenRequest {
            schema: S::SCHEMA,
            schema_hash: S::SCHEMA_HASH,
            event_hash: S::EVENT_HASH,
            replay: Arc::new(Replayer::<S>::new(store.clone(), ended)),
            outside,
            progress,
            session,
            store,
        })
    }

    fn has_hook(&self) -> bool {
        self.hook.is_some()
    }

    fn boot(&self, hold: Hold) -> Result<(), Box<dyn Error + Send + Sync>> {
        let Some(hook) = &self.hook else { return Ok(()) };
        let store = Store::<S>::new(hold).into();
        let _no_waiting = inside::forbid_waiting(Waiter::BootHook);
        catch_unwind(AssertUnwindSafe(|| hook(&store)))
            .unwrap_or_else(|panic| Err(format!("it panicked: {}", panic_message(&*panic)).into()))
    }
}
