//! For tests, with the feature `test`: time and threads that are driven by hand, an adapter that does as it is told,
//! and given/when/then for materializers. Nothing here waits for real time.

mod given;
mod manual_clock;
mod manual_spawner;
mod replays;
mod scripted;
mod scripted_session;

pub use given::{Given, When};
pub use manual_clock::ManualClock;
pub use manual_spawner::ManualSpawner;
pub use replays::assert_replays_alike;
pub use scripted::Scripted;

use std::future::Future;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::registry::registry::{RegistryBuilder, StoreRegistry};

/// A clock and a spawner for one registry, both driven by hand: nothing loads, closes or runs out before the test says.
/// A test waits for `mounted.store()` or `mounted.shutdown()` with [`block_on`](Self::block_on), which runs what there is to
/// run and panics instead of hanging.
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

    /// What a future gives, with everything run that it waits for. It never waits itself.
    ///
    /// # Panics
    /// When the future waits for what does not happen on this host by itself: time that has to pass, or another thread.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        // Once more after the last work is done: what it did may be what the future waits for.
        for _ in 0..2 {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            self.run();
        }
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!(
                "the future waits for what this host does not do by itself ({} sleep until time passes); \
                 let time pass with `advance`, or resume the adapter, before this",
                self.clock.sleepers()
            ),
        }
    }

    /// Lets time pass, and runs what was waiting for it.
    pub fn advance(&self, time: Duration) {
        // What was begun before, such as a cache time, counts from before.
        self.run();
        self.clock.advance(time);
        self.run();
    }
}
