//! What is said about typed columns: filters, orders and assignments.
//!
//! Filters have two truth values, as in Rust: a comparison with a `NULL` is false, and `!` of it is true.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use crate::row::value::Value;
use crate::sql::condition::Condition;
use crate::sql::text::identifier;

/// How a column compares with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A condition as data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Constant(bool),
    Compare { column: &'static str, operator: Operator, value: Value },
    Like { column: &'static str, pattern: String },
    EqualIgnoringCase { column: &'static str, text: String },
    In { column: &'static str, values: Vec<Value> },
    Null { column: &'static str },
    JsonContains { column: &'static str, kind: &'static str, value: Value },
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Invalid(String),
}

impl Expr {
    /// Appends the condition as SQL, and its values. A condition that has no SQL form is an error.
    pub(crate) fn render(&self, sql: &mut String, values: &mut Vec<Value>) -> Result<Condition, String> {
        let first = values.len();
        Ok(match self {
            Self::Constant(holds) => {
                sql.push(if *holds { '1' } else { '0' });
                Condition::Constant(*holds)
            }
            Self::Null { column } => {
                identifier(sql, column);
                sql.push_str(" IS NULL");
                Condition::Null { column }
            }
            Self::EqualIgnoringCase { column, text } => {
                // Not the collation NOCASE, which reads no further than a NUL.
                sql.push_str("lower(");
                identifier(sql, column);
                sql.push_str(") = lower(?)");
                values.push(Value::Text(text.clone()));
                Condition::Unknown
            }
            Self::Like { column, pattern } => {
                sql.push('(');
                identifier(sql, column);
                sql.push_str(" LIKE ? ESCAPE '\\' AND instr(");
                identifier(sql, column);
                // LIKE reads no further than a NUL.
                sql.push_str(", char(0)) = 0)");
                values.push(Value::Text(pattern.clone()));
                Condition::Unknown
            }
            Self::Compare { column, operator, value } => {
                identifier(sql, column);
                sql.push_str(match operator {
                    Operator::Equal => " = ?",
                    Operator::NotEqual => " IS NOT ?",
                    Operator::Less => " < ?",
                    Operator::LessOrEqual => " <= ?",
                    Operator::Greater => " > ?",
                    Operator::GreaterOrEqual => " >= ?",
                });
                values.push(value.clone());
                Condition::Compare { column, operator: *operator, value: first }
            }
            Self::In { column, values: list } => {
                identifier(sql, column);
                sql.push_str(" IN (");
                for (index, value) in list.iter().enumerate() {
                    sql.push_str(if index == 0 { "?" } else { ",?" });
                    values.push(value.clone());
                }
                sql.push(')');
                Condition::In { column, values: first..values.len() }
            }
            Self::JsonContains { column, kind, value } => {
                sql.push_str("EXISTS (SELECT 1 FROM json_each(");
                identifier(sql, column);
                sql.push_str(") AS element WHERE element.type = ? AND element.value IS ?)");
                values.push(Value::Text((*kind).to_owned()));
                values.push(value.clone());
                Condition::Unknown
            }
            Self::And(all) => Condition::All(Self::render_list(all, " AND ", sql, values)?),
            Self::Or(any) => Condition::Any(Self::render_list(any, " OR ", sql, values)?),
            Self::Not(inner) => {
                sql.push('(');
                let inner = inner.render(sql, values)?;
                sql.push_str(") IS NOT TRUE");
                Condition::Not(Box::new(inner))
            }
            Self::Invalid(reason) => return Err(reason.clone()),
        })
    }

    /// Halves in brackets, since SQLite nests a chain as deep as it is long and takes 1,000.
    fn render_list(
        list: &[Self],
        joiner: &str,
        sql: &mut String,
        values: &mut Vec<Value>,
    ) -> Result<Vec<Condition>, String> {
        if let [one] = list {
            return Ok(vec![one.render(sql, values)?]);
        }
        let (left, right) = list.split_at(list.len() / 2);
        sql.push('(');
        let mut conditions = Self::render_list(left, joiner, sql, values)?;
        sql.push_str(joiner);
        conditions.append(&mut Self::render_list(right, joiner, sql, values)?);
        sql.push(')');
        Ok(conditions)
    }

    /// Both conditions. A chain of them is one list, however long, so that nothing walks it recursively.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::And(mut all), Self::And(more)) => {
                all.extend(more);
                Self::And(all)
            }
            (Self::And(mut all), one) => {
                all.push(one);
                Self::And(all)
            }
            (one, other) => Self::And(vec![one, other]),
        }
    }

    /// One of the conditions.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Or(mut any), Self::Or(more)) => {
                any.extend(more);
                Self::Or(any)
            }
            (Self::Or(mut any), one) => {
                any.push(one);
                Self::Or(any)
            }
            (one, other) => Self::Or(vec![one, other]),
        }
    }

    /// Conditions have two truth values, so that `!!` is nothing.
    fn not(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// How deep conditions may be nested; SQLite takes 1,000.
const MAX_DEPTH: u16 = 500;

/// A condition on the rows of `R`. Combine conditions with `&`, `|` and `!`.
pub struct Filter<R> {
    pub(crate) expr: Expr,
    depth: u16,
    row: PhantomData<fn() -> R>,
}

impl<R> Filter<R> {
    pub(crate) fn new(expr: Expr) -> Self {
        Self::nested(expr, 0)
    }

    fn nested(expr: Expr, depth: u16) -> Self {
        if depth > MAX_DEPTH {
            let reason = format!("the filter is nested more than {MAX_DEPTH} deep");
            return Self { expr: Expr::Invalid(reason), depth: 0, row: PhantomData };
        }
        Self { expr, depth, row: PhantomData }
    }
}

impl<R> Clone for Filter<R> {
    fn clone(&self) -> Self {
        Self::nested(self.expr.clone(), self.depth)
    }
}

impl<R> fmt::Debug for Filter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

/// A [`Filter`], or a column of `bool`, which stands for itself: `filter(|issue| issue.done)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no condition on the rows of `{R}`",
    label = "expected a condition, such as `|row| row.id.eq(..)`",
    note = "a column is compared by a method: `.eq(..)`, `.ne(..)`, `.lt(..)`, `.le(..)`, `.gt(..)`, `.ge(..)`, `.is_in(..)`",
    note = "conditions are joined with `&`, `|` and `!`, in place of `&&`, `||` and `!`"
)]
pub trait IntoFilter<R> {
    /// The condition.
    fn into_filter(self) -> Filter<R>;
}

impl<R> IntoFilter<R> for Filter<R> {
    fn into_filter(self) -> Self {
        self
    }
}

/// A condition that joins a list of its own kind makes it longer, not deeper.
fn joined_depth<R>(left: &Filter<R>, right: &Filter<R>, joins_list: bool) -> u16 {
    if joins_list { left.depth.max(right.depth + 1) } else { left.depth.max(right.depth) + 1 }
}

impl<R, F: IntoFilter<R>> BitAnd<F> for Filter<R> {
    type Output = Self;
    fn bitand(self, other: F) -> Self {
        let other = other.into_filter();
        let depth = joined_depth(&self, &other, matches!(self.expr, Expr::And(_)));
        Self::nested(self.expr.and(other.expr), depth)
    }
}

impl<R, F: IntoFilter<R>> BitOr<F> for Filter<R> {
    type Output = Self;
    fn bitor(self, other: F) -> Self {
        let other = other.into_filter();
        let depth = joined_depth(&self, &other, matches!(self.expr, Expr::Or(_)));
        Self::nested(self.expr.or(other.expr), depth)
    }
}

impl<R> Not for Filter<R> {
    type Output = Self;
    fn not(self) -> Self {
        let depth = self.depth + 1;
        Self::nested(self.expr.not(), depth)
    }
}

/// A direction in which a query orders its rows by one column.
#[derive(Clone, Copy, Debug)]
pub struct Order<R> {
    pub(crate) column: &'static str,
    pub(crate) descending: bool,
    pub(crate) nulls: Nulls,
    row: PhantomData<fn() -> R>,
}

/// Where `NULL` stands in an order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Nulls {
    /// Where SQLite puts it: `NULL` is smaller than everything.
    Smallest,
    First,
    Last,
}

impl<R> Order<R> {
    pub(crate) fn new(column: &'static str, descending: bool) -> Self {
        Self { column, descending, nulls: Nulls::Smallest, row: PhantomData }
    }

    /// `NULL` before everything, whatever the direction.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        Self { nulls: Nulls::First, ..self }
    }

    /// `NULL` after everything, whatever the direction.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self { nulls: Nulls::Last, ..self }
    }
}

/// What a column is set to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Set {
    To(Value),
    /// Another column, or the same, and a number more or less.
    Computed {
        column: &'static str,
        operator: &'static str,
        number: Value,
    },
}

/// One column's new value in an update or a partial insert.
#[derive(Clone, Debug)]
pub struct Assignment<R> {
    pub(crate) column: &'static str,
    pub(crate) value: Result<Set, String>,
    row: PhantomData<fn() -> R>,
}

impl<R> Assignment<R> {
    pub(crate) fn new(column: &'static str, value: Result<Set, String>) -> Self {
        Self { column, value, row: PhantomData }
    }
}

macro_rules! one_or_several {
    ($($trait:ident $item:ident $what:literal, $message:literal, $label:literal;)*) => {$(
        #[doc = concat!("One ", $what, ", or an array or `Vec` of them.")]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $label,
            note = "several go into an array: `|row| [row.a.., row.b..]`"
        )]
        pub trait $trait<R> {
            #[doc = concat!("The ", $what, "s, in order.")]
            fn into_vec(self) -> Vec<$item<R>>;
        }

        impl<R> $trait<R> for $item<R> {
            fn into_vec(self) -> Vec<$item<R>> {
                vec![self]
            }
        }

        impl<R> $trait<R> for Vec<$item<R>> {
            fn into_vec(self) -> Vec<$item<R>> {
                self
            }
        }

        impl<R, const N: usize> $trait<R> for [$item<R>; N] {
            fn into_vec(self) -> Vec<$item<R>> {
                self.into()
            }
        }
    )*};
}

one_or_several! {
    IntoOrders Order "order", "`{Self}` is not an order of the table `{R}`", "write `.asc()` or `.desc()` behind the column";
    IntoAssignments Assignment "assignment", "`{Self}` sets no column of the table `{R}`",
        "write `.set(..)` behind the column";
}
