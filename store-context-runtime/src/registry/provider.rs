//! [`Provider`]: which store to mount, and on what.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::adapter::adapter::Adapter;
use crate::error::StoreError;
use crate::id::{IntoStoreId, InvalidStoreId, StoreId, StoreName};
use crate::registry::registry::StoreRegistry;
use crate::slot::loading::Opener;
use crate::slot::slot::Slot;
use crate::store::context::StoreContext;
use crate::store::mounted::Mounted;
use crate::store::opener::{BootHook, SchemaOpener};
use crate::store::suspend::Suspended;

/// A [`Provider`] that was given no adapter yet.
#[derive(Clone, Copy, Debug)]
pub struct NoAdapter;

/// Schemas with `#[store(adapter = ..)]`: implemented by `#[derive(StoreContext)]`.
pub trait DefaultAdapter: StoreContext {
    /// The adapter of providers that name none: the attribute's expression, evaluated for each of them.
    fn default_adapter() -> Box<dyn Adapter>;
}

/// What [`Provider::mount`] needs: an adapter that was given, or the schema's default.
#[diagnostic::on_unimplemented(
    message = "this provider of `{S}` has no adapter",
    label = "call `.adapter(Sqlite::in_dir(\"data\"))` before this",
    note = "or name a default above `{S}`: `#[store(adapter = Sqlite::in_dir(\"data\"))]`"
)]
pub trait ChosenAdapter<S> {
    /// The adapter.
    #[doc(hidden)]
    fn into_adapter(self) -> Box<dyn Adapter>;
    /// Whether a store could be mounted with either.
    #[doc(hidden)]
    fn is_same(&self, other: &Self) -> bool;
}

impl<S: StoreContext, A: Adapter> ChosenAdapter<S> for A {
    fn into_adapter(self) -> Box<dyn Adapter> {
        Box::new(self)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl<S: DefaultAdapter> ChosenAdapter<S> for NoAdapter {
    fn into_adapter(self) -> Box<dyn Adapter> {
        S::default_adapter()
    }

    fn is_same(&self, _: &Self) -> bool {
        true
    }
}

/// Says which store of the schema `S` to mount, and how. The derive names it after the schema, for example
/// `ProjectProvider`.
#[must_use = "a provider does nothing until `mount` or `open`"]
pub struct Provider<S: StoreContext, A = NoAdapter> {
    id: Result<StoreId, InvalidStoreId>,
    adapter: A,
    cache_time: Option<Duration>,
    hook: Option<BootHook<S>>,
}

impl<S: StoreContext, A> fmt::Debug for Provider<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The same store, on the same adapter, with the same cache time: mounting one in place of the other changes nothing. Boot
/// hooks do not count, as mounting ignores those of a store that is mounted.
impl<S: StoreContext, A: ChosenAdapter<S>> PartialEq for Provider<S, A> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.cache_time == other.cache_time && self.adapter.is_same(&other.adapter)
    }
}

impl<S: StoreContext, A: Clone> Clone for Provider<S, A> {
    fn clone(&self) -> Self {
        Self {
            id: self.id.clone(),
            adapter: self.adapter.clone(),
            cache_time: self.cache_time,
            hook: self.hook.clone(),
        }
    }
}

impl<S: StoreContext> Default for Provider<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: StoreContext> Provider<S> {
    /// A provider of the store `default`, without adapter.
    pub fn new() -> Self {
        Self { id: Ok(StoreId::default()), adapter: NoAdapter, cache_time: None, hook: None }
    }
}

impl<S: StoreContext, A> Provider<S, A> {
    /// Which store: a `store_id!("..")`, or a text that is checked when the store is mounted.
    pub fn store_id(mut self, id: impl IntoStoreId) -> Self {
        self.id = id.into_store_id();
        self
    }

    /// Where the store is kept.
    pub fn adapter<B: Adapter>(self, adapter: B) -> Provider<S, B> {
        Provider { id: self.id, adapter, cache_time: self.cache_time, hook: self.hook }
    }

    /// How long the store stays open when nobody holds it; [`Duration::MAX`] is for ever. Unless set, the registry's.
    /// Of all who mount one store, the longest time asked for wins. A store in memory ends with its data.
    pub fn cache_time(mut self, time: Duration) -> Self {
        self.cache_time = Some(time);
        self
    }

    /// Runs `hook` each time the store has opened, before anybody else has it: to fill a new store, for example.
    /// Until it is done the store is loading; where it fails, the store is in error. What it committed is kept.
    /// Of several providers of one store the hook of the one that loads it counts, and the others' are ignored.
    ///
    /// It runs on one of the threads that load stores. It may block, while other stores wait for their turn there, but not
    /// wait for a store, a shutdown or a disposal, which is refused with [`StoreError::Reentrant`]: wait for the other store
    /// first. What it captures is kept until the store is shut down.
    ///
    /// Its error is a boxed one, which `?` makes of any; a function `fill` that returns a [`StoreError`] is given as
    /// `|store| Ok(fill(store)?)`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
    /// let registry = StoreRegistry::new();
    /// let mounted = ProjectProvider::new()
    ///     .adapter(Sqlite::in_memory())
    ///     .on_boot(|store| {
    ///         if store.total().get()? == 0 {
    ///             store.commit(ProjectEvent::IssueCreated { id: "1".into(), title: "Welcome".into() })?;
    ///         }
    ///         Ok(())
    ///     })
    ///     .mount(&registry)?;
    /// assert_eq!(mounted.store().await?.total().get()?, 1);
    /// # Ok(()) }) }
    /// ```
    pub fn on_boot(
        mut self,
        hook: impl Fn(&S::Handle) -> Result<(), Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    ) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// The name of the store that it mounts.
    ///
    /// # Errors
    /// [`StoreError::InvalidId`], which mounting gives too.
    pub fn name(&self) -> Result<StoreName, StoreError> {
        let schema = S::SCHEMA.name;
        let id = self.id.clone().map_err(|cause| StoreError::InvalidId { schema, cause })?;
        Ok(StoreName { schema, id })
    }

    fn into_opener(self) -> Arc<dyn Opener>
    where
        A: ChosenAdapter<S>,
    {
        Arc::new(SchemaOpener::<S>::new(self.adapter.into_adapter(), self.hook))
    }

    // The bound is on the method, so that a missing adapter is reported there and in these words.
    /// Mounts the store: starts loading it unless it is mounted already, and returns at once.
    ///
    /// # Errors
    /// When the id is none, the store is mounted with another adapter or schema, or the registry is disposed. An adapter
    /// with another durability is another one.
    pub fn mount(self, registry: &StoreRegistry) -> Result<Mounted<S>, StoreError>
    where
        A: ChosenAdapter<S>,
    {
        let (name, cache_time) = (self.name()?, self.cache_time);
        registry.mount::<S>(name, self.into_opener(), cache_time)
    }

    /// Opens the store for itself, without a registry. It closes with its last holder.
    ///
    /// # Errors
    /// When the id is none. Awaiting the result gives what opening met with.
    pub fn open(self) -> Result<Suspended<S>, StoreError>
    where
        A: ChosenAdapter<S>,
    {
        let name = self.name()?;
        Ok(open_alone(name, self.into_opener()))
    }
}

/// Opens the store `default` of a schema; what `Project::open` calls.
#[doc(hidden)]
pub fn open<S: StoreContext>(adapter: impl Adapter) -> Suspended<S> {
    let name = StoreName { schema: S::SCHEMA.name, id: StoreId::default() };
    open_alone(name, Arc::new(SchemaOpener::<S>::new(Box::new(adapter), None)))
}

/// A slot without registry: it lives as long as its holders, and its file with it.
fn open_alone<S: StoreContext>(name: StoreName, opener: Arc<dyn Opener>) -> Suspended<S> {
    let slot = Slot::new(name, Arc::default());
    // A new slot has nobody to differ from.
    let after = slot.mount(&opener, Duration::ZERO, 0).unwrap_or_default();
    let mounted = Mounted::counted(Arc::clone(&slot));
    slot.after(after);
    mounted.store()
}
