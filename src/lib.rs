//! Many typed, local-first stores at once.
//!
//! A schema struct with `#[derive(StoreContext)]` gives a provider, a store handle with typed queries and client
//! documents, and a registry key. Under it lies an embedded, event-sourced, reactive SQLite.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use store_context::prelude::*;
//!
//! #[derive(Row, Clone, Debug, PartialEq)]
//! #[row(table = "notes")]
//! struct Note {
//!     #[row(primary_key)]
//!     id: i64,
//!     text: String,
//! }
//!
//! #[derive(Event, Clone, Debug, Serialize, Deserialize)]
//! enum NotesEvent {
//!     Taken { id: i64, text: String },
//! }
//!
//! #[derive(StoreContext)]
//! #[store(events = NotesEvent)]
//! struct Notes {
//!     notes: Table<Note>,
//! }
//!
//! impl Materialize for Notes {
//!     fn materialize(event: NotesEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
//!         match event {
//!             NotesEvent::Taken { id, text } => tx.insert(Note { id, text })?,
//!         }
//!         Ok(())
//!     }
//! }
//!
//! # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
//! let store = Notes::open(Sqlite::in_memory()).await?;
//! let live = store.notes().count().subscribe(|count| println!("{count:?} notes"))?;
//! let receipt = store.commit(NotesEvent::Taken { id: 1, text: "remember".into() })?;
//! assert_eq!(store.notes().get()?[0].text, "remember");
//! # drop((live, receipt));
//! # Ok(()) }) }
//! ```
//!
//! # Where to begin
//!
//! - The derives: [`StoreContext`](derive@StoreContext), [`Row`](derive@Row), [`Column`](derive@Column),
//!   [`Document`](derive@Document), [`Event`](derive@Event).
//! - What you use: [`Store`] (commit, read), [`Select`] and [`BoundQuery`] (get, subscribe), [`DocumentHandle`] (get,
//!   update), [`Tx`] (write, in a [`Materialize`] implementation).
//! - Where stores come from: `Project::open` for one, [`Provider`] and [`StoreRegistry`] for many, [`compose`] for several
//!   at once, [`Scope`] for the nearest one, `Sqlite` for where they are kept.
//! - How they live: [`Mounted`] (read, wait, observe, retry, shut down), [`StoreState`], [`RegistrySnapshot`].
//! - Everything that can go wrong is a [`StoreError`].
//!
//! # Features
//!
//! `sqlite` (default) is the embedded adapter, with SQLite compiled in. `checked-sql` (default) has the compiler check
//! the SQL of `#[query(..)]`; without it, it is checked when a store opens. `jiff` makes `jiff`'s date and time types
//! columns. `test` is for tests: time and threads driven by hand, an adapter that fails when told to, and given/when/then
//! for materializers. On `wasm32-unknown-unknown` stores live in memory.

// The derives name the facade by its path, in this crate's own examples too.
extern crate self as store_context;

pub use store_context_macros::{Column, Document, Event, Row, StoreContext, store_id};
pub use store_context_runtime::{
    Adapter, AdapterIdentity, AsQuery, Assignment, BootReport, BootStatus, BoundQuery, Cardinality, ChosenAdapter,
    ClientDocument, Clock, Column, ColumnError, ColumnRef, ColumnValue, Composed, Composition, Constraint, DecodeError,
    DefaultAdapter, Document, DocumentHandle, Domain, Event, EventError, EventMeta, Filter, IntoAssignments,
    IntoEvents, IntoKey, IntoOrders, IntoStoreId, InvalidStoreId, JsonColumnRef, JsonValue, LoggedEvent, Many,
    Materialize, MaterializeError, Mounted, NoAdapter, One, OpenError, Operand, Optional, Order, Phase, Preload,
    Provider, Providers, Query, Reading, Receipt, RegistryBuilder, RegistrySnapshot, Row, Rows, Scope, Select,
    SessionError, Shutdown, ShutdownCause, SkippedEvent, Snapshot, Spawner, Step, Store, StoreContext, StoreError,
    StoreId, StoreKey, StoreName, StoreRegistry, StoreSnapshot, StoreState, Subscription, Suspended, Table, TableOf,
    TableRow, Timer, Transition, Transitions, Tx, TxError, TxRow, TxTable, Uuid, WeakStore, Work, compose,
};
#[cfg(feature = "sqlite")]
pub use store_context_sqlite::{Durability, Sqlite};

/// What most programs use: `use store_context::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Adapter, BoundQuery, ClientDocument, Column, Document, Event, Materialize, MaterializeError, Mounted, Query,
        Reading, Receipt, Row, Rows, Scope, StoreContext, StoreError, StoreId, StoreRegistry, StoreState, Subscription,
        Table, Tx, compose, store_id,
    };
    #[cfg(feature = "sqlite")]
    pub use crate::{Durability, Sqlite};
}

/// What an adapter of your own is made of.
pub mod adapter {
    pub use store_context_runtime::{
        Adapter, AdapterIdentity, BootReport, BootStatus, BoundColumn, Cells, Committed, Comparison, Dependencies,
        Dependency, EachRow, EventMeta, Executed, LoggedEvent, NewEvent, OpenError, OpenRequest, Opened, ReadSet,
        Reader, Replay, Replayed, SchemaDef, Session, SessionError, Statement, Transaction, Value, ValueRef, Verdict,
        WriteSet,
    };
}

/// For tests, with the feature `test`: time and threads driven by hand, an adapter that does as it is told, and
/// given/when/then for materializers.
#[cfg(feature = "test")]
pub mod test {
    pub use store_context_runtime::testing::{
        Given, ManualClock, ManualSpawner, Scripted, TestHost, When, assert_replays_alike,
    };

    /// A store in memory in which these events were committed: `given::<Project>([..]).when(..).then(..)`.
    ///
    /// # Panics
    /// When the store does not open or refuses the events.
    #[cfg(feature = "sqlite")]
    #[must_use = "nothing is tested before `when(..).then(..)`"]
    #[track_caller]
    pub fn given<S: crate::StoreContext>(events: impl crate::IntoEvents<S::Event>) -> Given<S> {
        Given::new(crate::Sqlite::in_memory(), events)
    }
}

/// For the derives. No part of the API.
#[doc(hidden)]
pub mod __private {
    pub use store_context_runtime::*;
}

/// Compiles every code block of the README and the book.
#[cfg(all(doctest, feature = "sqlite"))]
mod book {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/src/getting-started.md")]
    struct GettingStarted;
    #[doc = include_str!("../docs/src/schemas.md")]
    struct Schemas;
    #[doc = include_str!("../docs/src/events.md")]
    struct Events;
    #[doc = include_str!("../docs/src/queries.md")]
    struct Queries;
    #[doc = include_str!("../docs/src/documents.md")]
    struct Documents;
    #[doc = include_str!("../docs/src/many-stores.md")]
    struct ManyStores;
    #[doc = include_str!("../docs/src/watching.md")]
    struct Watching;
    #[cfg(feature = "test")]
    #[doc = include_str!("../docs/src/testing.md")]
    struct Testing;
    #[doc = include_str!("../docs/src/operations.md")]
    struct Operations;
}
