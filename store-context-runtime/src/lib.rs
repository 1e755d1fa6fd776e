//! The runtime of `store-context`: schema traits, the life of a store, live queries.
//!
//! Applications use the facade `store-context`; this crate is for adapters. It knows no SQLite and no UI: an
//! [`Adapter`] opens a [`Session`], which runs SQLite-dialect text with bound [`Value`]s.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod adapter;
mod engine;
mod error;
mod host;
mod id;
mod phase;
mod refuse;
mod registry;
mod row;
mod schema;
mod slot;
mod sql;
mod store;
#[cfg(feature = "test")]
pub mod testing;
mod trace;
mod tx;

#[doc(hidden)]
pub use schema::checked;

pub use adapter::adapter::{Adapter, AdapterIdentity, OpenRequest, Opened, Outside, Replay, Replayed};
pub use adapter::boot::{BootReport, BootStatus, MemoryReason, OpenError, Persistence, SkippedEvent};
pub use adapter::footprint::{ReadSet, RowChange, TableChanges, WatchedTable, WriteSet};
pub use adapter::log::{EventMeta, LoggedEvent, NewEvent};
pub use adapter::session::{
    Committed, Constraint, Done, EachRow, Executed, Reader, Session, SessionError, Transaction, Verdict,
};
pub use adapter::settlement::{Refusal, RefusedCommit, Settlement};
pub use engine::durable::Receipt;
pub use engine::live::subscription::Subscription;
pub use error::StoreError;
pub use host::clock::Clock;
pub use host::spawner::{Spawner, Work};
pub use host::timer::Timer;
pub use host::usage::LiveQuerySnapshot;
pub use id::{IntoStoreId, InvalidStoreId, MAX_STORE_ID_LENGTH, StoreId, StoreName};
pub use phase::{Phase, ShutdownCause};
pub use registry::compose::{Composed, Composition, Providers, compose};
pub use registry::preload::Preload;
pub use registry::provider::{ChosenAdapter, DefaultAdapter, NoAdapter, Provider, open};
pub use registry::provider_set::ProviderSet;
pub use registry::registry::{RegistryBuilder, StoreRegistry};
pub use registry::scope::Scope;
pub use registry::snapshot::{RegistrySnapshot, StoreSnapshot};
pub use row::cardinality::{Cardinality, Many, One, Optional, shape};
pub use row::changes::{Change, Changes};
pub use row::column::{Column, ColumnError, ColumnValue, Domain, Operand, column_type};
pub use row::field::{Field, column_field, json_field, nullable_json_field};
pub use row::fingerprint::Fingerprint;
pub use row::json::{JsonValue, json_list};
pub use row::row::{Cells, DecodeError, HasTable, ResultField, Row, RowReader, Shape, TableOf, TableRow, is_column_of};
pub use row::rows::{IntoRows, Rows};
pub use row::sent::{result_from_text, result_to_text};
pub use row::table::{ColumnDef, DefaultValue, DocumentDef, ForeignKeyDef, IndexDef, OnDelete, TableDef};
pub use row::value::{SqlType, SqlTypes, Value, ValueRef};
pub use schema::checked::{BoundColumn, Comparison, Dependencies, Dependency};
pub use schema::def::{ClientDocument, Query, QueryDef, RESERVED_PREFIX, SchemaDef, Table};
pub use schema::document::{Document, DocumentForm, document_def, document_form, whole_document_form};
#[doc(hidden)]
pub use schema::event::upcast;
pub use schema::event::{Event, EventError, EventForm, IntoEvents, event_form};
pub use slot::observe::Transitions;
pub use slot::transition::{State, Transition};
pub use sql::column_ref::{ColumnRef, Comparable, Computed, JsonColumnRef};
pub use sql::filter::{Assignment, Filter, IntoAssignments, IntoFilter, IntoOrders, Order};
pub use sql::key::IntoKey;
#[doc(hidden)]
pub use sql::operators::{ComparedByOperator, Truth};
pub use sql::statement::Statement;
pub use store::context::{Materialize, StoreContext};
pub use store::document_change::DocumentChange;
pub use store::document_handle::{DocumentHandle, document_handle, keyed_document_handle};
pub use store::follow::Watched;
pub use store::key::StoreKey;
pub use store::live_document::LiveDocument;
pub use store::mapped::Mapped;
#[doc(hidden)]
pub use store::misplaced::{InMaterializer, LoadedStore};
pub use store::mounted::{Mounted, StoreState};
pub use store::query::{AsQuery, BoundQuery};
pub use store::results::Results;
pub use store::select::Select;
pub use store::shutdown::Shutdown;
pub use store::snapshot::Snapshot;
pub use store::store::{Store, WeakStore};
pub use store::suspend::{Reading, Suspended};
pub use store::watch::{OnChange, Watch};
pub use store::watchable::Watchable;
#[doc(hidden)]
pub use tx::error::FromError;
pub use tx::error::{MaterializeError, TxError};
pub use tx::table::{TxRow, TxTable};
pub use tx::tx::Tx;

/// The id type of events, clients and sessions.
pub use uuid::Uuid;
