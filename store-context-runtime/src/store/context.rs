//! [`StoreContext`]: what a schema is to the runtime. [`Materialize`]: how its events become rows.

use std::ops::Deref;

use crate::schema::def::{SchemaDef, hash_events};
use crate::schema::event::Event;
use crate::store::store::Store;
use crate::tx::error::MaterializeError;
use crate::tx::tx::Tx;

/// Turns events into rows: the only place that writes.
///
/// A materializer reads nothing but the event, the transaction and [`Tx::meta`]: then replaying the log gives the
/// same tables again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no materializers",
    label = "no `impl Materialize for {Self}`",
    note = "write `impl Materialize for {Self} {{ fn materialize(event: Event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {{ match event {{ .. }} }} }}`"
)]
pub trait Materialize: StoreContext {
    /// Writes what an event means; the event is the materializer's own. A `match` over it makes the compiler ask for every variant.
    ///
    /// # Errors
    /// An error undoes the whole commit.
    fn materialize(event: Self::Event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError>;
}

/// The schema of a store: implemented by `#[derive(StoreContext)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store schema",
    label = "this struct has no `#[derive(StoreContext)]`"
)]
pub trait StoreContext: Sized + Send + Sync + 'static {
    /// The events that change the store.
    type Event: Event;
    /// The store handle with one accessor a field, for example `ProjectStore`.
    type Handle: From<Store<Self>> + Deref<Target = Store<Self>> + Clone + Send + Sync + 'static;
    /// What the store consists of.
    const SCHEMA: &'static SchemaDef;
    /// Made while compiling; a store whose tables were made under another one is replayed.
    #[doc(hidden)]
    const SCHEMA_HASH: u64 = Self::SCHEMA.hash();
    /// Made while compiling; where it differs from the stored one, the log may hold events that are not known any more.
    #[doc(hidden)]
    const EVENT_HASH: u64 = hash_events(<Self::Event as Event>::NAMES);

    /// Calls [`Materialize`](crate::Materialize) of the same type.
    ///
    /// # Errors
    /// When the materializer fails.
    #[doc(hidden)]
    fn apply(event: Self::Event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError>;
}
