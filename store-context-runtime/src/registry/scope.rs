//! [`Scope`]: the tree that a user interface's context is made of. The nearest provider of a schema wins.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::sync::{Arc, Weak};

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::host::current::Current;
use crate::host::threads::{Mutex, lock};
use crate::id::{IntoStoreId, StoreId, StoreName};
use crate::phase::Phase;
use crate::registry::names::nearest;
use crate::registry::provider::{ChosenAdapter, Provider};
use crate::registry::provider_set::ProviderSet;
use crate::registry::registry::StoreRegistry;
use crate::slot::observe::Observer;
use crate::slot::transition::State;
use crate::store::context::StoreContext;
use crate::store::mounted::Mounted;
use crate::store::watch::Watch;

/// What the providers around some place of a program have mounted. Cheap to clone; clones are the same scope.
///
/// [`provide`](Self::provide) gives an inner scope with one provider more; the scope itself stays as it is. An inner
/// scope keeps the outer ones, so that what it holds is let go from the inside out.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
/// let (root, data) = (Scope::new(&StoreRegistry::new()), Sqlite::in_memory());
/// let outer = root.provide(ProjectProvider::new().adapter(data.clone()).store_id("alpha"))?;
/// let inner = outer.provide(ProjectProvider::new().adapter(data).store_id("beta"))?;
///
/// assert_eq!(inner.nearest::<Project>()?.name().to_string(), "project@beta");
/// assert_eq!(inner.by_id::<Project>("alpha")?.name().to_string(), "project@alpha");
/// assert_eq!(outer.nearest::<Project>()?.name().to_string(), "project@alpha");
/// assert!(outer.try_by_id::<Project>("beta").is_none());
/// assert!(root.nearest::<Project>().is_err());
/// let store = inner.nearest::<Project>()?.store().await?;
/// # drop(store);
/// # Ok(()) }) }
/// ```
#[derive(Clone)]
pub struct Scope {
    node: Arc<Node>,
}

struct Node {
    registry: StoreRegistry,
    /// The last is the nearest.
    provided: Vec<Provided>,
    // Behind `provided`, since fields are dropped in order: the inside goes first.
    outer: Option<Scope>,
}

/// A store that is mounted, of whatever schema.
pub(crate) struct Provided {
    name: StoreName,
    schema: TypeId,
    mounted: Box<dyn AnyMounted>,
}

/// A [`Mounted`] of a schema that is not known here.
trait AnyMounted: Any + Send + Sync {
    fn state(&self) -> State;
    fn observe(&self, observer: Observer) -> Subscription;
    fn retry(&self) -> Result<(), StoreError>;
}

impl<S: StoreContext> AnyMounted for Mounted<S> {
    fn state(&self) -> State {
        self.slot().current().state()
    }

    fn observe(&self, observer: Observer) -> Subscription {
        self.observe(observer)
    }

    fn retry(&self) -> Result<(), StoreError> {
        self.retry()
    }
}

impl Provided {
    pub(crate) fn new<S: StoreContext>(mounted: Mounted<S>) -> Self {
        Self { name: mounted.name().clone(), schema: TypeId::of::<S>(), mounted: Box::new(mounted) }
    }
}

/// Clones of one scope.
impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.node, &other.node)
    }
}

impl Eq for Scope {}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope").field(&self.provided().map(|provided| &provided.name).collect::<Vec<_>>()).finish()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // One after the other: letting each scope drop the next would need a stack as deep as the scopes.
        self.let_go();
        let mut outer = self.outer.take();
        while let Some(mut node) = outer.and_then(|scope| Arc::into_inner(scope.node)) {
            node.let_go();
            outer = node.outer.take();
        }
    }
}

impl Node {
    fn let_go(&mut self) {
        while self.provided.pop().is_some() {}
    }

    /// The state of its stores as one: an error before a shutdown, before a load. It runs when all of them do.
    fn state(&self) -> State {
        let mut states: Vec<_> = self.provided.iter().map(|provided| provided.mounted.state()).collect();
        let worst = [Phase::Error, Phase::Shutdown, Phase::Loading]
            .into_iter()
            .find_map(|phase| states.iter().position(|state| state.phase() == phase));
        worst.map_or(State::Running, |index| states.swap_remove(index))
    }
}

impl Scope {
    /// The outermost scope: what is provided in it is mounted in this registry.
    #[must_use]
    pub fn new(registry: &StoreRegistry) -> Self {
        Self { node: Arc::new(Node { registry: registry.clone(), provided: Vec::new(), outer: None }) }
    }

    /// The registry that the scope mounts in.
    #[must_use]
    pub fn registry(&self) -> &StoreRegistry {
        &self.node.registry
    }

    /// An inner scope with one provider more. Its store is mounted at once and held until the inner scope and all
    /// scopes in it are gone.
    ///
    /// # Errors
    /// As [`Provider::mount`].
    pub fn provide<S: StoreContext, A>(&self, provider: Provider<S, A>) -> Result<Self, StoreError>
    where
        A: ChosenAdapter<S>,
    {
        Ok(self.with(provider.mount(&self.node.registry)?))
    }

    /// An inner scope with several providers more, which load side by side. Of one schema, the last is the nearest.
    ///
    /// # Errors
    /// As [`Provider::mount`], of the first that cannot be mounted. The others are let go then.
    pub fn provide_all(&self, providers: &ProviderSet) -> Result<Self, StoreError> {
        Ok(self.inner(providers.mount(&self.node.registry)?))
    }

    /// An inner scope with a store that is mounted already, in this registry or in another one.
    #[must_use]
    pub fn with<S: StoreContext>(&self, mounted: Mounted<S>) -> Self {
        self.inner(vec![Provided::new(mounted)])
    }

    fn inner(&self, provided: Vec<Provided>) -> Self {
        let node = Node { registry: self.node.registry.clone(), provided, outer: Some(self.clone()) };
        Self { node: Arc::new(node) }
    }

    /// The state of the stores that this scope provides itself, as one, kept current: [`State::Running`] when all of them
    /// run, else an error before a shutdown, before a load. What a user interface's provider shows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # use store_context::life::State;
    /// # use store_context::test::TestHost;
    /// # fn main() -> Result<(), StoreError> {
    /// # let (host, data) = (TestHost::new(), Sqlite::in_memory());
    /// # let registry = host.registry().build();
    /// let provider = |id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id);
    /// let scope = Scope::new(&registry).provide_all(&(provider("alpha"), provider("beta")).into())?;
    /// let state = scope.watch();
    /// assert!(matches!(state.get(), State::Loading(_)));
    /// # host.run();
    /// assert!(matches!(state.get(), State::Running), "both run");
    /// # Ok(()) }
    /// ```
    pub fn watch(&self) -> Watch<State> {
        let current = Arc::new(Current::new());
        let follow = Arc::new(Mutex::new((Arc::downgrade(&self.node), Arc::downgrade(&current))));
        let observes: Vec<_> = self
            .node
            .provided
            .iter()
            .map(|provided| {
                let follow = Arc::clone(&follow);
                provided.mounted.observe(Box::new(move |_| {
                    // Under the lock, so that of two transitions at once the later look is the last.
                    let followed = lock(&follow);
                    let (Some(node), Some(current)) = (Weak::upgrade(&followed.0), Weak::upgrade(&followed.1)) else {
                        return;
                    };
                    let before = current.put(node.state());
                    drop(followed);
                    drop((before, node));
                    current.tell();
                }))
            })
            .collect();
        // After the observers are there: what is missed here, they tell.
        current.begin(self.node.state());
        Watch::new(current, observes)
    }

    /// Loads the stores that this scope provides itself and that are in error again: for the button beside an error.
    pub fn retry(&self) {
        for provided in &self.node.provided {
            // In another phase by now, there is nothing to retry.
            let _ = provided.mounted.retry();
        }
    }

    /// What the scopes provide, nearest first.
    fn provided(&self) -> impl Iterator<Item = &Provided> {
        std::iter::successors(Some(self), |scope| scope.node.outer.as_ref())
            .flat_map(|scope| scope.node.provided.iter().rev())
    }

    fn find<S: StoreContext>(&self, is_meant: impl Fn(&StoreName) -> bool) -> Option<&Mounted<S>> {
        let schema = TypeId::of::<S>();
        let found = self.provided().find(|provided| provided.schema == schema && is_meant(&provided.name));
        found.and_then(|provided| (&*provided.mounted as &dyn Any).downcast_ref())
    }

    /// The store of the nearest provider of the schema `S`.
    ///
    /// # Errors
    /// [`StoreError::NotProvided`], which names the schema and says what is provided.
    pub fn nearest<S: StoreContext>(&self) -> Result<&Mounted<S>, StoreError> {
        self.try_nearest().ok_or_else(|| self.not_provided::<S>(None))
    }

    /// As [`nearest`](Self::nearest), with `None` where there is no provider.
    #[must_use]
    pub fn try_nearest<S: StoreContext>(&self) -> Option<&Mounted<S>> {
        self.find(|_| true)
    }

    /// The store of the schema `S` with this id, however far out it is provided.
    ///
    /// # Errors
    /// [`StoreError::NotProvided`], which says what is provided and what may have been meant; [`StoreError::InvalidId`].
    pub fn by_id<S: StoreContext>(&self, id: impl IntoStoreId) -> Result<&Mounted<S>, StoreError> {
        let schema = S::SCHEMA.name;
        let id = id.into_store_id().map_err(|cause| StoreError::InvalidId { schema, cause })?;
        self.find(|name| name.id == id).ok_or_else(|| self.not_provided::<S>(Some(id.clone())))
    }

    /// As [`by_id`](Self::by_id), with `None` where no provider has this id.
    #[must_use]
    pub fn try_by_id<S: StoreContext>(&self, id: impl IntoStoreId) -> Option<&Mounted<S>> {
        self.by_id(id).ok()
    }

    fn not_provided<S: StoreContext>(&self, id: Option<StoreId>) -> StoreError {
        let (schema, path) = (S::SCHEMA.name, type_name::<S>());
        let schema_type = path.rsplit("::").next().unwrap_or(path);
        let provided: Vec<_> = self.provided().map(|provided| provided.name.clone()).collect();
        let meant = id.as_ref().and_then(|id| nearest(&StoreName { schema, id: id.clone() }, &provided));
        StoreError::NotProvided { schema, schema_type, id, meant, provided }
    }
}
