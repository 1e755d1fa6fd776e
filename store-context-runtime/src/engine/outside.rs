//! [`Others`]: what an engine tells of others, for a store that may not run yet.

use std::sync::{Arc, OnceLock, Weak};

use crate::adapter::adapter::Outside;
use crate::adapter::footprint::WriteSet;
use crate::adapter::session::SessionError;
use crate::adapter::settlement::RefusedCommit;
use crate::engine::engine::Engine;
use crate::engine::live::rounds::Live;
use crate::engine::open_store::OpenStore;
use crate::engine::refused::Refused;

/// Who is told of others. Until the store runs, that is nobody.
#[derive(Default)]
pub(crate) struct Others(OnceLock<Told>);

/// Nothing here keeps the store in memory: its engine has this.
struct Told {
    engine: Weak<Engine>,
    live: Weak<Live>,
    refused: Weak<Refused>,
}

impl Others {
    /// From here on this store is told.
    pub(crate) fn are_told_to(&self, store: &OpenStore) {
        let told = Told {
            engine: Arc::downgrade(&store.engine),
            live: Arc::downgrade(&store.live),
            refused: Arc::downgrade(&store.refused),
        };
        _ = self.0.set(told);
    }

    fn told<T>(&self, who: impl FnOnce(&Told) -> &Weak<T>) -> Option<Arc<T>> {
        self.0.get().and_then(|told| who(told).upgrade())
    }
}

impl Outside for Others {
    fn changing(&self) -> Box<dyn FnOnce(&WriteSet) + Send> {
        let live = self.told(|told| &told.live);
        let changing = live.as_ref().map(Live::committing);
        Box::new(move |writes: &WriteSet| {
            if let Some(live) = live {
                live.changed(writes, changing);
            }
        })
    }

    fn refused(&self, commit: RefusedCommit) {
        if let Some(refused) = self.told(|told| &told.refused) {
            refused.tell(commit);
        }
    }

    fn broke(&self, cause: SessionError) {
        if let Some(engine) = self.told(|told| &told.engine) {
            let error = engine.commit_error(cause);
            tracing::error!(store = %engine.store, %error, "a store cannot go on");
        }
    }
}
