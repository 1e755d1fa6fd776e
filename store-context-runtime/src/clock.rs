//! The time that events carry.

/// Now, in milliseconds since the Unix epoch.
pub(crate) fn unix_ms() -> i64 {
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
