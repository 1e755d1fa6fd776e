//! [`OutsideChanges`]: what others committed, told to the live queries of a store.

use std::sync::{Arc, OnceLock, Weak};

use crate::adapter::adapter::Outside;
use crate::adapter::footprint::WriteSet;
use crate::engine::live::rounds::Live;

/// The live queries of a store that is being opened. Until it runs, there is nobody to tell.
#[derive(Clone, Default)]
pub(crate) struct OutsideChanges(Arc<OnceLock<Weak<Live>>>);

impl OutsideChanges {
    /// From here on these are told.
    pub(crate) fn are_told_to(&self, live: &Arc<Live>) {
        _ = self.0.set(Arc::downgrade(live));
    }

    /// What an engine tells.
    pub(crate) fn teller(&self) -> Outside {
        let told = self.clone();
        Arc::new(move || {
            let live = told.0.get().and_then(Weak::upgrade);
            let changing = live.as_ref().map(Live::committing);
            Box::new(move |writes: &WriteSet| {
                if let Some(live) = live {
                    live.changed(writes, changing);
                }
            })
        })
    }
}
