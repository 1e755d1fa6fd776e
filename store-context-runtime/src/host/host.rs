//! [`Host`]: what a registry's stores run on.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures::FutureExt;

use crate::host::clock::{Clock, SystemClock};
use crate::host::panics::panic_message;
use crate::host::spawner::{Spawner, SystemSpawner, Work};
use crate::host::timer::{SystemTimer, Timer};

/// Clock, timer and threads of the stores of one registry.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) spawner: Arc<dyn Spawner>,
}

impl Default for Host {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), timer: Arc::new(SystemTimer), spawner: Arc::new(SystemSpawner) }
    }
}

impl Host {
    /// Runs work. A panic of it, or of the spawner, ends with the work: the thread it ran on has other stores' to do.
    pub(crate) fn spawn(&self, work: Work, future: impl Future<Output = ()> + Send + 'static) {
        let future = AssertUnwindSafe(future).catch_unwind().map(|ended| {
            if let Err(panic) = ended {
                tracing::error!(message = panic_message(&*panic), "work of a store panicked");
            }
        });
        let spawned = catch_unwind(AssertUnwindSafe(|| self.spawner.spawn(work, future.boxed())));
        if let Err(panic) = spawned {
            tracing::error!(message = panic_message(&*panic), "the spawner panicked");
        }
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Host")
    }
}
