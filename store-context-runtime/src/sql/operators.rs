//! Rust's operators beside a column: `!`, `&` and `|` of a `bool` one, and what is said to those that compare.

use std::cmp::Ordering;
use std::ops::{BitAnd, BitOr, Not};

use crate::row::column::ColumnValue;
use crate::row::json::JsonValue;
use crate::row::value::Value;
use crate::sql::column_ref::{ColumnRef, JsonColumnRef};
use crate::sql::filter::{Expr, Filter, IntoFilter, Operator};

/// Column types that are conditions by themselves.
#[doc(hidden)]
pub trait Truth {}
impl Truth for bool {}
impl Truth for Option<bool> {}

#[diagnostic::do_not_recommend]
impl<R, T: Truth + ColumnValue> IntoFilter<R> for ColumnRef<R, T> {
    /// True; `false` and `NULL` are not.
    fn into_filter(self) -> Filter<R> {
        Filter::new(Expr::Compare { column: self.name(), operator: Operator::Equal, value: Value::Integer(1) })
    }
}

impl<R, T: Truth + ColumnValue> Not for ColumnRef<R, T> {
    type Output = Filter<R>;
    fn not(self) -> Filter<R> {
        !self.into_filter()
    }
}

impl<R, T: Truth + ColumnValue, F: IntoFilter<R>> BitAnd<F> for ColumnRef<R, T> {
    type Output = Filter<R>;
    fn bitand(self, other: F) -> Filter<R> {
        self.into_filter() & other
    }
}

impl<R, T: Truth + ColumnValue, F: IntoFilter<R>> BitOr<F> for ColumnRef<R, T> {
    type Output = Filter<R>;
    fn bitor(self, other: F) -> Filter<R> {
        self.into_filter() | other
    }
}

/// What a column is compared with by one of Rust's operators: nothing, since these give a `bool` at once.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a column is compared by a method, not by an operator",
    label = "write `.eq(..)` for `==`, `.ne(..)` for `!=`, `.lt(..)`, `.le(..)`, `.gt(..)` or `.ge(..)` for the others",
    note = "an operator compares at once, and gives a `bool`; the method makes a condition that SQLite asks of each row"
)]
pub trait ComparedByOperator {}

macro_rules! no_operators {
    // Only where the column has the methods: where it has not, these traits' own would be taken for them.
    ($($column:ident of $type:path;)*) => {$(
        impl<R, T: $type, V: ComparedByOperator> PartialEq<V> for $column<R, T> {
            fn eq(&self, _: &V) -> bool {
                false
            }
        }

        impl<R, T: $type, V: ComparedByOperator> PartialOrd<V> for $column<R, T> {
            fn partial_cmp(&self, _: &V) -> Option<Ordering> {
                None
            }
        }
    )*};
}

no_operators! { ColumnRef of ColumnValue; JsonColumnRef of JsonValue; }
