//! A statement with its values, as it goes to an adapter.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::row::value::Value;
use crate::sql::condition::RowsOf;

/// SQLite-dialect text and the values bound to it.
///
/// Two statements are the same when text and values are, values by type: the identity of a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// The text.
    pub sql: Arc<str>,
    /// The names of the parameters without their colon, in the order of `values`; empty for `?` parameters.
    pub names: &'static [&'static str],
    /// The values.
    pub values: Vec<Value>,
    /// What people call it.
    label: Aside<&'static str>,
    /// The rows that can matter, where that is known. It follows from text and values.
    rows: Aside<Option<RowsOf>>,
    /// Whether its columns are those of its row, in their order.
    is_in_order: Aside<bool>,
    /// Whether it gives one row at most.
    is_single: Aside<bool>,
}

/// What tells no two statements apart.
#[derive(Clone, Copy, Debug, Default)]
struct Aside<T>(T);

impl<T> PartialEq for Aside<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Aside<T> {}

impl<T> Hash for Aside<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Statement {
    /// A statement with `?` parameters.
    #[must_use]
    pub fn positional(sql: impl Into<Arc<str>>, values: Vec<Value>) -> Self {
        Self::named(sql, &[], values)
    }

    /// A statement with `:name` parameters.
    #[must_use]
    pub fn named(sql: impl Into<Arc<str>>, names: &'static [&'static str], values: Vec<Value>) -> Self {
        Self {
            sql: sql.into(),
            names,
            values,
            label: Aside::default(),
            rows: Aside::default(),
            is_in_order: Aside::default(),
            is_single: Aside::default(),
        }
    }

    pub(crate) fn labelled(self, label: &'static str) -> Self {
        Self { label: Aside(label), ..self }
    }

    /// What spans and snapshots call the statement: the accessor that it comes from, or what `BoundQuery::label` says.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.label.0
    }

    /// Says that only these rows of the one table that it reads can matter.
    pub(crate) fn of_rows(self, rows: Option<RowsOf>) -> Self {
        Self { rows: Aside(rows), ..self }
    }

    /// The rows that can matter, of the one table that it reads; `None` where that is not known.
    pub(crate) fn rows(&self) -> Option<&RowsOf> {
        self.rows.0.as_ref()
    }

    /// Says that it gives a table's columns, in the table's order.
    pub(crate) fn in_order(self) -> Self {
        Self { is_in_order: Aside(true), ..self }
    }

    /// Says whether it gives one row at most, however many there are.
    pub(crate) fn single(self, is_single: bool) -> Self {
        Self { is_single: Aside(is_single), ..self }
    }

    /// Whether nothing comes after its first row.
    pub(crate) fn is_single(&self) -> bool {
        self.is_single.0
    }

    /// Whether it gives its row's columns in the row's order.
    pub(crate) fn is_in_order(&self) -> bool {
        self.is_in_order.0
    }
}
