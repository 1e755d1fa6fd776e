//! [`ColumnRef`]: a typed column, of which filters, orders and assignments are made.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

use crate::row::column::{self, Column, ColumnError, ColumnValue, Operand};
use crate::row::json::{self, JsonValue};
use crate::row::value::Value;
use crate::sql::filter::{Assignment, Expr, Filter, Operator, Order, Set};

/// How many values SQLite takes in one statement: <https://www.sqlite.org/limits.html#max_variable_number>.
const MAX_VALUES: usize = 32_766;

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

    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    /// Smallest first; `NULL` before everything.
    #[must_use]
    pub fn asc(self) -> Order<R> {
        Order::new(self.name, false)
    }

    /// Largest first; `NULL` after everything.
    #[must_use]
    pub fn desc(self) -> Order<R> {
        Order::new(self.name, true)
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
        if matches!(value, Value::Real(number) if number.is_nan()) {
            let reason = format!("`{}` is compared with NaN, which no column holds", self.name);
            return Filter::new(Expr::Invalid(reason));
        }
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

    /// One of the values; none of no values. SQLite takes up to 32,766 values in one statement.
    #[must_use]
    pub fn is_in<I>(self, values: I) -> Filter<R>
    where
        I: IntoIterator,
        I::Item: Operand<T::Inner>,
    {
        let values: Vec<_> = values.into_iter().map(Operand::into_operand).collect();
        if values.len() > MAX_VALUES {
            let given = values.len();
            let reason =
                format!("`{}` is compared with {given} values, and SQLite takes {MAX_VALUES}; ask in parts", self.name);
            return Filter::new(Expr::Invalid(reason));
        }
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
        let set = column::checked::<T>(value.into_operand()).map(Set::To);
        self.assign(set)
    }

    /// The column's new value, computed from a column of the row: `i.points.set_to(i.points + 1)`. Of `NULL` it is `NULL`.
    #[must_use]
    pub fn set_to(self, computed: Computed<R, T>) -> Assignment<R> {
        self.assign(match computed.set {
            Set::Computed { number: Value::Real(number), .. } if !number.is_finite() => {
                Err(ColumnError::Invalid(format!("{number} cannot be added, since the sum may not be a number")))
            }
            set => Ok(set),
        })
    }

    fn assign(self, set: Result<Set, ColumnError>) -> Assignment<R> {
        Assignment::new(self.name, set.map_err(|error| format!("column `{}`: {error}", self.name)))
    }
}

/// A column and a number more or less: `i.points + 1`.
#[derive(Clone, Debug)]
pub struct Computed<R, T> {
    set: Set,
    types: PhantomData<fn() -> (R, T)>,
}

macro_rules! computed {
    ($($number:ty),*; $($trait:ident $method:ident $operator:literal),*) => {
        computed! { @ [$($number),*] $($trait $method $operator),* }
    };
    (@ $numbers:tt $($trait:ident $method:ident $operator:literal),*) => {$(
        computed! { @@ $numbers $trait $method $operator }
    )*};
    (@@ [$($number:ty),*] $trait:ident $method:ident $operator:literal) => {$(
        computed! { @@@ $number, $number, $trait $method $operator }
        computed! { @@@ Option<$number>, $number, $trait $method $operator }
    )*};
    (@@@ $column:ty, $number:ty, $trait:ident $method:ident $operator:literal) => {
        impl<R> std::ops::$trait<$number> for ColumnRef<R, $column> {
            type Output = Computed<R, $column>;
            fn $method(self, number: $number) -> Computed<R, $column> {
                let set = Set::Computed { column: self.name, operator: $operator, number: Column::to_value(&number) };
                Computed { set, types: PhantomData }
            }
        }
    };
}

// Of the types that hold every number of SQLite's, so that what is computed can be read back.
computed! { i64, f64; Add add " + ", Sub sub " - " }

impl<R, T: ColumnValue<Inner = String>> ColumnRef<R, T> {
    /// SQLite's `LIKE`: `%` stands for any text, `_` for one character, `\` takes the next character as it is;
    /// ASCII letters match in either case. A text that holds a NUL character matches no pattern, since SQLite's `LIKE`
    /// reads no further than that.
    #[must_use]
    pub fn like(self, pattern: impl Into<String>) -> Filter<R> {
        let pattern = pattern.into();
        if pattern.contains('\0') {
            return Filter::new(Expr::Constant(false));
        }
        Filter::new(Expr::Like { column: self.name, pattern })
    }

    /// Has the text in it, which is no pattern: what is typed into a search box. Otherwise as [`like`](Self::like).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// assert_eq!(store.issues().filter(|i| i.title.contains("irs")).count().get()?, 1);
    /// assert_eq!(store.issues().filter(|i| i.title.contains("%")).count().get()?, 0);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn contains(self, text: impl AsRef<str>) -> Filter<R> {
        self.like(format!("%{}%", escaped(text.as_ref())))
    }

    /// Begins with the text, which is no pattern. Otherwise as [`like`](Self::like).
    #[must_use]
    pub fn starts_with(self, text: impl AsRef<str>) -> Filter<R> {
        self.like(format!("{}%", escaped(text.as_ref())))
    }

    /// Equal to the text, ASCII letters in either case.
    #[must_use]
    pub fn eq_ignore_case(self, text: impl Into<String>) -> Filter<R> {
        Filter::new(Expr::EqualIgnoringCase { column: self.name, text: text.into() })
    }
}

/// The pattern that this text matches, and no other.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
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
}

impl<R, T: JsonValue> JsonColumnRef<R, T> {
    /// The JSON array has this element, or the JSON object this value.
    #[must_use]
    pub fn contains(self, element: impl Serialize) -> Filter<R> {
        let column = self.column.name;
        let invalid =
            |error: serde_json::Error| Expr::Invalid(format!("the value for `{column}` has no JSON form: {error}"));
        // As text, since a struct's fields are stored in their order and `serde_json::Value` sorts them.
        Filter::new(match json::encode(&element) {
            Ok(element) if is_foreign::<T>(&element) => Expr::Invalid(format!(
                "{element} is not an element of `{column}`; write it as the column's type has it"
            )),
            Ok(element) => match json_element(element) {
                Ok((kind, value)) => Expr::JsonContains { column, kind, value },
                Err(error) => invalid(error),
            },
            Err(error) => invalid(error),
        })
    }
}

/// Whether a list or map of type `T` cannot have this element.
fn is_foreign<T: JsonValue>(element: &str) -> bool {
    let reads = |json: &str| serde_json::from_str::<T>(json).is_ok();
    let takes = |empty: &str, filled: String| reads(empty) && reads(&filled);
    let is_container = reads("[]") || reads("{}");
    is_container && !takes("[]", format!("[{element}]")) && !takes("{}", format!("{{\"0\":{element}}}"))
}

/// Columns that are compared with values and ordered by.
#[diagnostic::on_unimplemented(
    message = "a JSON column is neither compared nor ordered by",
    label = "ask for what is in it with `.contains(..)`, or for `NULL` with `.is_null()`",
    note = "to compare or order by it, store the value as a column type: remove `#[row(json)]`"
)]
pub trait Comparable {}

/// Without these, `i.labels.eq(..)` is said to be no iterator.
macro_rules! no_comparison {
    ($($method:ident)*; $($order:ident)*) => {
        impl<R, T> JsonColumnRef<R, T> {
            $(
                #[doc(hidden)]
                #[must_use]
                pub fn $method<V>(self, _: V) -> Filter<R>
                where
                    Self: Comparable,
                {
                    Filter::new(Expr::Constant(false))
                }
            )*
            $(
                #[doc(hidden)]
                #[must_use]
                pub fn $order(self) -> Order<R>
                where
                    Self: Comparable,
                {
                    self.column.$order()
                }
            )*
        }
    };
}

no_comparison! { eq ne lt le gt ge is_in not_in; asc desc }

impl<R, T: JsonValue> JsonColumnRef<R, T> {
    /// The column's new value.
    #[must_use]
    pub fn set(self, value: &T) -> Assignment<R> {
        let value = match json::to_value(value) {
            Ok(Value::Text(null)) if self.nullable && null == "null" => Ok(Value::Null),
            value => value.map_err(|error| error.to_string()),
        };
        Assignment::new(self.column.name, value.map(Set::To))
    }
}

/// The type and value that SQLite's `json_each` gives for an element.
fn json_element(json: String) -> Result<(&'static str, Value), serde_json::Error> {
    Ok(match serde_json::from_str(&json)? {
        serde_json::Value::Null => ("null", Value::Null),
        serde_json::Value::Bool(true) => ("true", Value::Integer(1)),
        serde_json::Value::Bool(false) => ("false", Value::Integer(0)),
        serde_json::Value::Number(number) => {
            // SQLite calls a number without fraction or exponent an integer, and reads one that it cannot hold as a float.
            let kind = if json.contains(['.', 'e', 'E']) { "real" } else { "integer" };
            match number.as_i64() {
                Some(integer) => (kind, Value::Integer(integer)),
                None => (kind, Value::Real(number.as_f64().unwrap_or(f64::MAX))),
            }
        }
        serde_json::Value::String(text) => ("text", Value::Text(text)),
        serde_json::Value::Array(_) => ("array", Value::Text(json)),
        serde_json::Value::Object(_) => ("object", Value::Text(json)),
    })
}
