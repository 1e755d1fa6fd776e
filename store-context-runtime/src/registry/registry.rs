//! [`StoreRegistry`]: which stores are mounted.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use foldhash::HashMap;
use futures::channel::oneshot;

use crate::error::StoreError;
use crate::host::clock::Clock;
use crate::host::host::Host;
use crate::host::spawner::{Spawner, Work};
use crate::host::threads::{Mutex, lock};
use crate::host::timer::Timer;
use crate::id::StoreName;
use crate::registry::names::nearest;
use crate::registry::preload::Preload;
use crate::registry::provider::{ChosenAdapter, Provider};
use crate::registry::snapshot::RegistrySnapshot;
use crate::slot::loading::Opener;
use crate::slot::slot::Slot;
use crate::store::context::StoreContext;
use crate::store::key::StoreKey;
use crate::store::mounted::Mounted;
use crate::store::shutdown::Shutdown;
use crate::{refuse, trace};

/// How long a store stays when nobody holds it, unless a registry or a provider says otherwise.
const DEFAULT_CACHE_TIME: Duration = Duration::from_secs(60);

/// Mounts stores: everybody who asks for one key shares one load and one store. Clones are the same registry.
///
/// A store that nobody holds stays for its cache time, 60 seconds unless set, and is shut down then. Mount guards, store
/// handles, bound queries and suspended readers are holders; the registry is none. When the last clone of a registry is
/// dropped, every store is flushed before the drop returns: one that nobody holds is closed, the others close with
/// their last holder. To end them all and wait for it, [`dispose`](Self::dispose) of it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
/// let registry = StoreRegistry::new();
/// let data = Sqlite::in_memory();
/// let alpha = ProjectProvider::new().adapter(data.clone()).store_id(store_id!("alpha")).mount(&registry)?;
/// let again = ProjectProvider::new().adapter(data).store_id("alpha").mount(&registry)?;
/// let (alpha, again) = (alpha.store().await?, again.store().await?);
/// assert!(alpha.is_same(&again));
/// println!("{}", registry.snapshot());
/// registry.dispose().await?;
/// # Ok(()) }) }
/// ```
#[derive(Clone)]
pub struct StoreRegistry {
    inner: Arc<Inner>,
}

struct Inner {
    host: Arc<Host>,
    cache_time: Duration,
    /// More than these are not kept open where nobody holds them.
    most_open: usize,
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    by_name: HashMap<StoreName, Arc<Slot>>,
    /// Counts the mounts, for the order in which stores are disposed.
    mounts: u64,
    /// With so many slots those that are over are removed.
    sweep_at: usize,
    is_disposed: bool,
}

/// Clones of one registry.
impl PartialEq for StoreRegistry {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Eq for StoreRegistry {}

impl fmt::Debug for StoreRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreRegistry").field("stores", &self.mounted_names()).finish_non_exhaustive()
    }
}

impl Default for StoreRegistry {
    fn default() -> Self {
        Self::builder().build()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for slot in latest_first(lock(&self.slots).by_name.drain().map(|(_, slot)| slot)) {
            slot.outlive_registry();
        }
    }
}

/// In reverse order of mounting: what was mounted later may need what was mounted before.
fn latest_first(slots: impl Iterator<Item = Arc<Slot>>) -> Vec<Arc<Slot>> {
    let mut slots: Vec<_> = slots.map(|slot| (slot.look().order, slot)).collect();
    slots.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
    slots.into_iter().map(|(_, slot)| slot).collect()
}

impl Slots {
    /// Takes out the slots that are over, now and then. They are dropped without the lock.
    fn sweep(&mut self) -> Vec<Arc<Slot>> {
        const LEAST: usize = 64;
        if self.by_name.len() < self.sweep_at {
            return Vec::new();
        }
        // Whoever has a slot without the map may mount it; nobody can get one while the map is locked.
        let is_over = |slot: &Arc<Slot>| Arc::strong_count(slot) == 1 && slot.look().is_over;
        let swept = self.by_name.extract_if(|_, slot| is_over(slot)).map(|(_, slot)| slot).collect();
        self.sweep_at = LEAST.max(self.by_name.len() * 2);
        swept
    }

    /// The stores that nobody holds and that are open beyond this number, those first that nobody has used for longest.
    fn open_beyond(&self, most: usize) -> Vec<Arc<Slot>> {
        if self.by_name.len() <= most {
            return Vec::new();
        }
        let looks: Vec<_> = self.by_name.values().map(|slot| (slot, slot.look())).collect();
        let beyond = looks.iter().filter(|(_, look)| look.is_open).count().saturating_sub(most);
        let mut unused: Vec<_> =
            looks.iter().filter_map(|(slot, look)| Some((look.unused_since?, look.order, *slot))).collect();
        unused.sort_unstable_by_key(|(since, order, _)| (*since, *order));
        unused.into_iter().take(beyond).map(|(_, _, slot)| Arc::clone(slot)).collect()
    }

    /// The slot of a store, made where it is missing.
    fn slot(&mut self, name: StoreName, host: &Arc<Host>) -> Arc<Slot> {
        let slot = self.by_name.entry(name).or_insert_with_key(|name| Slot::new(name.clone(), Arc::clone(host)));
        Arc::clone(slot)
    }
}

impl StoreRegistry {
    /// An empty registry with the default settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Settings of a registry: its default cache time, and what it runs on.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder { host: Host::default(), cache_time: DEFAULT_CACHE_TIME, most_open: usize::MAX }
    }

    pub(crate) fn mount<S: StoreContext>(
        &self,
        name: StoreName,
        opener: Arc<dyn Opener>,
        cache_time: Option<Duration>,
    ) -> Result<Mounted<S>, StoreError> {
        let _span = trace::mount(&name).entered();
        let cache_time = cache_time.unwrap_or(self.inner.cache_time);
        let (slot, after, _swept, others) = {
            let mut slots = lock(&self.inner.slots);
            if slots.is_disposed {
                return Err(StoreError::Disposed { store: name });
            }
            slots.mounts += 1;
            let (order, swept) = (slots.mounts, slots.sweep());
            let slot = slots.slot(name, &self.inner.host);
            // Under this lock too, so that a disposal finds the store mounted or does not let it in.
            let after = slot.mount(&opener, cache_time, order)?;
            (slot, after, swept, slots.open_beyond(self.inner.most_open))
        };
        let mounted = Mounted::counted(Arc::clone(&slot));
        // Before it loads, so that what they let go is there for it.
        others.iter().for_each(Slot::evict);
        slot.after(after);
        Ok(mounted)
    }

    fn slot<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<Arc<Slot>, StoreError> {
        let store = key.name();
        let slot = self.slot_by_name(&store).filter(|slot| slot.is_mounted(TypeId::of::<S>()));
        slot.ok_or_else(|| self.not_mounted(store))
    }

    fn slot_by_name(&self, store: &StoreName) -> Option<Arc<Slot>> {
        lock(&self.inner.slots).by_name.get(store).cloned()
    }

    fn not_mounted(&self, store: StoreName) -> StoreError {
        if lock(&self.inner.slots).is_disposed {
            return StoreError::Disposed { store };
        }
        let mounted = self.mounted_names();
        StoreError::NotMounted { meant: nearest(&store, &mounted), mounted, store }
    }

    /// Another guard of a store that somebody mounted, by its key.
    ///
    /// # Errors
    /// [`StoreError::NotMounted`], which says what is; [`StoreError::Disposed`].
    pub fn get<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<Mounted<S>, StoreError> {
        let store = key.name();
        let slot = self.slot_by_name(&store).filter(|slot| slot.mount_again(TypeId::of::<S>()));
        slot.map(Mounted::counted).ok_or_else(|| self.not_mounted(store))
    }

    /// As [`get`](Self::get), with `None` where nobody mounted the store.
    #[must_use]
    pub fn try_get<S: StoreContext>(&self, key: &StoreKey<S>) -> Option<Mounted<S>> {
        self.get(key).ok()
    }

    /// Loads a store before somebody needs it. Never fails its caller: who mounts the store meets the error.
    ///
    /// Loading begins with this call. The future resolves when it is over, and need not be awaited; inside a boot hook or
    /// an observer, which others wait for, it resolves at once. A store that nobody holds then stays for its cache time.
    pub fn preload<S: StoreContext, A: ChosenAdapter<S>>(&self, provider: Provider<S, A>) -> Preload {
        let mounted = match provider.mount(self) {
            Ok(mounted) => mounted,
            Err(error) => {
                tracing::warn!(%error, "a store could not be preloaded");
                return Preload::new(None);
            }
        };
        let (name, store) = (mounted.name().clone(), mounted.store());
        let (done, waiting) = oneshot::channel::<()>();
        // On its own, so that a short cache time does not cancel the load when the future is dropped.
        let until_loaded = async move {
            let loaded = store.await;
            drop((loaded, mounted, done));
        };
        self.inner.host.spawn(Work::Upkeep, until_loaded);
        Preload::new(Some((name, waiting)))
    }

    /// Loads a store that is in error again, for everybody who mounted it.
    ///
    /// # Errors
    /// [`StoreError::NotMounted`]; [`StoreError::Disposed`]; [`StoreError::Transition`] in any other phase.
    pub fn retry<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<(), StoreError> {
        self.slot(key)?.retry()
    }

    /// Shuts one store down, whoever holds it, and waits until its file is closed. As [`Mounted::shutdown`].
    ///
    /// # Errors
    /// [`StoreError::NotMounted`], [`StoreError::Disposed`], and what [`Mounted::shutdown`] meets with.
    pub fn shutdown<S: StoreContext>(&self, key: &StoreKey<S>) -> Shutdown {
        Shutdown::new(key.name(), self.slot(key).and_then(|slot| slot.shutdown()))
    }

    /// Shuts every store down, one after the other in reverse order of mounting, and waits until all files are closed:
    /// every acknowledged commit is on disk then. The registry mounts nothing any more. Doing it again does no harm.
    ///
    /// # Errors
    /// The first store's whose last flush failed; the others are shut down all the same.
    /// [`StoreError::Reentrant`] inside a materializer, an `update` closure or a `read` closure, and where a boot hook or
    /// an observer, which others wait for, awaits it.
    pub async fn dispose(&self) -> Result<(), StoreError> {
        let slots = {
            let mut slots = lock(&self.inner.slots);
            if let Some(name) = slots.by_name.keys().next() {
                refuse::reentrant(name, "a disposal of its registry")?;
            }
            slots.is_disposed = true;
            latest_first(slots.by_name.values().cloned())
        };
        let mut result = Ok(());
        for slot in slots {
            let disposed = Shutdown::new(slot.store().clone(), Ok(slot.dispose())).await;
            result = result.and(disposed);
        }
        result
    }

    /// What is mounted, in which phase, by how many holders, and what it was used for. Its `Display` is a table.
    #[must_use]
    pub fn snapshot(&self) -> RegistrySnapshot {
        RegistrySnapshot::of(self.all_slots().iter().map(|slot| (slot.look(), slot)))
    }

    fn all_slots(&self) -> Vec<Arc<Slot>> {
        lock(&self.inner.slots).by_name.values().cloned().collect()
    }

    fn mounted_names(&self) -> Vec<StoreName> {
        self.snapshot().stores.into_iter().map(|store| store.name).collect()
    }

    /// Waits until nothing is under way: no load, and no closing of a file. For tests.
    ///
    /// # Panics
    /// Inside a boot hook, an observer or a closure of a store, which it would wait for.
    #[cfg(feature = "test")]
    pub async fn settled(&self) {
        for slot in self.all_slots() {
            let refused = refuse::waiting_for_load(slot.store(), "waiting for `settled()`");
            refused.unwrap_or_else(|error| panic!("{error}"));
            slot.settle().await;
        }
    }
}

/// Settings of a [`StoreRegistry`].
#[must_use = "a builder does nothing until `build`"]
pub struct RegistryBuilder {
    host: Host,
    cache_time: Duration,
    most_open: usize,
}

impl fmt::Debug for RegistryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryBuilder").field("cache_time", &self.cache_time).finish_non_exhaustive()
    }
}

impl RegistryBuilder {
    /// How long a store stays open when nobody holds it, unless its provider says otherwise: 60 seconds unless set.
    /// [`Duration::MAX`] is for ever, which is right where pages are rendered on a server.
    pub fn cache_time(mut self, time: Duration) -> Self {
        self.cache_time = time;
        self
    }

    /// How many stores may be open: when one more is mounted, the one that nobody has held for longest is shut down before
    /// its cache time is over. Stores that are held stay open, also where they are more than these. No limit unless set.
    pub fn most_open(mut self, stores: usize) -> Self {
        self.most_open = stores;
        self
    }

    /// Where the time of events comes from. The system's clock unless set.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.host.clock = Arc::new(clock);
        self
    }

    /// What cache times are measured with. The system's timer unless set.
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.host.timer = Arc::new(timer);
        self
    }

    /// Where loads and upkeep run. Threads of the process's own unless set.
    pub fn spawner(mut self, spawner: impl Spawner) -> Self {
        self.host.spawner = Arc::new(spawner);
        self
    }

    /// The registry.
    #[must_use]
    pub fn build(self) -> StoreRegistry {
        let Self { host, cache_time, most_open } = self;
        StoreRegistry {
            inner: Arc::new(Inner { host: Arc::new(host), cache_time, most_open, slots: Mutex::default() }),
        }
    }
}
