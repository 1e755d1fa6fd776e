//! Where loads and flushes run: a process-wide pool of at most four threads, started with the first of them.

use std::future::Future;

/// Runs a future that may block its thread.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    use futures::executor::{ThreadPool, block_on};
    use once_cell::sync::OnceCell;

    static POOL: OnceCell<ThreadPool> = OnceCell::new();
    let pool = POOL.get_or_try_init(|| ThreadPool::builder().pool_size(4).name_prefix("store-context-").create());
    match pool {
        Ok(pool) => pool.spawn_ok(future),
        Err(error) => {
            tracing::warn!(%error, "no thread could be started; the caller's runs the work");
            block_on(future);
        }
    }
}

/// Runs a future on the page's or worker's event loop.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}
