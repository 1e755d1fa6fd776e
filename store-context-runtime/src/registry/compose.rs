//! [`compose`]: several providers at once.

use std::fmt;
use std::future::Future;

use futures::future::{BoxFuture, FutureExt, join_all};

use crate::error::StoreError;
use crate::registry::provider::{ChosenAdapter, Provider};
use crate::registry::registry::StoreRegistry;
use crate::store::context::StoreContext;
use crate::store::mounted::Mounted;
use crate::store::suspend::Suspended;

/// Providers that are mounted together: a tuple of up to eight of any schemas, or a `Vec` of one.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
/// let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
/// let provider = |id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id);
///
/// let both = compose((provider("alpha"), provider("beta"))).mount(&registry);
/// let (alpha, beta) = both.stores().await;         // both load side by side; each has its own result
/// assert_eq!((alpha?.id().as_str(), beta?.id().as_str()), ("alpha", "beta"));
///
/// let many = compose(["1", "2", "not valid"].map(provider).into_iter().collect::<Vec<_>>()).mount(&registry);
/// let stores = many.stores().await;
/// assert!(stores[1].is_ok() && stores[2].is_err());
/// # Ok(()) }) }
/// ```
pub fn compose<P>(providers: P) -> Composition<P> {
    Composition { providers }
}

/// Several providers, ready to be mounted.
#[must_use = "nothing is mounted before `mount`"]
pub struct Composition<P> {
    providers: P,
}

impl<P> fmt::Debug for Composition<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composition")
    }
}

impl<P> Composition<P> {
    // The bound is on the method, so that a missing adapter is one error.
    /// Mounts all of them, and returns at once. One that cannot be mounted is its own error and leaves the others be.
    pub fn mount(self, registry: &StoreRegistry) -> Composed<P>
    where
        P: Providers,
    {
        Composed { mounted: self.providers.mount(registry) }
    }
}

/// Several stores that were mounted together; it holds them.
#[must_use = "dropping it lets the stores go"]
pub struct Composed<P: Providers> {
    mounted: P::Mounted,
}

impl<P: Providers> fmt::Debug for Composed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composed")
    }
}

impl<P: Providers> Composed<P> {
    /// All stores, once each of them runs or has failed: one future, and a result each.
    pub fn stores(&self) -> impl Future<Output = P::Stores> + Send + 'static + use<P> {
        P::stores(&self.mounted)
    }

    /// The guards, to hold each store on its own.
    pub fn into_mounted(self) -> P::Mounted {
        self.mounted
    }
}

/// What [`compose`] takes.
#[diagnostic::on_unimplemented(
    message = "these cannot be mounted together as providers",
    label = "expected a tuple of up to eight providers, or a `Vec` of providers, each with an adapter",
    note = "give each provider its adapter: `.adapter(Sqlite::in_dir(\"data\"))`"
)]
pub trait Providers {
    /// A `Result` of a guard for each.
    type Mounted;
    /// A `Result` of a store for each.
    type Stores: Send + 'static;
    #[doc(hidden)]
    fn mount(self, registry: &StoreRegistry) -> Self::Mounted;
    #[doc(hidden)]
    fn stores(mounted: &Self::Mounted) -> BoxFuture<'static, Self::Stores>;
}

/// The store behind a guard, or why there is none.
async fn store<S: StoreContext>(suspended: Result<Suspended<S>, StoreError>) -> Result<S::Handle, StoreError> {
    suspended?.await
}

fn suspended<S: StoreContext>(mounted: &Result<Mounted<S>, StoreError>) -> Result<Suspended<S>, StoreError> {
    mounted.as_ref().map(Mounted::store).map_err(StoreError::clone)
}

impl<S: StoreContext, A: ChosenAdapter<S>> Providers for Vec<Provider<S, A>> {
    type Mounted = Vec<Result<Mounted<S>, StoreError>>;
    type Stores = Vec<Result<S::Handle, StoreError>>;

    fn mount(self, registry: &StoreRegistry) -> Self::Mounted {
        self.into_iter().map(|provider| provider.mount(registry)).collect()
    }

    fn stores(mounted: &Self::Mounted) -> BoxFuture<'static, Self::Stores> {
        let suspended: Vec<_> = mounted.iter().map(suspended).collect();
        join_all(suspended.into_iter().map(store)).boxed()
    }
}

macro_rules! providers_of_a_tuple {
    ($($schema:ident $adapter:ident $index:tt),+) => {
        impl<$($schema: StoreContext, $adapter: ChosenAdapter<$schema>),+> Providers
            for ($(Provider<$schema, $adapter>,)+)
        {
            type Mounted = ($(Result<Mounted<$schema>, StoreError>,)+);
            type Stores = ($(Result<$schema::Handle, StoreError>,)+);

            fn mount(self, registry: &StoreRegistry) -> Self::Mounted {
                ($(self.$index.mount(registry),)+)
            }

            fn stores(mounted: &Self::Mounted) -> BoxFuture<'static, Self::Stores> {
                let suspended = ($(suspended(&mounted.$index),)+);
                async move { futures::join!($(store(suspended.$index)),+) }.boxed()
            }
        }
    };
}

providers_of_a_tuple!(S0 A0 0);
providers_of_a_tuple!(S0 A0 0, S1 A1 1);
providers_of_a_tuple!(S0 A0 0, S1 A1 1, S2 A2 2);
providers_of_a_tuple!(S0 A0 0, S1 A1 1, S2 A2 2, S3 A3 3);
providers_of_a_tuple!(S0 A0 0, S1 A1 1, S2 A2 2, S3 A3 3, S4 A4 4);
providers_of_a_tuple!(S0 A0 0, S1 A1 1, S2 A2 2, S3 A3 3, S4 A4 4, S5 A5 5);
providers_of_a_tuple!(S0 A0 0, S1 A1 1, S2 A2 2, S3 A3 3, S4 A4 4, S5 A5 5, S6 A6 6);
providers_of_a_tuple!(S0 A0 0, S1 A1 1, S2 A2 2, S3 A3 3, S4 A4 4, S5 A5 5, S6 A6 6, S7 A7 7);
