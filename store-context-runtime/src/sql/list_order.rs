//! [`ListOrder`]: the order of a list by columns of its own rows, compared without SQLite.

use std::cmp::Ordering;

use crate::row::value::{Encoded, Value, ValueRef};
use crate::sql::condition::{Gives, RowsOf, ordering};
use crate::sql::filter::{Nulls, OrderBy};

/// By which columns rows are ordered, the first first, and by which they are known.
#[derive(Clone, Debug)]
pub(crate) struct ListOrder {
    by: Vec<(usize, OrderBy)>,
    key: Vec<usize>,
}

impl ListOrder {
    /// That of what a statement gives; `None` where only the statement tells it.
    pub(crate) fn of(rows: &RowsOf) -> Option<Self> {
        let (key, by): (_, &[OrderBy]) = match &rows.gives {
            Gives::List { key, by } => (key, by),
            Gives::One { key } => (key, &[]),
            Gives::Other => return None,
        };
        let position = |name: &str| rows.columns().iter().position(|column| column.name == name);
        let by = by.iter().map(|by| Some((position(by.column)?, *by))).collect::<Option<_>>()?;
        let key = key.iter().map(|name| position(name)).collect::<Option<_>>()?;
        Some(Self { by, key })
    }

    /// The values of a row's primary key.
    pub(crate) fn key(&self, state: &[Value]) -> Vec<Value> {
        self.key.iter().map(|at| state[*at].clone()).collect()
    }

    /// As SQLite orders two rows; `None` where that is not known.
    pub(crate) fn compare(&self, left: Encoded<'_>, right: Encoded<'_>) -> Option<Ordering> {
        for (column, by) in &self.by {
            let ordering = match (left.value(*column)?, right.value(*column)?) {
                (ValueRef::Null, ValueRef::Null) => Ordering::Equal,
                (ValueRef::Null, _) => by.of_null(),
                (_, ValueRef::Null) => by.of_null().reverse(),
                (left, right) if by.descending => ordering(right, left)?,
                (left, right) => ordering(left, right)?,
            };
            if ordering != Ordering::Equal {
                return Some(ordering);
            }
        }
        Some(Ordering::Equal)
    }
}

impl OrderBy {
    /// How `NULL` compares with anything else.
    fn of_null(self) -> Ordering {
        match (self.nulls, self.descending) {
            (Nulls::First, _) | (Nulls::Smallest, false) => Ordering::Less,
            (Nulls::Last, _) | (Nulls::Smallest, true) => Ordering::Greater,
        }
    }
}
