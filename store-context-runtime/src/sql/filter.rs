//! What is said about typed columns: filters, orders and assignments.
//!
//! Filters have two truth values, as in Rust: a comparison with a `NULL` is false, and `!` of it is true.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use crate::row::value::Value;
use crate::sql::condition::Condition;
use crate::sql::outline::Outline;
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
    /// Adds what its text depends on.
    ///
    /// # Errors
    /// Why it has no SQL form.
    pub(crate) fn outline(&self, outline: &mut Outline) -> Result<(), String> {
        let mut of_column = |kind: usize, column: &'static str| {
            outline.word(kind);
            outline.name(column);
        };
        match self {
            Self::Constant(holds) => outline.word(usize::from(*holds)),
            Self::Null { column } => of_column(2, column),
            Self::EqualIgnoringCase { column, .. } => of_column(3, column),
            Self::Like { column, .. } => of_column(4, column),
            Self::JsonContains { column, .. } => of_column(5, column),
            Self::In { column, values } => {
                of_column(6, column);
                outline.word(values.len());
            }
            Self::Compare { column, operator, .. } => of_column(10 + *operator as usize, column),
            Self::And(list) | Self::Or(list) => {
                outline.word(if matches!(self, Self::And(_)) { 7 } else { 8 });
                outline.word(list.len());
                list.iter().try_for_each(|condition| condition.outline(outline))?;
            }
            Self::Not(inner) => {
                outline.word(9);
                inner.outline(outline)?;
            }
            Self::Invalid(reason) => return Err(reason.clone()),
        }
        Ok(())
    }

    /// Moves its values behind those of the statement so far, and says for which rows it can hold.
    pub(crate) fn bind(self, values: &mut Vec<Value>) -> Condition {
        let first = values.len();
        match self {
            Self::Constant(holds) => Condition::Constant(holds),
            Self::Null { column } => Condition::Null { column },
            Self::EqualIgnoringCase { text, .. } | Self::Like { pattern: text, .. } => {
                values.push(Value::Text(text));
                Condition::Unknown
            }
            Self::JsonContains { kind, value, .. } => {
                values.push(Value::Text(kind.to_owned()));
                values.push(value);
                Condition::Unknown
            }
            Self::In { column, values: list } => {
                values.extend(list);
                Condition::In { column, values: first..values.len() }
            }
            Self::Compare { column, operator, value } => {
                values.push(value);
                Condition::Compare { column, operator, value: first }
            }
            Self::And(list) => Condition::All(list.into_iter().map(|condition| condition.bind(values)).collect()),
            Self::Or(list) => Condition::Any(list.into_iter().map(|condition| condition.bind(values)).collect()),
            Self::Not(inner) => Condition::Not(Box::new(inner.bind(values))),
            Self::Invalid(_) => Condition::Unknown,
        }
    }

    /// Appends the condition as SQL, with a `?` for each of its values.
    pub(crate) fn text(&self, sql: &mut String) {
        match self {
            Self::Constant(true) => sql.push('1'),
            Self::Constant(false) | Self::Invalid(_) => sql.push('0'),
            Self::Null { column } => {
                identifier(sql, column);
                sql.push_str(" IS NULL");
            }
            Self::EqualIgnoringCase { column, .. } => {
                // Not the collation NOCASE, which reads no further than a NUL.
                sql.push_str("lower(");
                identifier(sql, column);
                sql.push_str(") = lower(?)");
            }
            Self::Like { column, .. } => {
                sql.push('(');
                identifier(sql, column);
                sql.push_str(" LIKE ? ESCAPE '\\' AND instr(");
                identifier(sql, column);
                // LIKE reads no further than a NUL.
                sql.push_str(", char(0)) = 0)");
            }
            Self::Compare { column, operator, .. } => {
                identifier(sql, column);
                sql.push_str(match operator {
                    Operator::Equal => " = ?",
                    Operator::NotEqual => " IS NOT ?",
                    Operator::Less => " < ?",
                    Operator::LessOrEqual => " <= ?",
                    Operator::Greater => " > ?",
                    Operator::GreaterOrEqual => " >= ?",
                });
            }
            Self::In { column, values } => {
                identifier(sql, column);
                sql.push_str(" IN (");
                for index in 0..values.len() {
                    sql.push_str(if index == 0 { "?" } else { ",?" });
                }
                sql.push(')');
            }
            Self::JsonContains { column, .. } => {
                sql.push_str("EXISTS (SELECT 1 FROM json_each(");
                identifier(sql, column);
                sql.push_str(") AS element WHERE element.type = ? AND element.value IS ?)");
            }
            Self::And(all) => Self::list_text(all, " AND ", sql),
            Self::Or(any) => Self::list_text(any, " OR ", sql),
            Self::Not(inner) => {
                sql.push('(');
                inner.text(sql);
                sql.push_str(") IS NOT TRUE");
            }
        }
    }

    /// Halves in brackets, since SQLite nests a chain as deep as it is long and takes 1,000.
    fn list_text(list: &[Self], joiner: &str, sql: &mut String) {
        if let [one] = list {
            return one.text(sql);
        }
        let (left, right) = list.split_at(list.len() / 2);
        sql.push('(');
        Self::list_text(left, joiner, sql);
        sql.push_str(joiner);
        Self::list_text(right, joiner, sql);
        sql.push(')');
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
    pub(crate) by: OrderBy,
    row: PhantomData<fn() -> R>,
}

/// A column by which rows are ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OrderBy {
    pub(crate) column: &'static str,
    pub(crate) descending: bool,
    pub(crate) nulls: Nulls,
}

/// Where `NULL` stands in an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Nulls {
    /// Where SQLite puts it: `NULL` is smaller than everything.
    Smallest,
    First,
    Last,
}

impl<R> Order<R> {
    pub(crate) fn new(column: &'static str, descending: bool) -> Self {
        Self::by(OrderBy { column, descending, nulls: Nulls::Smallest })
    }

    fn by(by: OrderBy) -> Self {
        Self { by, row: PhantomData }
    }

    /// `NULL` before everything, whatever the direction.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        Self::by(OrderBy { nulls: Nulls::First, ..self.by })
    }

    /// `NULL` after everything, whatever the direction.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self::by(OrderBy { nulls: Nulls::Last, ..self.by })
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

impl Set {
    /// Adds what the text of setting a column to it depends on.
    pub(crate) fn outline(&self, column: &'static str, outline: &mut Outline) {
        outline.name(column);
        if let Self::Computed { column, operator, .. } = self {
            outline.name(column);
            outline.name(operator);
        } else {
            outline.word(0);
        }
    }

    /// What is bound.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::To(value) | Self::Computed { number: value, .. } => value,
        }
    }
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
