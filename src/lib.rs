//! Many typed, local-first stores at once.

// The derives name the facade by its path, in this crate's own examples too.
extern crate self as store_context;

pub use store_context_macros::{Column, Document, Event, Row, StoreContext, store_id};
pub use store_context_runtime::{
    Adapter, AdapterIdentity, Assignment, BootReport, BootStatus, BoundQuery, Cardinality, ClientDocument, Column,
    ColumnError, ColumnRef, ColumnValue, DecodeError, Document, DocumentHandle, Event, EventError, EventMeta, Filter,
    IntoEvents, InvalidStoreId, JsonColumnRef, Many, Materialize, MaterializeError, Mounted, NoAdapter, One, OpenError,
    Optional, Order, Provider, Query, Receipt, Row, Rows, Select, SessionError, SkippedEvent, Snapshot, Store,
    StoreContext, StoreError, StoreId, StoreKey, StoreName, StoreRegistry, StoreState, Subscription, Suspended, Table,
    TableOf, TableRow, Tx, TxError, TxTable, Uuid, WeakStore,
};
#[cfg(feature = "sqlite")]
pub use store_context_sqlite::{Durability, Sqlite};

/// What most programs use: `use store_context::prelude::*;`.
pub mod prelude {
    pub use crate::{
        ClientDocument, Column, Document, Event, Materialize, MaterializeError, Query, Row, Rows, StoreContext,
        StoreError, StoreId, StoreRegistry, Table, Tx, store_id,
    };
    #[cfg(feature = "sqlite")]
    pub use crate::{Durability, Sqlite};
}

/// What an adapter of your own is made of.
pub mod adapter {
    pub use store_context_runtime::{
        Adapter, AdapterIdentity, BootReport, BootStatus, Cells, Committed, EachRow, EventMeta, Executed, LoggedEvent,
        NewEvent, OpenError, OpenRequest, Opened, ReadSet, Reader, Replay, Replayed, SchemaDef, Session, SessionError,
        Statement, Transaction, Value, ValueRef, Verdict, WriteSet,
    };
}

/// For the derives. No part of the API.
#[doc(hidden)]
pub mod __private {
    pub use store_context_runtime::*;
}
