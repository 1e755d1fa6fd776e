//! [`Scope`]: the tree that a user interface's context is made of. The nearest provider of a schema wins.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::sync::Arc;

use crate::error::StoreError;
use crate::id::{IntoStoreId, StoreId, StoreName};
use crate::registry::names::nearest;
use crate::registry::provider::{ChosenAdapter, Provider};
use crate::registry::registry::StoreRegistry;
use crate::store::context::StoreContext;
use crate::store::mounted::Mounted;

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
    provided: Option<Provided>,
    // Behind `provided`, since fields are dropped in order: the inside goes first.
    outer: Option<Scope>,
}

struct Provided {
    name: StoreName,
    schema: TypeId,
    /// A `Mounted` of that schema.
    mounted: Box<dyn Any + Send + Sync>,
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
        self.provided = None;
        let mut outer = self.outer.take();
        while let Some(mut node) = outer.and_then(|scope| Arc::into_inner(scope.node)) {
            node.provided = None;
            outer = node.outer.take();
        }
    }
}

impl Scope {
    /// The outermost scope: what is provided in it is mounted in this registry.
    #[must_use]
    pub fn new(registry: &StoreRegistry) -> Self {
        Self { node: Arc::new(Node { registry: registry.clone(), provided: None, outer: None }) }
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

    /// An inner scope with a store that is mounted already, in this registry or in another one.
    #[must_use]
    pub fn with<S: StoreContext>(&self, mounted: Mounted<S>) -> Self {
        let (name, schema) = (mounted.name().clone(), TypeId::of::<S>());
        let provided = Provided { name, schema, mounted: Box::new(mounted) };
        let node = Node { registry: self.node.registry.clone(), provided: Some(provided), outer: Some(self.clone()) };
        Self { node: Arc::new(node) }
    }

    /// What the scopes provide, nearest first.
    fn provided(&self) -> impl Iterator<Item = &Provided> {
        std::iter::successors(Some(self), |scope| scope.node.outer.as_ref())
            .filter_map(|scope| scope.node.provided.as_ref())
    }

    fn find<S: StoreContext>(&self, is_meant: impl Fn(&StoreName) -> bool) -> Option<&Mounted<S>> {
        let schema = TypeId::of::<S>();
        let found = self.provided().find(|provided| provided.schema == schema && is_meant(&provided.name));
        found.and_then(|provided| provided.mounted.downcast_ref())
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
