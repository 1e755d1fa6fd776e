//! Where loads and flushes run: a process-wide pool of at most four threads for loads, which may take long, and one
//! thread for flushes, which must not wait for them. Both start with their first work.

use std::future::Future;

/// What a piece of work may have to wait for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// Files, replays.
    Load,
    /// One commit that syncs.
    Flush,
}

/// Runs a future that may block its thread.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) fn spawn(work: Work, future: impl Future<Output = ()> + Send + 'static) {
    use futures::executor::{ThreadPool, block_on};
    use once_cell::sync::OnceCell;

    static LOADS: OnceCell<ThreadPool> = OnceCell::new();
    static FLUSHES: OnceCell<ThreadPool> = OnceCell::new();
    let (pool, threads, name) = match work {
        Work::Load => (&LOADS, 4, "store-context-load-"),
        Work::Flush => (&FLUSHES, 1, "store-context-flush-"),
    };
    match pool.get_or_try_init(|| ThreadPool::builder().pool_size(threads).name_prefix(name).create()) {
        Ok(pool) => pool.spawn_ok(future),
        Err(error) => {
            tracing::warn!(%error, "no thread could be started; the caller's runs the work");
            block_on(future);
        }
    }
}

/// Runs a future on the page's or worker's event loop.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) fn spawn(_: Work, future: impl Future<Output = ()> + Send + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}
