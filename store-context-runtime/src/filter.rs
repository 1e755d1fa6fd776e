//! Typed columns and what is said about them: filters, orders and assignments.
//!
//! Filters have two truth values, as in Rust: a comparison with a `NULL` is false, and `!` of it is true.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use serde::Serialize;

use crate::column::{Column, ColumnValue, Operand, json};
use crate::value::Value;

/// How a column compares with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    EqualIgnoringCase,
}

/// A condition as data; later work asks it which rows it can hold for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Constant(bool),
    Compare { column: &'static str, operator: Operator, value: Value },
    In { column: &'static str, values: Vec<Value> },
    Null { column: &'static str },
    JsonContains { column: &'static str, kind: &'static str, value: Value },
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Invalid(String),
}

/// Appends an identifier, quoted.
pub(crate) fn identifier(sql: &mut String, name: &str) {
    sql.push('"');
    for (index, part) in name.split('"').enumerate() {
        sql.push_str(if index == 0 { "" } else { "\"\"" });
        sql.push_str(part);
    }
    sql.push('"');
}

impl Expr {
    /// Appends the condition as SQL, and its values. A condition that has no SQL form is an error.
    pub(crate) fn render(&self, sql: &mut String, values: &mut Vec<Value>) -> Result<(), String> {
        match self {
            Self::Constant(true) => sql.push('1'),
            Self::Constant(false) => sql.push('0'),
            Self::Null { column } => {
                identifier(sql, column);
                sql.push_str(" IS NULL");
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
                    Operator::Like => " LIKE ? ESCAPE '\\'",
                    Operator::EqualIgnoringCase => " = ? COLLATE NOCASE",
                });
                values.push(value.clone());
            }
            Self::In { column, values: list } => {
                identifier(sql, column);
                sql.push_str(" IN (");
                for (index, value) in list.iter().enumerate() {
                    sql.push_str(if index == 0 { "?" } else { ",?" });
                    values.push(value.clone());
                }
                sql.push(')');
            }
            Self::JsonContains { column, kind, value } => {
                sql.push_str("EXISTS (SELECT 1 FROM json_each(");
                identifier(sql, column);
                sql.push_str(") AS element WHERE element.type = ? AND element.value IS ?)");
                values.push(Value::Text((*kind).to_owned()));
                values.push(value.clone());
            }
            Self::And(left, right) => Self::render_pair(left, " AND ", right, sql, values)?,
            Self::Or(left, right) => Self::render_pair(left, " OR ", right, sql, values)?,
            Self::Not(inner) => {
                sql.push('(');
                inner.render(sql, values)?;
                sql.push_str(") IS NOT TRUE");
            }
            Self::Invalid(reason) => return Err(reason.clone()),
        }
        Ok(())
    }

    fn render_pair(
        left: &Self,
        joiner: &str,
        right: &Self,
        sql: &mut String,
        values: &mut Vec<Value>,
    ) -> Result<(), String> {
        sql.push('(');
        left.render(sql, values)?;
        sql.push_str(joiner);
        right.render(sql, values)?;
        sql.push(')');
        Ok(())
    }
}

/// A condition on the rows of `R`. Combine conditions with `&`, `|` and `!`.
pub struct Filter<R> {
    pub(crate) expr: Expr,
    row: PhantomData<fn() -> R>,
}

impl<R> Filter<R> {
    fn new(expr: Expr) -> Self {
        Self { expr, row: PhantomData }
    }
}

impl<R> Clone for Filter<R> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<R> fmt::Debug for Filter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl<R> BitAnd for Filter<R> {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self::new(Expr::And(Box::new(self.expr), Box::new(other.expr)))
    }
}

impl<R> BitOr for Filter<R> {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self::new(Expr::Or(Box::new(self.expr), Box::new(other.expr)))
    }
}

impl<R> Not for Filter<R> {
    type Output = Self;
    fn not(self) -> Self {
        Self::new(Expr::Not(Box::new(self.expr)))
    }
}

/// A direction in which a query orders its rows by one column.
#[derive(Clone, Copy, Debug)]
pub struct Order<R> {
    pub(crate) column: &'static str,
    pub(crate) descending: bool,
    row: PhantomData<fn() -> R>,
}

/// One column's new value in an update or a partial insert.
#[derive(Clone, Debug)]
pub struct Assignment<R> {
    pub(crate) column: &'static str,
    pub(crate) value: Result<Value, String>,
    row: PhantomData<fn() -> R>,
}

macro_rules! one_or_several {
    ($($trait:ident $item:ident $what:literal;)*) => {$(
        #[doc = concat!("One ", $what, ", or an array or `Vec` of them.")]
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
    IntoOrders Order "order";
    IntoAssignments Assignment "assignment";
}

/// A column of the table of `R`, holding values of type `T`.
pub struct ColumnRef<R, T> {
    name: &'static str,
    types: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Clone for ColumnRef<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for ColumnRef<R, T> {}

impl<R, T> fmt::Debug for ColumnRef<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ColumnRef").field(&self.name).finish()
    }
}

impl<R, T> ColumnRef<R, T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, types: PhantomData }
    }

    /// Smallest first; `NULL` before everything.
    #[must_use]
    pub fn asc(self) -> Order<R> {
        Order { column: self.name, descending: false, row: PhantomData }
    }

    /// Largest first; `NULL` after everything.
    #[must_use]
    pub fn desc(self) -> Order<R> {
        Order { column: self.name, descending: true, row: PhantomData }
    }

    /// The column is `NULL`.
    #[must_use]
    pub fn is_null(self) -> Filter<R> {
        Filter::new(Expr::Null { column: self.name })
    }

    /// The column is not `NULL`.
    #[must_use]
    pub fn is_not_null(self) -> Filter<R> {
        !self.is_null()
    }
}

impl<R, T: ColumnValue> ColumnRef<R, T> {
    fn compare(self, operator: Operator, value: Value) -> Filter<R> {
        Filter::new(Expr::Compare { column: self.name, operator, value })
    }

    /// The column holds this value; `None` asks for `NULL`.
    #[must_use]
    pub fn eq(self, value: impl Operand<T>) -> Filter<R> {
        match value.into_operand() {
            Value::Null => self.is_null(),
            value => self.compare(Operator::Equal, value),
        }
    }

    /// The column holds another value, or `NULL`; with `None`, any value but `NULL`.
    #[must_use]
    pub fn ne(self, value: impl Operand<T>) -> Filter<R> {
        match value.into_operand() {
            Value::Null => self.is_not_null(),
            value => self.compare(Operator::NotEqual, value),
        }
    }

    /// Less than the value.
    #[must_use]
    pub fn lt(self, value: impl Operand<T::Inner>) -> Filter<R> {
        self.compare(Operator::Less, value.into_operand())
    }

    /// Less than the value, or equal.
    #[must_use]
    pub fn le(self, value: impl Operand<T::Inner>) -> Filter<R> {
        self.compare(Operator::LessOrEqual, value.into_operand())
    }

    /// Greater than the value.
    #[must_use]
    pub fn gt(self, value: impl Operand<T::Inner>) -> Filter<R> {
        self.compare(Operator::Greater, value.into_operand())
    }

    /// Greater than the value, or equal.
    #[must_use]
    pub fn ge(self, value: impl Operand<T::Inner>) -> Filter<R> {
        self.compare(Operator::GreaterOrEqual, value.into_operand())
    }

    /// One of the values; none of no values.
    #[must_use]
    pub fn is_in<I>(self, values: I) -> Filter<R>
    where
        I: IntoIterator,
        I::Item: Operand<T::Inner>,
    {
        let values: Vec<_> = values.into_iter().map(Operand::into_operand).collect();
        Filter::new(if values.is_empty() { Expr::Constant(false) } else { Expr::In { column: self.name, values } })
    }

    /// None of the values; `NULL` is none of them, and with no values every row is meant.
    #[must_use]
    pub fn not_in<I>(self, values: I) -> Filter<R>
    where
        I: IntoIterator,
        I::Item: Operand<T::Inner>,
    {
        !self.is_in(values)
    }

    /// The column's new value.
    #[must_use]
    pub fn set(self, value: impl Operand<T>) -> Assignment<R> {
        Assignment { column: self.name, value: Ok(value.into_operand()), row: PhantomData }
    }
}

impl<R, T: ColumnValue<Inner = String>> ColumnRef<R, T> {
    /// SQLite's `LIKE`: `%` stands for any text, `_` for one character, `\` takes the next character as it is;
    /// ASCII letters match in either case.
    #[must_use]
    pub fn like(self, pattern: impl Into<String>) -> Filter<R> {
        self.compare(Operator::Like, Value::Text(pattern.into()))
    }

    /// Equal to the text, ASCII letters in either case.
    #[must_use]
    pub fn eq_ignore_case(self, text: impl Into<String>) -> Filter<R> {
        self.compare(Operator::EqualIgnoringCase, Value::Text(text.into()))
    }
}

/// A JSON column of the table of `R`, holding a `T`.
pub struct JsonColumnRef<R, T> {
    column: ColumnRef<R, T>,
    /// `None` is SQL's `NULL`, not JSON's `null`.
    nullable: bool,
}

impl<R, T> Clone for JsonColumnRef<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for JsonColumnRef<R, T> {}

impl<R, T> fmt::Debug for JsonColumnRef<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonColumnRef").field(&self.column.name).finish()
    }
}

impl<R, T> JsonColumnRef<R, T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { column: ColumnRef::new(name), nullable: false }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn nullable(name: &'static str) -> Self {
        Self { column: ColumnRef::new(name), nullable: true }
    }

    /// The column is `NULL`.
    #[must_use]
    pub fn is_null(self) -> Filter<R> {
        self.column.is_null()
    }

    /// The column is not `NULL`.
    #[must_use]
    pub fn is_not_null(self) -> Filter<R> {
        self.column.is_not_null()
    }

    /// The JSON array has this element, or the JSON object this value.
    #[must_use]
    pub fn contains(self, element: impl Serialize) -> Filter<R> {
        let column = self.column.name;
        Filter::new(match serde_json::to_value(&element) {
            Ok(element) => {
                let (kind, value) = json_element(element);
                Expr::JsonContains { column, kind, value }
            }
            Err(error) => Expr::Invalid(format!("the value for `{column}` has no JSON form: {error}")),
        })
    }
}

impl<R, T: Serialize> JsonColumnRef<R, T> {
    /// The column's new value.
    #[must_use]
    pub fn set(self, value: &T) -> Assignment<R> {
        let value = match json::to_value(value) {
            Ok(Value::Text(null)) if self.nullable && null == "null" => Ok(Value::Null),
            value => value.map_err(|error| error.to_string()),
        };
        Assignment { column: self.column.name, value, row: PhantomData }
    }
}

/// The type and value that SQLite's `json_each` gives for an element.
fn json_element(element: serde_json::Value) -> (&'static str, Value) {
    match element {
        serde_json::Value::Null => ("null", Value::Null),
        serde_json::Value::Bool(true) => ("true", Value::Integer(1)),
        serde_json::Value::Bool(false) => ("false", Value::Integer(0)),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(integer) => ("integer", Value::Integer(integer)),
            None => ("real", Value::Real(number.as_f64().unwrap_or(f64::NAN))),
        },
        serde_json::Value::String(text) => ("text", text.to_value()),
        array @ serde_json::Value::Array(_) => ("array", Value::Text(array.to_string())),
        object @ serde_json::Value::Object(_) => ("object", Value::Text(object.to_string())),
    }
}
