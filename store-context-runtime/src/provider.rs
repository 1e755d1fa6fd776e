//! [`Provider`]: which store to mount, and on what.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::adapter::Adapter;
use crate::error::StoreError;
use crate::id::{InvalidStoreId, StoreId, StoreName};
use crate::instance::{Instance, StoreState, Suspended};
use crate::registry::StoreRegistry;
use crate::schema::StoreContext;

/// A [`Provider`] that was given no adapter yet.
#[derive(Clone, Copy, Debug)]
pub struct NoAdapter;

/// Schemas with `#[store(adapter = ..)]`: implemented by `#[derive(StoreContext)]`.
pub trait DefaultAdapter: StoreContext {
    /// The adapter of providers that name none.
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
}

impl<S: StoreContext, A: Adapter> ChosenAdapter<S> for A {
    fn into_adapter(self) -> Box<dyn Adapter> {
        Box::new(self)
    }
}

impl<S: DefaultAdapter> ChosenAdapter<S> for NoAdapter {
    fn into_adapter(self) -> Box<dyn Adapter> {
        S::default_adapter()
    }
}

/// Says which store of the schema `S` to mount. The derive names it after the schema, for example `ProjectProvider`.
#[must_use = "a provider does nothing until `mount` or `open`"]
pub struct Provider<S, A = NoAdapter> {
    id: Result<StoreId, InvalidStoreId>,
    adapter: A,
    schema: PhantomData<fn() -> S>,
}

impl<S, A> fmt::Debug for Provider<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("id", &self.id).finish_non_exhaustive()
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
        Self { id: Ok(StoreId::default()), adapter: NoAdapter, schema: PhantomData }
    }
}

impl<S: StoreContext, A> Provider<S, A> {
    /// Which store: a `store_id!("..")`, or a text that is checked when the store is mounted.
    pub fn store_id<I>(mut self, id: I) -> Self
    where
        I: TryInto<StoreId>,
        I::Error: Into<InvalidStoreId>,
    {
        self.id = id.try_into().map_err(Into::into);
        self
    }

    /// Where the store is kept.
    pub fn adapter<B: Adapter>(self, adapter: B) -> Provider<S, B> {
        Provider { id: self.id, adapter, schema: PhantomData }
    }
}

impl<S: StoreContext, A: ChosenAdapter<S>> Provider<S, A> {
    fn into_parts(self) -> Result<(StoreName, Box<dyn Adapter>), StoreError> {
        let schema = S::SCHEMA.name;
        let id = self.id.map_err(|cause| StoreError::InvalidId { schema, cause })?;
        Ok((StoreName { schema, id }, self.adapter.into_adapter()))
    }
}

// The bound is on the method, so that a missing adapter is reported there and in these words.
impl<S: StoreContext, A> Provider<S, A> {
    /// Mounts the store: starts loading it unless it is mounted already, and returns at once.
    ///
    /// # Errors
    /// When the id is none, or the store is mounted with another adapter or schema.
    pub fn mount(self, registry: &StoreRegistry) -> Result<Mounted<S>, StoreError>
    where
        A: ChosenAdapter<S>,
    {
        let (name, adapter) = self.into_parts()?;
        registry.instance::<S>(name, adapter).map(|instance| Mounted { instance, schema: PhantomData })
    }

    /// Opens the store for itself, without a registry.
    ///
    /// # Errors
    /// When the id is none. Awaiting the result gives what opening met with.
    pub fn open(self) -> Result<Suspended<S>, StoreError>
    where
        A: ChosenAdapter<S>,
    {
        let (name, adapter) = self.into_parts()?;
        Ok(Suspended::new(Instance::load::<S>(name, adapter, None)))
    }
}

/// Opens the store `default` of a schema; what `Project::open` calls.
#[doc(hidden)]
pub fn open<S: StoreContext>(adapter: impl Adapter) -> Suspended<S> {
    let name = StoreName { schema: S::SCHEMA.name, id: StoreId::default() };
    Suspended::new(Instance::load::<S>(name, Box::new(adapter), None))
}

/// A mounted store. The guard is a holder: while it lives, the store stays open.
#[must_use = "dropping the guard of a store that nobody else holds closes it"]
pub struct Mounted<S: StoreContext> {
    instance: Arc<Instance>,
    schema: PhantomData<fn() -> S>,
}

impl<S: StoreContext> fmt::Debug for Mounted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mounted").field(&self.instance.name().to_string()).finish()
    }
}

impl<S: StoreContext> Mounted<S> {
    /// The schema's name and the store's id.
    #[must_use]
    pub fn name(&self) -> &StoreName {
        self.instance.name()
    }

    /// The store, once it runs: a future that suspends until then.
    pub fn store(&self) -> Suspended<S> {
        Suspended::new(Arc::clone(&self.instance))
    }

    /// Where the store is in its life now.
    #[must_use]
    pub fn state(&self) -> StoreState<S> {
        self.instance.state()
    }
}
