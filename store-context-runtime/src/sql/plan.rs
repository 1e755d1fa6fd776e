//! A select as data, rendered as SQL: what [`Select`](crate::Select) and [`TxTable`](crate::TxTable) share.

use crate::row::table::{ColumnDef, TableDef};
use crate::row::value::Value;
use crate::sql::condition::{RowsOf, Types};
use crate::sql::filter::{Expr, Filter, IntoOrders, Nulls, Operator, Order, Set};
use crate::sql::statement::Statement;
use crate::sql::text::{assignments, identifier, identifiers};

/// Which rows of a table, in which order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    table: &'static str,
    key: &'static [&'static str],
    columns: &'static [ColumnDef],
    filter: Option<Expr>,
    order: Vec<(&'static str, &'static str)>,
    limit: Option<u64>,
    offset: Option<u64>,
}

/// A filter that has no SQL form, for example a value without JSON form.
pub(crate) type RenderError = String;

impl Plan {
    pub(crate) fn of(table: &TableDef) -> Self {
        let TableDef { name, columns, primary_key, .. } = *table;
        Self { table: name, key: primary_key, columns, filter: None, order: Vec::new(), limit: None, offset: None }
    }

    pub(crate) fn filter<R>(&mut self, filter: Filter<R>) {
        self.and(filter.expr);
    }

    pub(crate) fn by_key(&mut self, columns: &'static [&'static str], values: Vec<Value>) {
        for (column, value) in columns.iter().zip(values) {
            self.and(Expr::Compare { column, operator: Operator::Equal, value });
        }
    }

    fn and(&mut self, condition: Expr) {
        self.filter = Some(match self.filter.take() {
            Some(before) => before.and(condition),
            None => condition,
        });
    }

    pub(crate) fn order_by<R>(&mut self, orders: impl IntoOrders<R>) {
        self.order.extend(orders.into_vec().into_iter().map(|order| (order.column, direction(order))));
    }

    pub(crate) fn limit(&mut self, rows: u64) {
        self.limit = Some(self.limit.map_or(rows, |limit| limit.min(rows)));
    }

    pub(crate) fn offset(&mut self, rows: u64) {
        self.offset = Some(rows);
    }

    fn has_window(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    pub(crate) fn select(&self) -> Result<Statement, RenderError> {
        let mut columns = String::new();
        identifiers(&mut columns, self.columns.iter().map(|column| column.name));
        self.select_columns(&columns)
    }

    pub(crate) fn count(&self) -> Result<Statement, RenderError> {
        if self.has_window() {
            return Ok(self.select_columns("1")?.wrap("SELECT count(*) FROM (", ")"));
        }
        let mut sql = String::from("SELECT count(*) FROM ");
        identifier(&mut sql, self.table);
        let mut values = Vec::new();
        let rows = self.render_where(&mut sql, &mut values)?;
        Ok(Statement::positional(sql, values).labelled(self.table).of_rows(rows))
    }

    pub(crate) fn exists(&self) -> Result<Statement, RenderError> {
        Ok(self.select_columns("1")?.wrap("SELECT EXISTS (", ")"))
    }

    pub(crate) fn delete(&self) -> Result<Statement, RenderError> {
        let mut sql = String::from("DELETE FROM ");
        identifier(&mut sql, self.table);
        let mut values = Vec::new();
        self.render_target(&mut sql, &mut values)?;
        Ok(Statement::positional(sql, values).labelled(self.table))
    }

    pub(crate) fn update(&self, set: Vec<(&'static str, Set)>) -> Result<Statement, RenderError> {
        let mut sql = String::from("UPDATE ");
        identifier(&mut sql, self.table);
        let mut values = Vec::new();
        assignments(&mut sql, &mut values, set);
        self.render_target(&mut sql, &mut values)?;
        Ok(Statement::positional(sql, values).labelled(self.table))
    }

    fn select_columns(&self, columns: &str) -> Result<Statement, RenderError> {
        let mut sql = format!("SELECT {columns} FROM ");
        identifier(&mut sql, self.table);
        let mut values = Vec::new();
        let rows = self.render_where(&mut sql, &mut values)?;
        for (index, (column, direction)) in self.order.iter().enumerate() {
            sql.push_str(if index == 0 { " ORDER BY " } else { ", " });
            identifier(&mut sql, column);
            sql.push_str(direction);
        }
        if self.has_window() {
            // SQLite has no OFFSET without LIMIT; a negative limit is none.
            sql.push_str(" LIMIT ? OFFSET ?");
            values.push(Value::Integer(self.limit.map_or(-1, clamp)));
            values.push(Value::Integer(clamp(self.offset.unwrap_or(0))));
        }
        Ok(Statement::positional(sql, values).labelled(self.table).of_rows(rows))
    }

    /// The rows to write: SQLite's UPDATE and DELETE take no LIMIT, so a window goes through the primary key. Not through
    /// `rowid`: a column of the user's may have that name, and its other ones.
    fn render_target(&self, sql: &mut String, values: &mut Vec<Value>) -> Result<(), RenderError> {
        if !self.has_window() {
            return self.render_where(sql, values).map(|_| ());
        }
        let mut key = String::new();
        identifiers(&mut key, self.key.iter().copied());
        let rows = self.select_columns(&key)?;
        sql.push_str(" WHERE (");
        sql.push_str(&key);
        sql.push_str(") IN (");
        sql.push_str(&rows.sql);
        sql.push(')');
        values.extend(rows.values);
        Ok(())
    }

    /// Returns the rows that can matter, where not all of them do.
    fn render_where(&self, sql: &mut String, values: &mut Vec<Value>) -> Result<Option<RowsOf>, RenderError> {
        let Some(filter) = &self.filter else { return Ok(None) };
        sql.push_str(" WHERE ");
        let condition = filter.render(sql, values)?;
        Ok(Some(RowsOf { table: self.table, types: Types::Columns(self.columns), condition }))
    }
}

fn direction<R>(order: Order<R>) -> &'static str {
    match (order.descending, order.nulls) {
        (false, Nulls::Smallest) => " ASC",
        (false, Nulls::First) => " ASC NULLS FIRST",
        (false, Nulls::Last) => " ASC NULLS LAST",
        (true, Nulls::Smallest) => " DESC",
        (true, Nulls::First) => " DESC NULLS FIRST",
        (true, Nulls::Last) => " DESC NULLS LAST",
    }
}

fn clamp(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
