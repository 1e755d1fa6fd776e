//! What a table's column can hold: [`Column`] for values, [`ColumnValue`] for values or `NULL`.

use crate::row::fingerprint::Fingerprint;
use crate::row::value::{SqlType, Value, ValueRef};

/// Why a stored value is not a value of the Rust type that asked for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnError {
    /// The storage class is another one, or the value is `NULL` where the type is not `Option`.
    #[error("expected {expected}, found {found}{}", hint(found))]
    WrongType {
        /// What the Rust type reads.
        expected: &'static str,
        /// What was stored.
        found: &'static str,
    },
    /// The stored value is of the right class and outside what the type can hold.
    #[error("{0}")]
    Invalid(String),
}

fn hint(found: &str) -> &'static str {
    match found {
        // A query's own `Option` says whether there is a row.
        "NULL" => {
            "; declare an `Option` where a value may be `NULL`, and `Option<Option<T>>` where it is all that a query gives"
        }
        _ => "",
    }
}

impl ColumnError {
    /// The error for a value of another storage class.
    #[must_use]
    pub fn wrong_type(expected: &'static str, found: ValueRef<'_>) -> Self {
        Self::WrongType { expected, found: found.kind() }
    }
}

/// A type that a column stores, never `NULL`.
///
/// Implemented for `bool`, the integers up to 64 bits that SQLite can hold, `f32`, `f64`, `String`, `Vec<u8>`,
/// with feature `jiff` for its date and time types, and by `#[derive(Column)]` for enums without fields.
/// `Option<T>` of any of them is a nullable column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a column",
    label = "SQLite has no column type for `{Self}`",
    note = "use `i64` (for `u64` and `usize` too), a smaller integer, `f64`, `bool`, `String`, `Vec<u8>`, or `Option` of one of these",
    note = "dates, times and `uuid::Uuid` are columns with the features `jiff`, `chrono`, `time` and `uuid`; an exact decimal is `String`, or `i64` of its smallest unit",
    note = "if `{Self}` is your own enum without fields, or a struct around one column, put `#[derive(Column, Clone)]` on it",
    note = "any type with serde's derives can be stored as JSON: put `#[row(json)]` on the field"
)]
pub trait Column: Sized + Clone + Send + Sync + 'static {
    /// The storage class.
    const TYPE: SqlType;
    /// The storage classes that [`from_value`](Self::from_value) takes. The compiler refuses a query that reads a column of
    /// another one into this type.
    const READS: &'static [SqlType] = &[Self::TYPE];
    /// Which values of the storage class are values of the type, where that is known while compiling.
    const DOMAIN: Domain = Domain::Any;
    /// A number that changes when the stored form of the type does; part of the schema hash.
    const FINGERPRINT: u64;
    /// Whether every value is known to read back as it was. Unless it is, each one is read back before it is stored.
    #[doc(hidden)]
    const IS_EXACT: bool = false;
    /// The value as stored. It has to read back as it was; one that does not is refused when it is written.
    fn to_value(&self) -> Value;
    /// The value from what is stored.
    ///
    /// # Errors
    /// When the stored value is no value of this type.
    fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError>;
}

/// The values of a storage class that a column type takes: what the derive holds defaults against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Domain {
    /// All of them, as far as is known.
    Any,
    /// The integers from one to another, both included.
    Integers(i64, i64),
    /// These texts.
    Texts(&'static [&'static str]),
}

/// A [`Column`], or an `Option` of one (`None` is `NULL`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a column",
    label = "SQLite has no column type for `{Self}`",
    note = "use `i64` (for `u64` and `usize` too), a smaller integer, `f64`, `bool`, `String`, `Vec<u8>`, or `Option` of one of these",
    note = "dates, times and `uuid::Uuid` are columns with the features `jiff`, `chrono`, `time` and `uuid`; an exact decimal is `String`, or `i64` of its smallest unit",
    note = "if `{Self}` is your own enum without fields, or a struct around one column, put `#[derive(Column, Clone)]` on it",
    note = "any type with serde's derives can be stored as JSON: put `#[row(json)]` on the field"
)]
pub trait ColumnValue: Sized + Clone + Send + Sync + 'static {
    /// The type without its `Option`.
    type Inner: Column;
    /// Whether the column may be `NULL`.
    const NULLABLE: bool;
    /// The value as stored.
    fn to_cell(&self) -> Value;
    /// The value from what is stored.
    ///
    /// # Errors
    /// When the stored value is no value of this type.
    fn from_cell(value: ValueRef<'_>) -> Result<Self, ColumnError>;
}

/// The storage class of a column type.
#[doc(hidden)]
#[must_use]
pub const fn column_type<T: Column>() -> SqlType {
    T::TYPE
}

/// The value as stored, which reads back as it was.
///
/// # Errors
/// When it does not: SQLite has no NaN, and a type's stored form may not be one that it reads.
pub(crate) fn encode<T: ColumnValue>(value: &T) -> Result<Value, ColumnError> {
    checked::<T>(value.to_cell())
}

/// A value that a column of this type can store and read back.
///
/// # Errors
/// As [`encode`].
pub(crate) fn checked<T: ColumnValue>(value: Value) -> Result<Value, ColumnError> {
    if matches!(value, Value::Real(number) if number.is_nan()) {
        return Err(ColumnError::Invalid("SQLite has no NaN; store `None` in an `Option` column".to_owned()));
    }
    if <T::Inner as Column>::IS_EXACT {
        return Ok(value);
    }
    let read = T::from_cell(value.as_ref())
        .map_err(|error| ColumnError::Invalid(format!("what would be stored does not read back: {error}")))?;
    let again = read.to_cell();
    if again == value {
        return Ok(value);
    }
    Err(ColumnError::Invalid(format!("{value:?} would be stored and reads back as {again:?}")))
}

impl<T: Column> ColumnValue for T {
    type Inner = T;
    const NULLABLE: bool = false;
    fn to_cell(&self) -> Value {
        Column::to_value(self)
    }
    fn from_cell(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        Column::from_value(value)
    }
}

impl<T: Column> ColumnValue for Option<T> {
    type Inner = T;
    const NULLABLE: bool = true;
    fn to_cell(&self) -> Value {
        self.as_ref().map_or(Value::Null, Column::to_value)
    }
    fn from_cell(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// A value that can stand beside a column of type `T` in a filter, an assignment or a query's parameters.
///
/// `&str` stands beside text, `&[u8]` beside blobs, and a plain value beside a nullable column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit a column of type `{T}`",
    label = "expected a value of type `{T}`",
    note = "write the value as `{T}`: a number converts with `{T}::from(..)` or `{T}::try_from(..)`",
    note = "two columns of a row are compared in SQL: `#[query(\"SELECT .. WHERE a > b\")]`"
)]
pub trait Operand<T> {
    /// The value as bound.
    fn into_operand(self) -> Value;
}

impl<T: ColumnValue> Operand<T> for T {
    fn into_operand(self) -> Value {
        self.to_cell()
    }
}

impl<T: Column> Operand<Option<T>> for T {
    fn into_operand(self) -> Value {
        self.to_value()
    }
}

macro_rules! borrowed_operands {
    ($($borrowed:ty => $owned:ty, $value:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Operand<$owned> for $borrowed {
            fn into_operand(self) -> Value {
                $value(self)
            }
        }
        #[diagnostic::do_not_recommend]
        impl Operand<Option<$owned>> for $borrowed {
            fn into_operand(self) -> Value {
                $value(self)
            }
        }
    )*};
}

borrowed_operands! {
    &str => String, |text: &str| Value::Text(text.to_owned());
    &String => String, |text: &String| Value::Text(text.clone());
    &[u8] => Vec<u8>, |bytes: &[u8]| Value::Blob(bytes.to_owned());
}

macro_rules! integers {
    ($($int:ty)*) => {$(
        impl Column for $int {
            const TYPE: SqlType = SqlType::Integer;
            const DOMAIN: Domain = Domain::Integers(<$int>::MIN as i64, <$int>::MAX as i64);
            const FINGERPRINT: u64 = Fingerprint::of(stringify!($int));
            const IS_EXACT: bool = true;
            fn to_value(&self) -> Value {
                Value::Integer(i64::from(*self))
            }
            fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError> {
                match value {
                    ValueRef::Integer(value) => <$int>::try_from(value).map_err(|_| {
                        ColumnError::Invalid(format!(concat!("{} does not fit ", stringify!($int)), value))
                    }),
                    other => Err(ColumnError::wrong_type("integer", other)),
                }
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 u8 u16 u32 }

impl Column for bool {
    const TYPE: SqlType = SqlType::Integer;
    const DOMAIN: Domain = Domain::Integers(0, 1);
    const FINGERPRINT: u64 = Fingerprint::of("bool");
    const IS_EXACT: bool = true;
    fn to_value(&self) -> Value {
        Value::Integer(i64::from(*self))
    }
    fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Integer(0) => Ok(false),
            ValueRef::Integer(1) => Ok(true),
            ValueRef::Integer(other) => Err(ColumnError::Invalid(format!("{other} is neither 0 nor 1"))),
            other => Err(ColumnError::wrong_type("integer", other)),
        }
    }
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl Column for $float {
            const TYPE: SqlType = SqlType::Real;
            const READS: &'static [SqlType] = &[SqlType::Real, SqlType::Integer];
            const FINGERPRINT: u64 = Fingerprint::of(stringify!($float));
            const IS_EXACT: bool = true;
            fn to_value(&self) -> Value {
                Value::Real(f64::from(*self))
            }
            fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError> {
                // Expressions such as `sum(..)` give an integer where every addend was one.
                #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, trivial_numeric_casts)]
                match value {
                    ValueRef::Real(value) => Ok(value as $float),
                    ValueRef::Integer(value) => Ok(value as $float),
                    other => Err(ColumnError::wrong_type("real", other)),
                }
            }
        }
    )*};
}

floats! { f32 f64 }

impl Column for String {
    const TYPE: SqlType = SqlType::Text;
    const FINGERPRINT: u64 = Fingerprint::of("String");
    const IS_EXACT: bool = true;
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Text(value) => Ok(value.to_owned()),
            other => Err(ColumnError::wrong_type("text", other)),
        }
    }
}

impl Column for Vec<u8> {
    const TYPE: SqlType = SqlType::Blob;
    const FINGERPRINT: u64 = Fingerprint::of("Vec<u8>");
    const IS_EXACT: bool = true;
    fn to_value(&self) -> Value {
        Value::Blob(self.clone())
    }
    fn from_value(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Blob(value) => Ok(value.to_owned()),
            other => Err(ColumnError::wrong_type("blob", other)),
        }
    }
}
