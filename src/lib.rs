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
//! - A schema is written with the derives [`StoreContext`](derive@StoreContext), [`Row`](derive@Row),
//!   [`Column`](derive@Column), [`Document`](derive@Document) and [`Event`](derive@Event), and a [`Materialize`]
//!   implementation, which writes with [`Tx`].
//! - A store comes from `Project::open`, or of many from a [`Provider`] that is mounted in a [`StoreRegistry`]; [`compose`]
//!   mounts several at once, [`Scope`] finds the nearest one, `Sqlite` says where they are kept.
//! - A [`Store`] commits and reads: [`Select`] and [`BoundQuery`] get and subscribe, a [`DocumentHandle`] gets and updates.
//! - [`Mounted`] tells how a store lives: it reads, waits, observes, retries and shuts down.
//! - Everything that can go wrong is a [`StoreError`].
//!
//! What an application seldom names is in modules, each for those who need it: [`query`] and [`column`](mod@column) for helpers and
//! types of one's own, [`registry`], [`life`] and [`host`] for those who run stores, [`event`] for those who read the log,
//! [`error`] for those who look at causes, [`adapter`] for authors of an engine, and `test` for tests.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `sqlite` | yes | the embedded adapter, with SQLite compiled in |
//! | `checked-sql` | yes | the compiler checks the SQL of `#[query(..)]`; without it, it is checked when a store opens |
//! | `test` | no | for tests: time and threads driven by hand, an adapter that fails when told to, given/when/then |
//! | `jiff` | no | `jiff`'s date and time types as columns |
//! | `chrono`, `time` | no | the date and time types of these crates as columns |
//! | `uuid` | no | `uuid::Uuid` as a column |
//! | `leptos`, `dioxus`, `yew` | no | providers and hooks for these frameworks, as modules of these names |
//! | `dioxus-fullstack` | no | with `dioxus`: results that a server rendered reach the page |
//!
//! On `wasm32-unknown-unknown` stores live in memory.

#![cfg_attr(docsrs, feature(doc_cfg))]

// The derives name the facade by its path, in this crate's own examples too.
extern crate self as store_context;

/// Providers, hooks and signals for Dioxus (feature `dioxus`).
#[cfg(feature = "dioxus")]
#[doc(inline)]
pub use store_context_dioxus as dioxus;
/// Providers, hooks and signals for Leptos (feature `leptos`).
#[cfg(feature = "leptos")]
#[doc(inline)]
pub use store_context_leptos as leptos;
pub use store_context_macros::{Column, Document, Event, Row, StoreContext, store_id};
pub use store_context_runtime::{
    Adapter, BoundQuery, ClientDocument, Column, Document, DocumentChange, DocumentHandle, Event, LiveDocument,
    Materialize, MaterializeError, Mounted, Provider, Query, Reading, Receipt, Row, Rows, Scope, Select, Snapshot,
    Store, StoreContext, StoreError, StoreId, StoreKey, StoreRegistry, StoreState, Subscription, Suspended, Table, Tx,
    WeakStore, compose,
};
#[cfg(feature = "sqlite")]
pub use store_context_sqlite::{Durability, Sqlite};
/// Providers and hooks for Yew (feature `yew`).
#[cfg(feature = "yew")]
#[doc(inline)]
pub use store_context_yew as yew;

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

/// For functions of your own that take or give parts of a query: filters, orders, keys, and the rows that they are of.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/support/project.rs"));
/// use store_context::query::{Filter, TableRow};
///
/// /// What is to be done and is not large.
/// fn is_small(i: <Issue as TableRow>::Columns) -> Filter<Issue> {
///     i.status.eq(Status::Todo) & !i.points.gt(8)
/// }
/// # fn main() -> Result<(), StoreError> {
/// # let store = example();
/// assert_eq!(store.issues().filter(is_small).count().get()?, 1);
/// # Ok(()) }
/// ```
pub mod query {
    pub use store_context_runtime::{
        AsQuery, Assignment, Cardinality, Change, Changes, ColumnRef, Computed, Filter, IntoAssignments, IntoFilter,
        IntoKey, IntoOrders, IntoRows, JsonColumnRef, Many, Mapped, One, Optional, Order, Results, TableOf, TableRow,
        TxRow, TxTable, Watch, Watchable, Watched,
    };
}

/// For column types of your own that `#[derive(Column)]` does not cover: what an `impl Column` is made of.
///
/// ```
/// use store_context::Column;
/// use store_context::column::{ColumnError, Fingerprint, SqlType, Value, ValueRef};
///
/// /// A colour, stored as text: `#ff8800`.
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// struct Colour(u32);
///
/// impl Column for Colour {
///     const TYPE: SqlType = SqlType::Text;
///     const FINGERPRINT: u64 = Fingerprint::of("colour as #rrggbb");
///
///     fn to_value(&self) -> Value {
///         Value::Text(format!("#{:06x}", self.0))
///     }
///
///     fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError> {
///         let ValueRef::Text(text) = value else { return Err(ColumnError::wrong_type("a colour", value)) };
///         let number = text.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok());
///         number.map(Self).ok_or_else(|| ColumnError::Invalid(format!("{text:?} is no colour such as #ff8800")))
///     }
/// }
///
/// let stored = Colour(0xff8800).to_value();
/// assert_eq!(Colour::from_value(stored.as_ref()), Ok(Colour(0xff8800)));
/// ```
pub mod column {
    pub use store_context_runtime::{
        Column, ColumnError, ColumnValue, Domain, Fingerprint, JsonValue, Operand, SqlType, Value, ValueRef,
    };
}

/// For those who read the log: its events as they are kept, and what is known of each.
pub mod event {
    pub use store_context_runtime::{EventMeta, IntoEvents, LoggedEvent, Uuid};
}

/// For those who mount stores: settings of a registry, what a provider still lacks, several providers at once, and the
/// futures of loads and shutdowns.
pub mod registry {
    pub use store_context_runtime::{
        AdapterIdentity, ChosenAdapter, Composed, Composition, DefaultAdapter, IntoStoreId, NoAdapter, Preload,
        ProviderSet, Providers, RegistryBuilder, Shutdown, StoreName,
    };
}

/// For those who watch stores: phases, transitions, what a load does and found, and a look at a whole registry.
pub mod life {
    pub use store_context_runtime::{
        BootReport, BootStatus, LiveQuerySnapshot, MemoryReason, Persistence, Phase, RegistrySnapshot, ShutdownCause,
        SkippedEvent, State, StoreSnapshot, Transition, Transitions,
    };
}

/// For those who look at the cause of a [`StoreError`].
pub mod error {
    pub use store_context_runtime::{
        ColumnError, Constraint, DecodeError, EventError, InvalidStoreId, OpenError, SessionError, TxError,
    };
    #[cfg(feature = "sqlite")]
    pub use store_context_sqlite::StoresError;
}

/// For programs with a clock, timer or threads of their own, which a registry is built with.
pub mod host {
    pub use store_context_runtime::{Clock, Spawner, Timer, Work};
}

/// For authors of an engine: what an [`Adapter`] opens, and the values and statements that go to and fro.
pub mod adapter {
    pub use store_context_runtime::{
        Adapter, AdapterIdentity, BootReport, BootStatus, BoundColumn, Cells, Committed, Comparison, Constraint,
        Dependencies, Dependency, Done, EachRow, EventMeta, Executed, LoggedEvent, MemoryReason, NewEvent, OpenError,
        OpenRequest, Opened, Outside, Persistence, ReadSet, Reader, Refusal, RefusedCommit, Replay, Replayed,
        RowChange, SchemaDef, Session, SessionError, Settlement, SkippedEvent, Statement, TableChanges, Transaction,
        Value, ValueRef, Verdict, WatchedTable, WriteSet,
    };
    #[cfg(feature = "sqlite")]
    pub use store_context_sqlite::{Image, LogPage, OpenedLog, Rebase, SharedLog, SharedLogs, TakeImage};
}

/// For tests (feature `test`): time and threads driven by hand, an adapter that does as it is told, and
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
    pub fn given<S: crate::StoreContext>(events: impl crate::event::IntoEvents<S::Event>) -> Given<S> {
        Given::new(crate::Sqlite::in_memory(), events)
    }
}

/// For the derives. No part of the API.
#[doc(hidden)]
pub mod __private {
    pub use store_context_runtime::*;
}

/// Compiles every code block of the README and the book, but for the pages that need a user interface: `docs/book.rs`.
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
    #[doc = include_str!("../docs/src/server.md")]
    struct Server;
    #[doc = include_str!("../docs/src/user-interfaces.md")]
    struct UserInterfaces;
    #[doc = include_str!("../docs/src/recipes.md")]
    struct Recipes;
    #[doc = include_str!("../docs/src/troubleshooting.md")]
    struct Troubleshooting;
    #[doc = include_str!("../docs/src/best-practices.md")]
    struct BestPractices;
}
