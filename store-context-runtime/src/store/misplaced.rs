//! What is said to a method that is called on something near to what has it.
//!
//! Without these methods, the compiler knows only that there is none of the name.

use std::ops::RangeBounds;

use crate::adapter::log::LoggedEvent;
use crate::engine::durable::Receipt;
use crate::error::StoreError;
use crate::row::cardinality::Optional;
use crate::row::row::TableOf;
use crate::sql::filter::IntoAssignments;
use crate::store::context::StoreContext;
use crate::store::mounted::Mounted;
use crate::store::query::BoundQuery;
use crate::store::select::Select;
use crate::store::store::Store;
use crate::store::suspend::Suspended;
use crate::tx::error::TxError;

/// A store's handle.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the store, which may still be loading",
    label = "wait for the store first: `mounted.store().await?`",
    note = "`mounted.store()` is a future of the store, and `mounted.read()?` one look that does not wait"
)]
pub trait LoadedStore {}

impl<S: StoreContext> Mounted<S> {
    #[doc(hidden)]
    pub fn commit<E>(&self, _: E) -> Result<Receipt, StoreError>
    where
        Self: LoadedStore,
    {
        unreachable!("nothing is a `LoadedStore`")
    }

    #[doc(hidden)]
    pub fn events(&self, _: impl RangeBounds<u64>) -> Result<Vec<LoggedEvent>, StoreError>
    where
        Self: LoadedStore,
    {
        unreachable!("nothing is a `LoadedStore`")
    }
}

impl<S: StoreContext> Suspended<S> {
    #[doc(hidden)]
    pub fn commit<E>(&self, _: E) -> Result<Receipt, StoreError>
    where
        Self: LoadedStore,
    {
        unreachable!("nothing is a `LoadedStore`")
    }

    #[doc(hidden)]
    pub fn events(&self, _: impl RangeBounds<u64>) -> Result<Vec<LoggedEvent>, StoreError>
    where
        Self: LoadedStore,
    {
        unreachable!("nothing is a `LoadedStore`")
    }
}

/// What a materializer writes with.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "rows are written in the materializer, from events",
    label = "commit an event, and write this in its arm of `materialize`",
    note = "there, `tx.insert(row)`, and `tx.table::<Row>().by_key(key)` or `.filter(..)` before `.update(..)` or `.delete()`"
)]
pub trait InMaterializer {}

impl<S: StoreContext> Store<S> {
    #[doc(hidden)]
    pub fn insert<R: TableOf<S>>(&self, _: R) -> Result<(), TxError>
    where
        Self: InMaterializer,
    {
        unreachable!("nothing that reads is `InMaterializer`")
    }

    #[doc(hidden)]
    pub fn update<R: TableOf<S>>(&self, _: R) -> Result<(), TxError>
    where
        Self: InMaterializer,
    {
        unreachable!("nothing that reads is `InMaterializer`")
    }
}

impl<S: StoreContext, R: TableOf<S>> Select<S, R> {
    #[doc(hidden)]
    pub fn insert(&self, _: R) -> Result<(), TxError>
    where
        Self: InMaterializer,
    {
        unreachable!("nothing that reads is `InMaterializer`")
    }

    #[doc(hidden)]
    pub fn update<A: IntoAssignments<R>>(&self, _: impl FnOnce(R::Columns) -> A) -> Result<(), TxError>
    where
        Self: InMaterializer,
    {
        unreachable!("nothing that reads is `InMaterializer`")
    }

    #[doc(hidden)]
    pub fn delete(&self) -> Result<(), TxError>
    where
        Self: InMaterializer,
    {
        unreachable!("nothing that reads is `InMaterializer`")
    }
}

impl<S: StoreContext, R: TableOf<S>> BoundQuery<S, Optional<R>> {
    #[doc(hidden)]
    pub fn update<A: IntoAssignments<R>>(&self, _: impl FnOnce(R::Columns) -> A) -> Result<(), TxError>
    where
        Self: InMaterializer,
    {
        unreachable!("nothing that reads is `InMaterializer`")
    }

    #[doc(hidden)]
    pub fn delete(&self) -> Result<(), TxError>
    where
        Self: InMaterializer,
    {
        unreachable!("nothing that reads is `InMaterializer`")
    }
}
