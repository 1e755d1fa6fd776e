//! The runtime of `store-context`: schema traits, the life of a store, live queries.
//!
//! Applications use the facade `store-context`; this crate is for adapters. It knows no SQLite and no UI: an
//! [`Adapter`] opens a [`Session`], which runs SQLite-dialect text with bound [`Value`]s.

mod adapter;
mod boot;
mod clock;
mod column;
mod column_ref;
mod core;
mod document;
mod document_handle;
mod error;
mod event;
mod filter;
mod fingerprint;
mod footprint;
mod id;
mod instance;
mod key;
mod live;
mod live_query;
mod lock;
mod materialize;
mod plan;
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
mod select;
mod session;
mod spawn;
mod sql;
mod statement;
mod store;
mod tx;
mod tx_table;
mod value;

pub use adapter::{Adapter, AdapterIdentity, LoggedEvent, OpenRequest, Opened, Replay, Replayed};
pub use boot::{BootReport, BootStatus, OpenError, SkippedEvent};
pub use column::{Column, ColumnError, ColumnValue, Operand, json};
pub use column_ref::{ColumnRef, JsonColumnRef};
pub use document::Document;
pub use document_handle::DocumentHandle;
pub use error::StoreError;
pub use event::{Event, EventError, IntoEvents};
pub use filter::{Assignment, Filter, IntoAssignments, IntoOrders, Order};
pub use fingerprint::Fingerprint;
pub use footprint::{ReadSet, WriteSet};
pub use id::{InvalidStoreId, MAX_STORE_ID_LENGTH, StoreId, StoreName};
pub use instance::{StoreState, Suspended};
pub use key::IntoKey;
pub use live_query::Subscription;
pub use materialize::{EventMeta, Materialize, MaterializeError};
pub use provider::{ChosenAdapter, DefaultAdapter, Mounted, NoAdapter, Provider, open};
pub use query::BoundQuery;
pub use receipt::Receipt;
pub use registry::{StoreKey, StoreRegistry};
pub use result::{Cardinality, Many, One, Optional};
pub use row::{Cells, DecodeError, Row, RowReader, Shape, TableRow};
pub use rows::Rows;
pub use schema::{
    ClientDocument, ColumnDef, DefaultValue, DocumentDef, ForeignKeyDef, IndexDef, OnDelete, Query, QueryDef,
    RESERVED_PREFIX, SchemaDef, StoreContext, Table, TableDef, TableOf,
};
pub use select::Select;
pub use session::{
    Committed, Constraint, EachRow, Executed, NewEvent, Reader, Session, SessionError, Transaction, Verdict,
};
pub use statement::Statement;
pub use store::{Snapshot, Store, WeakStore};
pub use tx::{Tx, TxError};
pub use tx_table::{TxRow, TxTable};
pub use value::{SqlType, Value, ValueRef};

/// The id type of events, clients and sessions.
pub use uuid::Uuid;
