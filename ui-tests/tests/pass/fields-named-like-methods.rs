//! Fields that are called like methods of the handle, and the methods behind them.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

use serde::{Deserialize, Serialize};
use store_context::Store;
use store_context::prelude::*;
use store_context::query::{Assignment, Filter, Order};

/// A row whose columns are called like what a column can do.
#[derive(Row, Clone, Debug)]
#[row(table = "operations")]
pub struct Operation {
    /// `=`.
    #[row(primary_key)]
    pub eq: String,
    /// A new value.
    pub set: i64,
    /// An order.
    pub asc: i64,
    /// A column that is a reserved word of SQL.
    pub order: i64,
    /// Another one.
    pub group: Option<i64>,
    /// JSON.
    #[row(json)]
    pub contains: Vec<String>,
}

/// What happens.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum OperationEvent {
    /// One was made.
    Made,
}

/// A document.
#[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
pub struct View {
    /// A field that is called like a method.
    pub update: String,
}

/// A store whose fields are called like methods.
#[derive(StoreContext)]
#[store(events = OperationEvent)]
pub struct Operations {
    /// Like `Store::commit`.
    pub commit: Table<Operation>,
    /// Like `Store::read`.
    pub read: ClientDocument<View>,
    /// Like `Store::downgrade`.
    #[query("SELECT count(*) FROM operations")]
    pub downgrade: Query<fn() -> i64>,
    /// Like `Clone::clone`.
    #[query(r#"SELECT eq FROM operations WHERE "asc" = :self_ AND "order" > :store"#)]
    pub clone: Query<fn(self_: i64, store: i64) -> Vec<String>>,
    /// Like `Deref::deref`.
    #[query("SELECT 1")]
    pub deref: Query<fn() -> i64>,
    /// Like a constructor.
    #[query("SELECT 2")]
    pub new: Query<fn() -> i64>,
    /// Like a conversion.
    #[query("SELECT 3")]
    pub into: Query<fn() -> i64>,
    /// Like a conversion.
    #[query("SELECT 4")]
    pub from: Query<fn() -> i64>,
    /// Like a conversion.
    #[query("SELECT 5")]
    pub to_string: Query<fn() -> i64>,
    /// Like a comparison.
    #[query("SELECT 6")]
    pub eq: Query<fn() -> i64>,
    /// Like `Operations::open`.
    #[query("SELECT 7")]
    pub open: Query<fn() -> i64>,
    /// Like an operator.
    #[query("SELECT 8")]
    pub add: Query<fn() -> i64>,
    /// Like what the macro calls it inside.
    #[query("SELECT 9 WHERE :statement = :event")]
    pub statement: Query<fn(statement: i64, event: i64) -> i64>,
}

impl Materialize for Operations {
    fn materialize(_: OperationEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        tx.table::<Operation>().update(|operation| [operation.set.set(1), operation.asc.set(2)])?;
        Ok(())
    }
}

fn use_store(store: &OperationsStore) -> Result<i64, StoreError> {
    let _ = Store::commit(store, OperationEvent::Made)?;
    let read = Store::read(store, |snapshot| snapshot.get(&store.commit()))??;
    let weak = Store::downgrade(store);
    let clone: OperationsStore = Clone::clone(store);
    let _ = (read.len(), weak.upgrade(), clone.clone(1, 2).get()?, store.read().get()?.update);
    let numbers = [store.downgrade(), store.deref(), store.new(), store.into(), store.from(), store.to_string()];
    let more = [store.eq(), store.open(), store.add(), store.statement(1, 2)];
    numbers.iter().chain(&more).map(store_context::BoundQuery::get).sum()
}

fn main() {
    let _ = use_store;
    let _ = |store: &OperationsStore| {
        store
            .commit()
            .filter(|operation| -> Filter<Operation> { operation.eq.eq("a") & operation.contains.contains("b") })
            .order_by(|operation| -> [Order<Operation>; 2] { [operation.asc.asc(), operation.order.desc()] })
            .get()
    };
    let _: Option<Assignment<Operation>> = None;
}
