//! [`Spawner`]: where loads and upkeep run.

use futures::future::BoxFuture;

/// What a piece of work may have to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Work {
    /// A load: files, replays, the boot hook. It may block its thread for long.
    Load,
    /// A flush, a closing or a cache time. It blocks its thread for one sync at most, and must not wait for loads.
    Upkeep,
}

/// Runs the library's own futures. Unless a registry is given another one, loads run on a process-wide pool of at most
/// four threads and upkeep on one more, each started with its first work; in a browser all run on the event loop.
pub trait Spawner: Send + Sync + 'static {
    /// Runs a future to its end. A load that is dropped before its end leaves its store in error.
    fn spawn(&self, work: Work, future: BoxFuture<'static, ()>);
}

/// The process's own threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemSpawner;

impl Spawner for SystemSpawner {
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    fn spawn(&self, work: Work, future: BoxFuture<'static, ()>) {
        use futures::executor::{ThreadPool, block_on};
        use once_cell::sync::OnceCell;

        static LOADS: OnceCell<ThreadPool> = OnceCell::new();
        static UPKEEP: OnceCell<ThreadPool> = OnceCell::new();
        let (pool, threads, name) = match work {
            Work::Load => (&LOADS, 4, "store-context-load-"),
            Work::Upkeep => (&UPKEEP, 1, "store-context-upkeep-"),
        };
        match pool.get_or_try_init(|| ThreadPool::builder().pool_size(threads).name_prefix(name).create()) {
            Ok(pool) => pool.spawn_ok(future),
            Err(error) => {
                tracing::warn!(%error, "no thread could be started; the caller's runs the work");
                block_on(future);
            }
        }
    }

    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    fn spawn(&self, _: Work, future: BoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(future);
    }
}
