//! [`StoreKey`]: names one store of a schema in a registry.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use crate::error::StoreError;
use crate::id::{StoreId, StoreName};
use crate::store::context::StoreContext;

/// The key of a store in a registry: schema and id. The derive names it after the schema, for example `ProjectKey`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> {
/// let alpha = ProjectKey::new(store_id!("alpha"));     // checked while compiling
/// let given: ProjectKey = "alpha".parse()?;            // a text from elsewhere
/// assert_eq!(alpha, given);
/// assert!("not valid".parse::<ProjectKey>().is_err());
/// # Ok(()) }
/// ```
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

/// A text that is not a store id gives [`StoreError::InvalidId`].
impl<S: StoreContext> FromStr for StoreKey<S> {
    type Err = StoreError;

    fn from_str(id: &str) -> Result<Self, StoreError> {
        let schema = S::SCHEMA.name;
        id.parse().map(Self::new).map_err(|cause| StoreError::InvalidId { schema, cause })
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
