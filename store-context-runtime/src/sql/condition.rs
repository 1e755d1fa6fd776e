//! [`Condition`]: for which rows of a table a statement's filter can hold, asked without SQLite.
//!
//! A filter either holds for a row or does not: where SQL says `NULL`, it does not. What is not understood may hold.

use std::cmp::Ordering;
use std::ops::Range;

use crate::row::table::ColumnDef;
use crate::row::value::{SqlType, Value, ValueRef};
use crate::sql::filter::{Operator, OrderBy};

/// A filter, with the positions of its values among those of its statement.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Constant(bool),
    /// It may hold for any row.
    Unknown,
    Compare {
        column: &'static str,
        operator: Operator,
        value: usize,
    },
    In {
        column: &'static str,
        values: Range<usize>,
    },
    Null {
        column: &'static str,
    },
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

/// The rows of one table that can matter to a statement.
#[derive(Clone, Debug)]
pub(crate) struct RowsOf {
    pub(crate) table: &'static str,
    pub(crate) types: Types,
    pub(crate) condition: Condition,
    pub(crate) gives: Gives,
}

/// What of these rows a statement gives.
#[derive(Clone, Debug)]
pub(crate) enum Gives {
    /// All of them, in an order by columns of their own.
    List { key: &'static [&'static str], by: Vec<OrderBy> },
    /// The one with a primary key.
    One { key: &'static [&'static str] },
    /// What only the statement tells.
    Other,
}

impl Gives {
    /// Whether the result can be kept by the rows that are written.
    pub(crate) fn is_kept(&self) -> bool {
        !matches!(self, Self::Other)
    }
}

/// The storage classes of a table's columns.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Types {
    /// A schema's table.
    Columns(&'static [ColumnDef]),
    /// A document's table, by that of its key.
    Key(SqlType),
}

impl Types {
    /// Whether SQLite compares the value with those of the column as they are.
    fn fit(self, column: &str, value: &Value) -> bool {
        let ty = match self {
            Self::Columns(columns) => columns.iter().find(|found| found.name == column).map(|found| found.ty),
            Self::Key(ty) => Some(ty),
        };
        match value {
            Value::Null => true,
            Value::Integer(_) => ty == Some(SqlType::Integer),
            Value::Real(_) => ty == Some(SqlType::Real),
            Value::Text(_) => ty == Some(SqlType::Text),
            Value::Blob(_) => ty == Some(SqlType::Blob),
        }
    }
}

/// Whether a condition holds for a row; `None` where that is not known.
pub(crate) type Holds = Option<bool>;

/// Those of a table, whose name ignores case; `None` where all of its rows can matter.
pub(crate) fn rows_of<'r>(all: &'r [RowsOf], table: &str) -> Option<&'r RowsOf> {
    all.iter().find(|rows| rows.table.eq_ignore_ascii_case(table))
}

impl RowsOf {
    /// The columns that the condition asks for; all of them, where the rows themselves are.
    pub(crate) fn asked(&self) -> Vec<&'static str> {
        let mut asked = Vec::new();
        if self.gives.is_kept() {
            asked.extend(self.columns().iter().map(|column| column.name));
        }
        self.condition.ask(&mut asked);
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    /// The columns of a schema's table.
    pub(crate) fn columns(&self) -> &'static [ColumnDef] {
        match self.types {
            Types::Columns(columns) => columns,
            Types::Key(_) => &[],
        }
    }

    /// Whether it holds for a row, given the values of its columns where they are known.
    pub(crate) fn holds<'v>(&self, values: &[Value], row: &impl Fn(&str) -> Option<&'v Value>) -> Holds {
        self.condition.holds(self.types, values, row)
    }

    /// A column, and the values of which it has one in every row for which the condition holds.
    pub(crate) fn key(&self, values: &[Value]) -> Option<(&'static str, Range<usize>)> {
        let is_key = |condition: &Condition| match condition {
            Condition::Compare { column, operator: Operator::Equal, value } => Some((*column, *value..*value + 1)),
            Condition::In { column, values } => Some((*column, values.clone())),
            _ => None,
        };
        let all = match &self.condition {
            Condition::All(all) => all,
            one => std::slice::from_ref(one),
        };
        // Equal numbers may have different bits, so they are not found by their value.
        let is_found = |column: &str, value: &Value| {
            !matches!(value, Value::Real(_) | Value::Null) && self.types.fit(column, value)
        };
        all.iter().filter_map(is_key).find(|(column, keys)| {
            values.get(keys.clone()).is_some_and(|keys| keys.iter().all(|value| is_found(column, value)))
        })
    }
}

impl Condition {
    /// Without lists of one.
    pub(crate) fn simple(self) -> Self {
        match self {
            Self::All(mut list) | Self::Any(mut list) if list.len() == 1 => list.remove(0).simple(),
            other => other,
        }
    }

    fn ask(&self, asked: &mut Vec<&'static str>) {
        match self {
            Self::Constant(_) | Self::Unknown => {}
            Self::Compare { column, .. } | Self::In { column, .. } | Self::Null { column } => asked.push(column),
            Self::All(list) | Self::Any(list) => list.iter().for_each(|condition| condition.ask(asked)),
            Self::Not(inner) => inner.ask(asked),
        }
    }

    fn holds<'v>(&self, types: Types, values: &[Value], row: &impl Fn(&str) -> Option<&'v Value>) -> Holds {
        let compared = |column: &'static str, value: usize| {
            let value = values.get(value).filter(|value| types.fit(column, value))?;
            Some((row(column)?, value))
        };
        match self {
            Self::Constant(holds) => Some(*holds),
            Self::Unknown => None,
            Self::Null { column } => row(column).map(|value| *value == Value::Null),
            Self::Compare { column, operator, value } => {
                let (left, right) = compared(column, *value)?;
                compare(left, *operator, right)
            }
            Self::In { column, values: list } => {
                let equals = list.clone().map(|value| {
                    let (left, right) = compared(column, value)?;
                    compare(left, Operator::Equal, right)
                });
                any(equals)
            }
            Self::All(list) => all(list.iter().map(|condition| condition.holds(types, values, row))),
            Self::Any(list) => any(list.iter().map(|condition| condition.holds(types, values, row))),
            Self::Not(inner) => inner.holds(types, values, row).map(|holds| !holds),
        }
    }
}

fn all(mut list: impl Iterator<Item = Holds>) -> Holds {
    list.try_fold(Some(true), |so_far, holds| match holds {
        Some(false) => Err(Some(false)),
        Some(true) => Ok(so_far),
        None => Ok(None),
    })
    .unwrap_or_else(|holds| holds)
}

fn any(list: impl Iterator<Item = Holds>) -> Holds {
    all(list.map(|holds| holds.map(|holds| !holds))).map(|holds| !holds)
}

/// As SQLite orders two values of one column, of which neither is `NULL`. Of different classes it is not known.
pub(crate) fn ordering(left: ValueRef<'_>, right: ValueRef<'_>) -> Option<Ordering> {
    match (left, right) {
        (ValueRef::Integer(left), ValueRef::Integer(right)) => Some(left.cmp(&right)),
        (ValueRef::Real(left), ValueRef::Real(right)) => left.partial_cmp(&right),
        (ValueRef::Text(left), ValueRef::Text(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
        (ValueRef::Blob(left), ValueRef::Blob(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// As SQLite compares two values of one column.
fn compare(left: &Value, operator: Operator, right: &Value) -> Holds {
    if *left == Value::Null || *right == Value::Null {
        return Some(operator == Operator::NotEqual && (*left == Value::Null) != (*right == Value::Null));
    }
    let ordering = ordering(left.as_ref(), right.as_ref())?;
    Some(match operator {
        Operator::Equal => ordering == Ordering::Equal,
        Operator::NotEqual => ordering != Ordering::Equal,
        Operator::Less => ordering == Ordering::Less,
        Operator::LessOrEqual => ordering != Ordering::Greater,
        Operator::Greater => ordering == Ordering::Greater,
        Operator::GreaterOrEqual => ordering != Ordering::Less,
    })
}
