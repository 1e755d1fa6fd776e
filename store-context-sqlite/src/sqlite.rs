//! [`Sqlite`]: the adapter and its settings.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use store_context_runtime::{Adapter, AdapterIdentity, OpenError, OpenRequest, Opened};

use crate::open::open;
use crate::replica::shared_log::SharedLogs;
use crate::settings::{Durability, Place, Settings};

/// Keeps stores in SQLite databases, one a store.
///
/// Two adapters of one directory are the same if their durability is. Of the other settings, those of the provider that
/// loads a store count.
///
/// ```
/// use std::time::Duration;
/// use store_context::prelude::*;
///
/// let tests = Sqlite::in_memory();
/// let data = Sqlite::in_dir("data").durability(Durability::Power).wait_for_lock(Duration::from_secs(2));
/// # let _ = (tests, data);
/// ```
#[derive(Clone, Debug)]
pub struct Sqlite {
    pub(crate) place: Place,
    pub(crate) settings: Settings,
}

impl Sqlite {
    fn new(place: Place) -> Self {
        let settings = Settings {
            durability: Durability::default(),
            busy_timeout: Duration::from_secs(5),
            cache_kib: None,
            wait_for_lock: Duration::ZERO,
            existing_only: false,
        };
        Self { place, settings }
    }

    /// Stores that live in memory and end when they close, with their data. Each call makes an adapter of its own; its
    /// clones are it.
    #[must_use]
    pub fn in_memory() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self::new(Place::Memory(NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    /// Stores that are replicas of shared logs: each has its state in memory, and its commits are there at once. The log has
    /// the order that all replicas come to; see [`Receipt::durable`](store_context_runtime::Receipt::durable) for a commit
    /// that does not hold where the log takes it.
    #[must_use]
    pub fn over(logs: impl SharedLogs) -> Self {
        Self::new(Place::Shared(Arc::new(logs)))
    }

    /// Stores that stay in the browser: each has its log in an IndexedDB database `<application>/<schema>@<id>`, which all
    /// tabs of the site share, and its state in the memory of each tab. A commit is in the state at once, and
    /// [`Receipt::durable`](store_context_runtime::Receipt::durable) waits until the log has it. Nothing has to be set up:
    /// no worker, no header, no bundler setting.
    ///
    /// Where the browser gives this page no storage, stores are in memory alone:
    /// [`Store::persistence`](store_context_runtime::Store::persistence) says so.
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    #[must_use]
    pub fn in_browser(application: impl Into<Arc<str>>) -> Self {
        Self::new(Place::Browser(crate::browser::BrowserLogs::new(application.into())))
    }

    /// Stores in a directory, which is made where it is missing: `<schema>@<id>.db`, with a `.lock` beside it.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn in_dir(directory: impl Into<std::path::PathBuf>) -> Self {
        Self::new(Place::Directory(directory.into()))
    }

    /// What a commit survives when it returns. [`Durability::Process`] unless set. A store that is mounted with another
    /// durability is refused with `StoreError::AdapterConflict`.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.settings.durability = durability;
        self
    }

    /// How long a statement waits for a program, such as a database browser, that has the file locked. 5 s unless set.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        // SQLite counts milliseconds in 31 bits.
        self.settings.busy_timeout = timeout.min(Duration::from_millis(i32::MAX.unsigned_abs().into()));
        self
    }

    /// The page cache of each connection, in KiB. SQLite's default (about 2,000 KiB) unless set.
    #[must_use]
    pub fn cache_size_kib(mut self, kib: u32) -> Self {
        self.settings.cache_kib = Some(kib);
        self
    }

    /// Opens only stores that are there already: `OpenError::NotFound` instead of an empty store. For ids that come from
    /// outside, such as a URL.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn existing_only(mut self) -> Self {
        self.settings.existing_only = true;
        self
    }

    /// How long opening waits for a store that is open elsewhere, in another process or registry, before it gives
    /// `OpenError::InUse`. Unless set it waits half a second for another process, which may just have been killed, and
    /// for another registry not at all. A store that this process is closing is waited for in any case.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn wait_for_lock(mut self, time: Duration) -> Self {
        self.settings.wait_for_lock = time;
        self
    }
}

impl Adapter for Sqlite {
    fn identity(&self) -> AdapterIdentity {
        if let Some(logs) = self.place.logs() {
            return logs.identity();
        }
        AdapterIdentity::new(match &self.place {
            // Not `display()`, which shows two names that are no text as one.
            // With the durability, of which a mounted store has one: another that was asked for would not be kept.
            Place::Directory(directory) => {
                let (directory, durability) = (crate::file::canonical(directory), self.settings.durability);
                Arc::<str>::from(format!("the directory {directory:?} (`Durability::{durability:?}`)"))
            }
            Place::Memory(number) => Arc::from(format!("memory {number}")),
            _ => Arc::from("a shared log"),
        })
    }

    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let sqlite = self.clone();
        async move { open(&sqlite.place, sqlite.settings, &request).await }.boxed()
    }
}
