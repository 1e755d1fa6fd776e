//! [`Clock`]: the time that events carry, and ids that sort by it.

use uuid::Uuid;

/// Tells the time of day; a test gives a registry one that it moves by hand.
pub trait Clock: Send + Sync + 'static {
    /// Now, in milliseconds since the Unix epoch.
    fn unix_ms(&self) -> i64;
}

/// The system's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn unix_ms(&self) -> i64 {
        #[cfg(all(target_family = "wasm", target_os = "unknown"))]
        #[allow(clippy::cast_possible_truncation)]
        {
            js_sys::Date::now() as i64
        }
        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        }
    }
}

/// A new id for something that happens at this time; ids of one client sort by time.
pub(crate) fn new_id(unix_ms: i64) -> Uuid {
    let ms = u64::try_from(unix_ms).unwrap_or(0);
    let nanos = u32::try_from(ms % 1000).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, ms / 1000, nanos))
}
