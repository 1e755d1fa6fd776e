//! A select as data, rendered as SQL: what [`Select`](crate::Select) and [`TxTable`](crate::TxTable) share.

use crate::row::table::{ColumnDef, TableDef};
use crate::row::value::Value;
use crate::sql::condition::{Condition, Gives, RowsOf, Types};
use crate::sql::filter::{Expr, Filter, IntoOrders, Nulls, Operator, OrderBy, Set};
use crate::sql::outline::Outline;
use crate::sql::statement::Statement;
use crate::sql::text::{self, identifier, identifiers};

/// Which rows of a table, in which order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    table: &'static str,
    key: &'static [&'static str],
    columns: &'static [ColumnDef],
    filter: Option<Expr>,
    order: Vec<OrderBy>,
    limit: Option<u64>,
    offset: Option<u64>,
    /// Whether the filter names a row by its primary key.
    is_by_key: bool,
}

/// What is done with the rows of a plan.
#[derive(Clone, Copy)]
enum Kind {
    Select,
    Count,
    Exists,
    Delete,
    Update,
}

/// A filter that has no SQL form, for example a value without JSON form.
pub(crate) type RenderError = String;

impl Plan {
    pub(crate) fn of(table: &TableDef) -> Self {
        let TableDef { name, columns, primary_key, .. } = *table;
        Self {
            table: name,
            key: primary_key,
            columns,
            filter: None,
            order: Vec::new(),
            limit: None,
            offset: None,
            is_by_key: false,
        }
    }

    pub(crate) fn filter<R>(&mut self, filter: Filter<R>) {
        self.and(filter.expr);
    }

    pub(crate) fn by_key(&mut self, columns: &'static [&'static str], values: Vec<Value>) {
        for (column, value) in columns.iter().zip(values) {
            self.and(Expr::Compare { column, operator: Operator::Equal, value });
        }
        self.is_by_key = true;
    }

    fn and(&mut self, condition: Expr) {
        self.filter = Some(match self.filter.take() {
            Some(before) => before.and(condition),
            None => condition,
        });
    }

    pub(crate) fn order_by<R>(&mut self, orders: impl IntoOrders<R>) {
        self.order.extend(orders.into_vec().into_iter().map(|order| order.by));
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

    /// The rows, with their columns in the table's order.
    pub(crate) fn select(self) -> Result<Statement, RenderError> {
        self.statement(Kind::Select, Vec::new()).map(Statement::in_order)
    }

    pub(crate) fn count(self) -> Result<Statement, RenderError> {
        self.statement(Kind::Count, Vec::new())
    }

    pub(crate) fn exists(self) -> Result<Statement, RenderError> {
        self.statement(Kind::Exists, Vec::new())
    }

    pub(crate) fn delete(self) -> Result<Statement, RenderError> {
        self.statement(Kind::Delete, Vec::new())
    }

    pub(crate) fn update(self, set: Vec<(&'static str, Set)>) -> Result<Statement, RenderError> {
        self.statement(Kind::Update, set)
    }

    fn statement(mut self, kind: Kind, set: Vec<(&'static str, Set)>) -> Result<Statement, RenderError> {
        let mut outline = Outline::new(kind as usize);
        outline.name(self.table);
        outline.list(self.columns);
        set.iter().for_each(|(column, set)| set.outline(column, &mut outline));
        outline.word(usize::from(self.has_window()));
        self.order.iter().for_each(|by| {
            outline.name(by.column);
            outline.name(direction(*by));
        });
        if let Some(filter) = &self.filter {
            filter.outline(&mut outline)?;
        }
        let sql = outline.text(|| self.text(kind, &set));
        let mut values: Vec<_> = set.into_iter().map(|(_, set)| set.into_value()).collect();
        let gives = match kind {
            Kind::Select if self.has_window() => Gives::Other,
            Kind::Select if self.is_by_key => Gives::One { key: self.key },
            Kind::Select if !self.order.is_empty() => {
                Gives::List { key: self.key, by: std::mem::take(&mut self.order) }
            }
            _ => Gives::Other,
        };
        let is_single = self.is_by_key || self.limit == Some(1) || matches!(kind, Kind::Count | Kind::Exists);
        let condition = self.filter.take().map(|filter| filter.bind(&mut values));
        let condition = condition.or_else(|| gives.is_kept().then_some(Condition::Constant(true)));
        let (table, types) = (self.table, Types::Columns(self.columns));
        let rows = condition.map(|condition| RowsOf { table, types, condition, gives });
        if self.has_window() {
            values.push(Value::Integer(self.limit.map_or(-1, clamp)));
            values.push(Value::Integer(clamp(self.offset.unwrap_or(0))));
        }
        Ok(Statement::positional(sql, values).labelled(self.table).of_rows(rows).single(is_single))
    }

    fn text(&self, kind: Kind, set: &[(&'static str, Set)]) -> String {
        let mut sql = String::new();
        match kind {
            Kind::Select => {
                let mut columns = String::new();
                identifiers(&mut columns, self.columns.iter().map(|column| column.name));
                self.select_columns(&mut sql, &columns);
            }
            Kind::Count if self.has_window() => {
                sql.push_str("SELECT count(*) FROM (");
                self.select_columns(&mut sql, "1");
                sql.push(')');
            }
            Kind::Count => {
                sql.push_str("SELECT count(*) FROM ");
                identifier(&mut sql, self.table);
                self.filter_rows(&mut sql);
            }
            Kind::Exists => {
                sql.push_str("SELECT EXISTS (");
                self.select_columns(&mut sql, "1");
                sql.push(')');
            }
            Kind::Delete => {
                sql.push_str("DELETE FROM ");
                identifier(&mut sql, self.table);
                self.target(&mut sql);
            }
            Kind::Update => {
                sql.push_str("UPDATE ");
                identifier(&mut sql, self.table);
                text::assignments(&mut sql, set);
                self.target(&mut sql);
            }
        }
        sql
    }

    fn select_columns(&self, sql: &mut String, columns: &str) {
        sql.push_str("SELECT ");
        sql.push_str(columns);
        sql.push_str(" FROM ");
        identifier(sql, self.table);
        self.filter_rows(sql);
        for (index, by) in self.order.iter().enumerate() {
            sql.push_str(if index == 0 { " ORDER BY " } else { ", " });
            identifier(sql, by.column);
            sql.push_str(direction(*by));
        }
        if self.has_window() {
            // SQLite has no OFFSET without LIMIT; a negative limit is none.
            sql.push_str(" LIMIT ? OFFSET ?");
        }
    }

    /// The rows to write: SQLite's UPDATE and DELETE take no LIMIT, so a window goes through the primary key. Not through
    /// `rowid`: a column of the user's may have that name, and its other ones.
    fn target(&self, sql: &mut String) {
        if !self.has_window() {
            return self.filter_rows(sql);
        }
        let mut key = String::new();
        identifiers(&mut key, self.key.iter().copied());
        sql.push_str(" WHERE (");
        sql.push_str(&key);
        sql.push_str(") IN (");
        self.select_columns(sql, &key);
        sql.push(')');
    }

    fn filter_rows(&self, sql: &mut String) {
        if let Some(filter) = &self.filter {
            sql.push_str(" WHERE ");
            filter.text(sql);
        }
    }
}

fn direction(by: OrderBy) -> &'static str {
    match (by.descending, by.nulls) {
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
