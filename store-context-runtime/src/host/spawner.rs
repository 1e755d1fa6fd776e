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

/// Runs the library's own futures. Unless a registry is given another one, loads run on a process-wide pool of four
/// threads and upkeep on one more, each started with its first work; in a browser all run on the event loop.
///
/// `spawn` returns before the future ends: one that waits for it would hold up whoever lets a store go. Work that is
/// dropped before its end leaves its store in error, if it was a load; a closing or a flush is done by whoever drops it.
pub trait Spawner: Send + Sync + 'static {
    /// Runs a future to its end, on another thread or later on this one.
    fn spawn(&self, work: Work, future: BoxFuture<'static, ()>);
}

/// The process's own threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemSpawner;

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl Spawner for SystemSpawner {
    fn spawn(&self, work: Work, future: BoxFuture<'static, ()>) {
        static LOADS: Pool = Pool::new("store-context-load", 4);
        static UPKEEP: Pool = Pool::new("store-context-upkeep", 1);
        match work {
            Work::Load => LOADS.spawn(future),
            Work::Upkeep => UPKEEP.spawn(future),
        }
    }
}

/// Threads that run futures. Unlike those of `futures`, they let a boot hook call `block_on`.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
struct Pool {
    name: &'static str,
    threads: usize,
    executor: async_executor::StaticExecutor,
    started: std::sync::Once,
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl Pool {
    const fn new(name: &'static str, threads: usize) -> Self {
        let executor = async_executor::StaticExecutor::new();
        Self { name, threads, executor, started: std::sync::Once::new() }
    }

    fn spawn(&'static self, future: BoxFuture<'static, ()>) {
        self.started.call_once(|| {
            for number in 0..self.threads {
                let runs = || futures_lite::future::block_on(self.executor.run(std::future::pending::<()>()));
                let name = format!("{}-{number}", self.name);
                if let Err(error) = std::thread::Builder::new().name(name).spawn(runs) {
                    tracing::error!(%error, "no thread could be started");
                }
            }
        });
        self.executor.spawn(future).detach();
    }
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
impl Spawner for SystemSpawner {
    fn spawn(&self, _: Work, future: BoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(future);
    }
}
