//! For tests, with the feature `test`: time and threads that are driven by hand, an adapter that does as it is told,
//! and given/when/then for materializers. Nothing here waits for real time.

mod given;
mod manual_clock;
mod manual_spawner;
mod replays;
mod scripted;

pub use given::{Given, When};
pub use manual_clock::ManualClock;
pub use manual_spawner::ManualSpawner;
pub use replays::assert_replays_alike;
pub use scripted::Scripted;

use std::time::Duration;

use crate::registry::registry::{RegistryBuilder, StoreRegistry};

/// A clock and a spawner for one registry, both driven by hand: nothing loads, closes or runs out before the test says.
/// So a test that blocks on `mounted.store()` or `mounted.shutdown()` before [`run`](Self::run) hangs.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// use std::time::Duration;
/// use store_context::test::TestHost;
///
/// # fn main() -> Result<(), StoreError> {
/// let host = TestHost::new();
/// let registry = host.registry().cache_time(Duration::from_secs(60)).build();
/// let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry)?;
/// assert!(matches!(mounted.state(), StoreState::Loading(_)));
/// host.run();
/// assert!(matches!(mounted.state(), StoreState::Running(_)));
///
/// drop(mounted);                             // the cache time begins
/// host.advance(Duration::from_secs(59));
/// assert_eq!(registry.snapshot().stores.len(), 1);
/// host.advance(Duration::from_secs(1));
/// assert_eq!(registry.snapshot().stores.len(), 0);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct TestHost {
    /// What its registries take for the time.
    pub clock: ManualClock,
    /// What its registries take for threads.
    pub spawner: ManualSpawner,
}

impl TestHost {
    /// A host at the Unix epoch, with nothing to run.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Settings of a registry that runs on this host.
    pub fn registry(&self) -> RegistryBuilder {
        let Self { clock, spawner } = self;
        StoreRegistry::builder().clock(clock.clone()).timer(clock.clone()).spawner(spawner.clone())
    }

    /// Runs everything that can run without time passing.
    pub fn run(&self) {
        self.spawner.run();
    }

    /// Lets time pass, and runs what was waiting for it.
    pub fn advance(&self, time: Duration) {
        // What was begun before, such as a cache time, counts from before.
        self.run();
        self.clock.advance(time);
        self.run();
    }
}
