//! [`ProviderSet`]: providers of whatever schemas, as one value.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::error::StoreError;
use crate::registry::provider::{ChosenAdapter, Provider};
use crate::registry::registry::StoreRegistry;
use crate::registry::scope::Provided;
use crate::store::context::StoreContext;

/// One provider or several, of whatever schemas: what the `StoreProvider` of a user interface takes.
///
/// It is made of a provider, a tuple of up to eight, or an iterator; of one schema, the last is the nearest. Two are equal
/// where mounting one in place of the other changes nothing.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// use store_context::registry::ProviderSet;
///
/// # fn main() -> Result<(), StoreError> {
/// let data = Sqlite::in_memory();
/// let provider = |id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id);
/// let both = ProviderSet::from((provider("alpha"), provider("beta")));
/// assert_eq!(both, ["alpha", "beta"].into_iter().map(provider).collect());
/// let scope = Scope::new(&StoreRegistry::new()).provide_all(&both)?;
/// assert_eq!(scope.by_id::<Project>("alpha")?.name().to_string(), "project@alpha");
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is mounted before `provide_all`"]
pub struct ProviderSet {
    providers: Vec<Arc<dyn AnyProvider>>,
}

/// A [`Provider`] of a schema that is not known here.
trait AnyProvider: Any + fmt::Debug + Send + Sync {
    fn mount(&self, registry: &StoreRegistry) -> Result<Provided, StoreError>;
    fn is_same(&self, other: &dyn AnyProvider) -> bool;
}

impl<S, A> AnyProvider for Provider<S, A>
where
    S: StoreContext,
    A: ChosenAdapter<S> + Clone + Send + Sync + 'static,
{
    fn mount(&self, registry: &StoreRegistry) -> Result<Provided, StoreError> {
        self.clone().mount(registry).map(Provided::new)
    }

    fn is_same(&self, other: &dyn AnyProvider) -> bool {
        (other as &dyn Any).downcast_ref::<Self>().is_some_and(|other| self == other)
    }
}

impl PartialEq for ProviderSet {
    fn eq(&self, other: &Self) -> bool {
        let (these, those) = (&self.providers, &other.providers);
        these.len() == those.len() && these.iter().zip(those).all(|(one, other)| one.is_same(&**other))
    }
}

impl fmt::Debug for ProviderSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.providers).finish()
    }
}

impl ProviderSet {
    pub(crate) fn mount(&self, registry: &StoreRegistry) -> Result<Vec<Provided>, StoreError> {
        self.providers.iter().map(|provider| provider.mount(registry)).collect()
    }
}

impl<S, A> From<Provider<S, A>> for ProviderSet
where
    S: StoreContext,
    A: ChosenAdapter<S> + Clone + Send + Sync + 'static,
{
    fn from(provider: Provider<S, A>) -> Self {
        Self { providers: vec![Arc::new(provider)] }
    }
}

impl<P: Into<Self>> FromIterator<P> for ProviderSet {
    fn from_iter<I: IntoIterator<Item = P>>(providers: I) -> Self {
        Self { providers: providers.into_iter().flat_map(|provider| provider.into().providers).collect() }
    }
}

macro_rules! from_a_tuple {
    ($($provider:ident $index:tt),+) => {
        impl<$($provider: Into<Self>),+> From<($($provider,)+)> for ProviderSet {
            fn from(providers: ($($provider,)+)) -> Self {
                [$(providers.$index.into()),+].into_iter().collect()
            }
        }
    };
}

from_a_tuple!(P0 0, P1 1);
from_a_tuple!(P0 0, P1 1, P2 2);
from_a_tuple!(P0 0, P1 1, P2 2, P3 3);
from_a_tuple!(P0 0, P1 1, P2 2, P3 3, P4 4);
from_a_tuple!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5);
from_a_tuple!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6);
from_a_tuple!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6, P7 7);
