//! The runtime of `store-context`: schema traits, the life of a store, live queries.
//!
//! Applications use the facade `store-context`; this crate is for adapters. It knows no SQLite and no UI: an
//! [`Adapter`] opens a [`Session`], which runs SQLite-dialect text with bound [`Value`]s.

mod adapter;
mod boot;
#[doc(hidden)]
pub mod checked;
mod clock;
mod column;
mod column_ref;
mod compose;
mod core;
mod document;
mod document_handle;
mod error;
mod event;
mod field;
mod filter;
mod fingerprint;
mod footprint;
mod generation;
mod hold;
mod host;
mod id;
mod key;
mod life;
mod live;
mod live_query;
mod load;
mod materialize;
mod mounted;
mod names;
mod observe;
mod plan;
mod preload;
mod provider;
mod query;
mod receipt;
mod reentrancy;
mod registry;
mod replay;
mod result;
mod row;
mod rows;
mod schema;
mod schema_check;
mod scope;
mod select;
mod sentence;
mod session;
mod shutdown;
mod signal;
mod slot;
mod snapshot;
mod spawn;
mod sql;
mod state;
mod statement;
mod store;
mod store_key;
mod suspend;
mod sync;
#[cfg(feature = "test")]
pub mod testing;
mod timer;
mod trace;
mod tx;
mod tx_table;
mod usage;
mod value;

pub use adapter::{Adapter, AdapterIdentity, LoggedEvent, OpenRequest, Opened, Replay, Replayed};
pub use boot::{BootReport, BootStatus, OpenError, SkippedEvent};
pub use checked::{BoundColumn, Comparison, Dependencies, Dependency};
pub use clock::Clock;
pub use column::{Column, ColumnError, ColumnValue, Domain, JsonValue, Operand, column_type};
pub use column_ref::{ColumnRef, Comparable, JsonColumnRef};
pub use compose::{Composed, Composition, Providers, compose};
pub use document::{Document, DocumentForm, document_form, document_name};
pub use document_handle::DocumentHandle;
pub use error::StoreError;
#[doc(hidden)]
pub use event::upcast;
pub use event::{Event, EventError, EventForm, IntoEvents, event_form};
pub use field::{Field, column_field, json_field, nullable_json_field};
pub use filter::{Assignment, Filter, IntoAssignments, IntoOrders, Order};
pub use fingerprint::Fingerprint;
pub use footprint::{ReadSet, WriteSet};
pub use id::{IntoStoreId, InvalidStoreId, MAX_STORE_ID_LENGTH, StoreId, StoreName};
pub use key::IntoKey;
pub use life::Phase;
pub use live_query::Subscription;
pub use materialize::{EventMeta, Materialize, MaterializeError};
pub use mounted::Mounted;
pub use observe::Transitions;
pub use preload::Preload;
pub use provider::{ChosenAdapter, DefaultAdapter, NoAdapter, Provider, open};
pub use query::{AsQuery, BoundQuery};
pub use receipt::Receipt;
pub use registry::{RegistryBuilder, StoreRegistry};
pub use result::{Cardinality, Many, One, Optional, shape};
pub use row::{Cells, DecodeError, ResultField, Row, RowReader, Shape, TableRow, is_column_of};
pub use rows::Rows;
pub use schema::{
    ClientDocument, ColumnDef, DefaultValue, DocumentDef, ForeignKeyDef, HasTable, IndexDef, OnDelete, Query, QueryDef,
    RESERVED_PREFIX, SchemaDef, StoreContext, Table, TableDef, TableOf,
};
pub use scope::Scope;
pub use select::Select;
pub use session::{
    Committed, Constraint, EachRow, Executed, NewEvent, Reader, Session, SessionError, Transaction, Verdict,
};
pub use shutdown::Shutdown;
pub use snapshot::{RegistrySnapshot, StoreSnapshot};
pub use spawn::{Spawner, Work};
pub use state::{ShutdownCause, Step, StoreState, Transition};
pub use statement::Statement;
pub use store::{Snapshot, Store, WeakStore};
pub use store_key::StoreKey;
pub use suspend::{Reading, Suspended};
pub use timer::Timer;
pub use tx::{Tx, TxError};
pub use tx_table::{TxRow, TxTable};
pub use value::{SqlType, SqlTypes, Value, ValueRef};

/// The id type of events, clients and sessions.
pub use uuid::Uuid;
