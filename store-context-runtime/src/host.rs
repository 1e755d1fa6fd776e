//! [`Host`]: what a registry's stores run on.

use std::fmt;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::spawn::{Spawner, SystemSpawner};
use crate::timer::{SystemTimer, Timer};

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

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Host")
    }
}
