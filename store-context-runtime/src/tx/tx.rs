//! [`Tx`]: what a materializer writes with.

use std::fmt;
use std::marker::PhantomData;

use crate::adapter::footprint::WriteSet;
use crate::adapter::log::EventMeta;
use crate::adapter::session::{Executed, Transaction};
use crate::row::row::{TableOf, TableRow};
use crate::row::table::TableDef;
use crate::row::value::Value;
use crate::sql::filter::{IntoAssignments, Set};
use crate::sql::outline::{INSERT, Outline};
use crate::sql::plan::Plan;
use crate::sql::statement::Statement;
use crate::sql::text::{self, identifier, identifiers};
use crate::tx::error::TxError;
use crate::tx::table::TxTable;

/// The write transaction of one event, in a materializer of the store `S`.
///
/// Reads see the state as it stands there, with everything written before in the same commit.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// fn close_all(tx: &mut Tx<'_, Project>) -> Result<(), MaterializeError> {
///     let closed = tx.table::<Issue>().filter(|i| i.status.eq(Status::Todo)).update(|i| i.status.set(Status::Done))?;
///     println!("event {} closed {closed} issues", tx.meta().sequence);
///     Ok(())
/// }
/// # fn main() {}
/// ```
pub struct Tx<'t, S> {
    pub(crate) session: &'t mut dyn Transaction,
    writes: &'t mut WriteSet,
    meta: EventMeta,
    schema: PhantomData<fn() -> S>,
}

impl<S> fmt::Debug for Tx<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("meta", &self.meta).finish_non_exhaustive()
    }
}

impl<'t, S> Tx<'t, S> {
    pub(crate) fn new(session: &'t mut dyn Transaction, writes: &'t mut WriteSet, meta: EventMeta) -> Self {
        Self { session, writes, meta, schema: PhantomData }
    }

    /// The event's sequence number, time and origin.
    #[must_use]
    pub fn meta(&self) -> &EventMeta {
        &self.meta
    }

    /// Inserts a row.
    ///
    /// # Errors
    /// When a row with its key is there already, or a constraint refuses it.
    pub fn insert<R: TableOf<S>>(&mut self, row: R) -> Result<(), TxError> {
        self.insert_row("INSERT", &row, "").map(|_| ())
    }

    /// Inserts a row unless one with its key, or with the same values in a unique index, is there already.
    /// Returns whether it was inserted.
    ///
    /// # Errors
    /// When another constraint refuses it.
    pub fn insert_or_ignore<R: TableOf<S>>(&mut self, row: R) -> Result<bool, TxError> {
        // `INSERT OR IGNORE` would swallow a NULL in a NOT NULL column too.
        self.insert_row("INSERT", &row, " ON CONFLICT DO NOTHING").map(|inserted| inserted > 0)
    }

    /// Inserts a row after deleting every row that it conflicts with: foreign keys with `on_delete = cascade` delete
    /// what hangs on those.
    ///
    /// # Errors
    /// When a constraint refuses it.
    pub fn insert_or_replace<R: TableOf<S>>(&mut self, row: R) -> Result<(), TxError> {
        let table = R::TABLE;
        let statement = insert_statement("INSERT OR REPLACE", &table, &row, "")?;
        self.execute(table.name, &statement).map(|_| ())
    }

    /// Inserts a row, or where one with its key, or with the same values in a unique index, is there already, updates that
    /// one: `tx.insert_or_update(row, |i| i.title.set(..))`.
    ///
    /// # Errors
    /// When a constraint refuses it.
    pub fn insert_or_update<R: TableOf<S>, A: IntoAssignments<R>>(
        &mut self,
        row: R,
        assignments: impl FnOnce(R::Columns) -> A,
    ) -> Result<(), TxError> {
        let table = R::TABLE;
        let mut statement = insert_statement("INSERT", &table, &row, "")?;
        let mut sql = statement.sql.to_string();
        // Without a target: the primary key's conflicts, and those of unique indexes.
        sql.push_str(" ON CONFLICT DO ");
        let set = sets_of::<R, _>(assignments(R::COLUMNS))?;
        sql.push_str(if set.is_empty() { "NOTHING" } else { "UPDATE" });
        text::assignments(&mut sql, &set);
        statement.values.extend(set.into_iter().map(|(_, set)| set.into_value()));
        statement.sql = sql.into();
        self.execute(table.name, &statement).map(|_| ())
    }

    /// Updates the row with this row's key to this row, and returns whether it was there.
    ///
    /// # Errors
    /// When a constraint refuses it.
    pub fn update<R: TableOf<S>>(&mut self, row: R) -> Result<bool, TxError> {
        let table = R::TABLE;
        let values = row.to_values().map_err(|cause| TxError::Encode { table: table.name, cause })?;
        let (mut set, mut key) = (Vec::new(), Vec::new());
        for (column, value) in table.columns.iter().zip(values) {
            let part = if table.primary_key.contains(&column.name) { &mut key } else { &mut set };
            part.push((column.name, value));
        }
        let mut plan = Plan::of(&table);
        let of_key =
            |name: &&str| key.iter().find(|(column, _)| column == name).map_or(Value::Null, |(_, value)| value.clone());
        plan.by_key(table.primary_key, table.primary_key.iter().map(of_key).collect());
        // A row that is nothing but its key is set to it: whether it is there is the answer.
        let set = if set.is_empty() { key } else { set };
        let set = set.into_iter().map(|(column, value)| (column, Set::To(value))).collect();
        let statement = plan.update(set).map_err(value_error::<R>)?;
        self.execute(table.name, &statement).map(|rows| rows > 0)
    }

    /// Inserts a row of which only some columns are given; the others take their default, or `NULL`.
    ///
    /// # Errors
    /// When a column without default that cannot be `NULL` is left out, or a constraint refuses the row.
    pub fn insert_partial<R: TableOf<S>, A: IntoAssignments<R>>(
        &mut self,
        assignments: impl FnOnce(R::Columns) -> A,
    ) -> Result<(), TxError> {
        let table = R::TABLE;
        let assignments = given::<R, _>(assignments(R::COLUMNS))?;
        let left_out = table.columns.iter().find(|column| {
            let given = assignments.iter().any(|(name, _)| *name == column.name);
            !given && column.default.is_none() && !column.nullable
        });
        if let Some(column) = left_out {
            return Err(TxError::MissingColumn { table: table.name, column: column.name });
        }
        let (columns, values): (Vec<_>, Vec<_>) = assignments.into_iter().unzip();
        let sql = if columns.is_empty() {
            let mut sql = String::from("INSERT INTO ");
            identifier(&mut sql, table.name);
            sql + " DEFAULT VALUES"
        } else {
            insert_sql("INSERT", table.name, columns.into_iter(), "")
        };
        self.run(table.name, &Statement::positional(sql, values))?;
        self.writes.rows(table.name);
        Ok(())
    }

    /// The rows of a table: filter, then read, update or delete.
    pub fn table<R: TableOf<S>>(&mut self) -> TxTable<'_, 't, S, R> {
        TxTable { tx: self, plan: Plan::of(&R::TABLE), row: PhantomData }
    }

    fn insert_row<R: TableOf<S>>(&mut self, verb: &'static str, row: &R, suffix: &'static str) -> Result<u64, TxError> {
        let table = R::TABLE;
        let inserted = self.run(table.name, &insert_statement(verb, &table, row, suffix)?)?.rows;
        // A plain insert writes this row and nothing else, so the engine need not be asked what it touched.
        if inserted > 0 {
            self.writes.rows(table.name);
        }
        Ok(inserted)
    }

    /// Runs a statement that may touch more than it names: cascades, replaced rows, rows behind a filter.
    pub(crate) fn execute(&mut self, table: &'static str, statement: &Statement) -> Result<u64, TxError> {
        let executed = self.run(table, statement)?;
        if executed.changed {
            self.writes.merge(&executed.writes);
        }
        Ok(executed.rows)
    }

    fn run(&mut self, table: &'static str, statement: &Statement) -> Result<Executed, TxError> {
        self.session.execute(statement).map_err(|cause| TxError::Session { table, cause })
    }
}

pub(crate) fn value_error<R: TableRow>(message: String) -> TxError {
    TxError::Value { table: R::TABLE.name, message }
}

pub(crate) fn sets_of<R: TableRow, A: IntoAssignments<R>>(assignments: A) -> Result<Vec<(&'static str, Set)>, TxError> {
    let values = assignments.into_vec().into_iter();
    values.map(|assignment| Ok((assignment.column, assignment.value.map_err(value_error::<R>)?))).collect()
}

/// The values of a new row, of which none is computed from a column.
fn given<R: TableRow, A: IntoAssignments<R>>(assignments: A) -> Result<Vec<(&'static str, Value)>, TxError> {
    let value = |(column, set)| match set {
        Set::To(value) => Ok((column, value)),
        Set::Computed { .. } => Err(value_error::<R>(format!(
            "`{column}` is computed from a column, and a new row has none; give it a value"
        ))),
    };
    sets_of::<R, A>(assignments)?.into_iter().map(value).collect()
}

fn insert_statement<R: TableRow>(
    verb: &'static str,
    table: &TableDef,
    row: &R,
    suffix: &'static str,
) -> Result<Statement, TxError> {
    let values = row.to_values().map_err(|cause| TxError::Encode { table: table.name, cause })?;
    let mut outline = Outline::new(INSERT);
    [verb, table.name, suffix].into_iter().for_each(|part| outline.name(part));
    outline.list(table.columns);
    let names = || table.columns.iter().map(|column| column.name);
    let sql = outline.text(|| insert_sql(verb, table.name, names(), suffix));
    Ok(Statement::positional(sql, values))
}

fn insert_sql(verb: &str, table: &str, columns: impl ExactSizeIterator<Item = &'static str>, suffix: &str) -> String {
    let mut sql = format!("{verb} INTO ");
    identifier(&mut sql, table);
    let marks = vec!["?"; columns.len()].join(", ");
    sql.push_str(" (");
    identifiers(&mut sql, columns);
    sql.push_str(") VALUES (");
    sql.push_str(&marks);
    sql.push(')');
    sql.push_str(suffix);
    sql
}
