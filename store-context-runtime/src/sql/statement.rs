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
    label: Label,
    rows: Rows,
}

/// What people call a statement. It tells no two statements apart.
#[derive(Clone, Copy, Debug, Default)]
struct Label(&'static str);

impl PartialEq for Label {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Label {}

impl Hash for Label {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// The rows that can matter, where that is known. It follows from text and values, and tells no two statements apart.
#[derive(Clone, Debug, Default)]
struct Rows(Option<RowsOf>);

impl PartialEq for Rows {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Rows {}

impl Hash for Rows {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Statement {
    /// A statement with `?` parameters.
    #[must_use]
    pub fn positional(sql: impl Into<Arc<str>>, values: Vec<Value>) -> Self {
        Self { sql: sql.into(), names: &[], values, label: Label::default(), rows: Rows::default() }
    }

    /// A statement with `:name` parameters.
    #[must_use]
    pub fn named(sql: impl Into<Arc<str>>, names: &'static [&'static str], values: Vec<Value>) -> Self {
        Self { sql: sql.into(), names, values, label: Label::default(), rows: Rows::default() }
    }

    pub(crate) fn labelled(self, label: &'static str) -> Self {
        Self { label: Label(label), ..self }
    }

    /// What spans and snapshots call the statement: the accessor that it comes from, or what `BoundQuery::label` says.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.label.0
    }

    /// Says that only these rows of the one table that it reads can matter.
    pub(crate) fn of_rows(self, rows: Option<RowsOf>) -> Self {
        Self { rows: Rows(rows), ..self }
    }

    /// The rows that can matter, of the one table that it reads; `None` where that is not known.
    pub(crate) fn rows(&self) -> Option<&RowsOf> {
        self.rows.0.as_ref()
    }

    pub(crate) fn wrap(self, before: &str, after: &str) -> Self {
        Self { sql: format!("{before}{}{after}", self.sql).into(), ..self }
    }
}
