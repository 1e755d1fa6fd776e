//! [`StoreRegistry`]: which stores are mounted.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, Weak};

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::Shared;

use crate::adapter::Adapter;
use crate::error::StoreError;
use crate::id::{StoreId, StoreName};
use crate::instance::Instance;
use crate::lock::lock;
use crate::schema::StoreContext;

/// Mounts stores: everybody who asks for one key shares one load and one store. Clones are the same registry.
///
/// A store closes when its last holder is gone: mount guards and store handles are holders, the registry is none.
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
/// # Ok(()) }) }
/// ```
#[derive(Clone, Default)]
pub struct StoreRegistry {
    entries: Arc<Mutex<HashMap<StoreName, Entry>>>,
}

struct Entry {
    instance: Weak<Instance>,
    closed: Shared<oneshot::Receiver<()>>,
}

impl fmt::Debug for StoreRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreRegistry")
    }
}

impl StoreRegistry {
    /// An empty registry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn instance<S: StoreContext>(
        &self,
        name: StoreName,
        adapter: Box<dyn Adapter>,
    ) -> Result<Arc<Instance>, StoreError> {
        let mut entries = lock(&self.entries);
        let before = entries.get(&name);
        if let Some(instance) = before.and_then(|entry| entry.instance.upgrade()) {
            drop(entries);
            return shared::<S>(instance, &*adapter);
        }
        let after = before.map(|entry| entry.closed.clone());
        entries.retain(|_, entry| entry.instance.strong_count() > 0 || entry.closed.clone().now_or_never().is_none());
        let instance = Instance::load::<S>(name.clone(), adapter, after);
        entries.insert(name, Entry { instance: Arc::downgrade(&instance), closed: instance.closed() });
        Ok(instance)
    }
}

fn shared<S: StoreContext>(instance: Arc<Instance>, adapter: &dyn Adapter) -> Result<Arc<Instance>, StoreError> {
    let requested = adapter.identity();
    if requested != instance.adapter {
        let (store, mounted) = (instance.name().clone(), instance.adapter.clone());
        return Err(StoreError::AdapterConflict { store, mounted, requested });
    }
    if instance.schema != TypeId::of::<S>() {
        let (store, mounted) = (instance.name().clone(), instance.schema_name);
        return Err(StoreError::SchemaConflict { store, mounted, requested: type_name::<S>() });
    }
    Ok(instance)
}

/// The key of a store in a registry: schema and id. The derive names it after the schema, for example `ProjectKey`.
pub struct StoreKey<S> {
    id: StoreId,
    schema: PhantomData<fn() -> S>,
}

impl<S: StoreContext> StoreKey<S> {
    /// The key of the store with this id.
    #[must_use]
    pub fn new(id: StoreId) -> Self {
        Self { id, schema: PhantomData }
    }

    /// The schema's name and the store's id.
    #[must_use]
    pub fn name(&self) -> StoreName {
        StoreName { schema: S::SCHEMA.name, id: self.id.clone() }
    }
}

impl<S> Clone for StoreKey<S> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), schema: PhantomData }
    }
}

impl<S> PartialEq for StoreKey<S> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<S> Eq for StoreKey<S> {}

impl<S> std::hash::Hash for StoreKey<S> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl<S> fmt::Debug for StoreKey<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoreKey").field(&self.id).finish()
    }
}
