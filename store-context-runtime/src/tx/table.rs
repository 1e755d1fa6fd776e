//! [`TxTable`] and [`TxRow`]: rows that a materializer reads, updates or deletes.

use std::fmt;
use std::marker::PhantomData;

use crate::adapter::session::Transaction;
use crate::row::cardinality::{Cardinality, Collector, Many, One, Optional};
use crate::row::row::{Row, TableRow};
use crate::row::rows::Rows;
use crate::sql::filter::{IntoAssignments, IntoFilter, IntoOrders};
use crate::sql::key::IntoKey;
use crate::sql::plan::Plan;
use crate::sql::statement::Statement;
use crate::tx::error::TxError;
use crate::tx::tx::{Tx, sets_of, value_error};

/// Rows of one table inside a transaction.
#[must_use = "this does nothing until `get`, `update`, `delete` or another of its last methods"]
pub struct TxTable<'x, 't, S, R> {
    pub(crate) tx: &'x mut Tx<'t, S>,
    pub(crate) plan: Plan,
    pub(crate) row: PhantomData<fn() -> R>,
}

impl<S, R> fmt::Debug for TxTable<'_, '_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TxTable").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl<'x, 't, S, R: Row + TableRow> TxTable<'x, 't, S, R> {
    /// Keeps the rows that the condition holds for; several filters must all hold.
    pub fn filter<F: IntoFilter<R>>(mut self, condition: impl FnOnce(R::Columns) -> F) -> Self {
        self.plan.filter(condition(R::COLUMNS).into_filter());
        self
    }

    /// The row with this primary key.
    pub fn by_key<K: IntoKey<R::Key>>(mut self, key: K) -> TxRow<'x, 't, S, R> {
        self.plan.by_key(<R as TableRow>::TABLE.primary_key, key.into_key());
        TxRow { table: self }
    }

    /// Orders the rows, as [`Select::order_by`](crate::Select::order_by).
    pub fn order_by<O: IntoOrders<R>>(mut self, orders: impl FnOnce(R::Columns) -> O) -> Self {
        self.plan.order_by(orders(R::COLUMNS));
        self
    }

    /// At most this many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.plan.limit(rows);
        self
    }

    /// Sets columns of these rows, and returns how many there were.
    ///
    /// # Errors
    /// When a constraint refuses a row.
    pub fn update<A: IntoAssignments<R>>(self, assignments: impl FnOnce(R::Columns) -> A) -> Result<u64, TxError> {
        let assignments = sets_of::<R, _>(assignments(R::COLUMNS))?;
        if assignments.is_empty() {
            return Ok(0);
        }
        let statement = self.plan.update(assignments).map_err(value_error::<R>)?;
        self.tx.execute(R::TABLE.name, &statement)
    }

    /// Deletes these rows, and returns how many there were.
    ///
    /// # Errors
    /// When a foreign key refuses it.
    pub fn delete(self) -> Result<u64, TxError> {
        let statement = self.plan.delete().map_err(value_error::<R>)?;
        self.tx.execute(R::TABLE.name, &statement)
    }

    /// The rows.
    ///
    /// # Errors
    /// When a row does not decode.
    pub fn get(self) -> Result<Rows<R>, TxError> {
        read::<R, Many<R>>(self.tx.session, self.plan.select())
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the row does not decode.
    pub fn first(mut self) -> Result<Option<R>, TxError> {
        self.plan.limit(1);
        read::<R, Optional<R>>(self.tx.session, self.plan.select())
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn count(self) -> Result<i64, TxError> {
        read::<R, One<i64>>(self.tx.session, self.plan.count())
    }

    /// Whether there is a row.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn exists(self) -> Result<bool, TxError> {
        read::<R, One<bool>>(self.tx.session, self.plan.exists())
    }
}

/// The result of a statement on the table of `R`.
fn read<R: TableRow, K: Cardinality>(
    session: &mut dyn Transaction,
    statement: Result<Statement, String>,
) -> Result<K::Output, TxError> {
    let table = R::TABLE.name;
    let statement = statement.map_err(value_error::<R>)?;
    let mut rows = Collector::<K>::new(statement.is_in_order(), statement.is_single());
    let run = session.query(&statement, &mut |cells| rows.take(cells));
    run.map_err(|cause| TxError::Session { table, cause })?;
    rows.finish().map_err(|cause| TxError::Decode { table, cause })
}

/// The row with one primary key inside a transaction; it need not be there.
#[must_use = "this does nothing until `get`, `update`, `delete` or `exists`"]
pub struct TxRow<'x, 't, S, R> {
    table: TxTable<'x, 't, S, R>,
}

impl<S, R> fmt::Debug for TxRow<'_, '_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TxRow").field("table", &self.table).finish()
    }
}

impl<S, R: Row + TableRow> TxRow<'_, '_, S, R> {
    /// The row, if it is there.
    ///
    /// # Errors
    /// When the row does not decode.
    pub fn get(self) -> Result<Option<R>, TxError> {
        self.table.first()
    }

    /// Whether the row is there.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn exists(self) -> Result<bool, TxError> {
        self.table.exists()
    }

    /// Sets columns of the row, and returns whether it was there.
    ///
    /// # Errors
    /// When a constraint refuses it.
    pub fn update<A: IntoAssignments<R>>(self, assignments: impl FnOnce(R::Columns) -> A) -> Result<bool, TxError> {
        self.table.update(assignments).map(|rows| rows > 0)
    }

    /// Deletes the row, and returns whether it was there.
    ///
    /// # Errors
    /// When a foreign key refuses it.
    pub fn delete(self) -> Result<bool, TxError> {
        self.table.delete().map(|rows| rows > 0)
    }
}
