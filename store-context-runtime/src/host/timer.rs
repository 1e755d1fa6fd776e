//! [`Timer`]: how long something lasts, and waiting for it.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;

/// Measures and waits; a test gives a registry one that it moves by hand.
pub trait Timer: Send + Sync + 'static {
    /// The time since some moment in the past that stays the same. It never goes back. It is asked under a lock, so it
    /// must use no registry or store.
    fn now(&self) -> Duration;

    /// A future that is ready once `time` has passed.
    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()>;
}

/// The system's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemTimer;

impl Timer for SystemTimer {
    fn now(&self) -> Duration {
        #[cfg(all(target_family = "wasm", target_os = "unknown"))]
        {
            // The system may set its clock back; time that passes does not.
            static LATEST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let now = js_sys::Date::now().max(0.0) as u64;
            let latest = LATEST.fetch_max(now, std::sync::atomic::Ordering::Relaxed);
            Duration::from_millis(now.max(latest))
        }
        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        {
            static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
            START.get_or_init(std::time::Instant::now).elapsed()
        }
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        // A day at a time: whoever waits looks at the clock again, and no timer overflows.
        futures_timer::Delay::new(time.min(Duration::from_secs(86_400))).boxed()
    }
}
