//! [`ManualClock`]: time that passes when a test says so.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::BoxFuture;

use crate::host::clock::Clock;
use crate::host::threads::{Mutex, lock};
use crate::host::timer::Timer;

/// A clock and timer that stands still until it is told. Clones are the same clock.
#[derive(Clone, Default)]
pub struct ManualClock {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    start_ms: i64,
    passed: Duration,
    sleepers: Vec<(Duration, oneshot::Sender<()>)>,
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

impl ManualClock {
    /// A clock at the Unix epoch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock at this moment, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn at(unix_ms: i64) -> Self {
        let clock = Self::new();
        lock(&clock.state).start_ms = unix_ms;
        clock
    }

    /// Lets time pass, and wakes whoever slept until then, the earliest first.
    pub fn advance(&self, time: Duration) {
        let mut due = {
            let mut state = lock(&self.state);
            state.passed = state.passed.saturating_add(time);
            let passed = state.passed;
            let (due, later) = std::mem::take(&mut state.sleepers).into_iter().partition(|(until, _)| *until <= passed);
            state.sleepers = later;
            Vec::from_iter::<Vec<_>>(due)
        };
        due.sort_by_key(|(until, _)| *until);
        for (_, sleeper) in due {
            let _ = sleeper.send(());
        }
    }

    /// How many sleep.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        lock(&self.state).sleepers.iter().filter(|(_, sleeper)| !sleeper.is_canceled()).count()
    }
}

impl Clock for ManualClock {
    fn unix_ms(&self) -> i64 {
        let state = lock(&self.state);
        state.start_ms.saturating_add(i64::try_from(state.passed.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Timer for ManualClock {
    fn now(&self) -> Duration {
        lock(&self.state).passed
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        let (sleeper, woken) = oneshot::channel();
        let mut state = lock(&self.state);
        if time.is_zero() {
            return futures::future::ready(()).boxed();
        }
        let until = state.passed.saturating_add(time);
        state.sleepers.retain(|(_, sleeper)| !sleeper.is_canceled());
        state.sleepers.push((until, sleeper));
        woken.map(|_| ()).boxed()
    }
}
