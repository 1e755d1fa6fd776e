//! [`Field`]: what the type of a row's field says of its column.

use crate::row::column::{self, Column, ColumnError, ColumnValue, Domain};
use crate::row::fingerprint::Fingerprint;
use crate::row::json::{self, JsonValue};
use crate::row::row::{DecodeError, RowReader};
use crate::row::value::{SqlType, SqlTypes, Value};

/// What a row's derive takes from the type of a field: all of it by one call, so that a type that no column can hold is
/// one error.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Field<T> {
    /// Whether the column may be `NULL`.
    pub nullable: bool,
    /// The storage class.
    pub ty: SqlType,
    /// Which values of the storage class are values of the type.
    pub domain: Domain,
    /// A number that changes with the type's stored form.
    pub fingerprint: u64,
    /// The storage classes that it is read from.
    pub reads: SqlTypes,
    /// The value as stored.
    pub encode: fn(&T) -> Result<Value, ColumnError>,
    /// The value of a row's column, by the field's position.
    pub decode: fn(&RowReader<'_>, usize) -> Result<T, DecodeError>,
}

/// A field that is a column of its type.
#[doc(hidden)]
#[must_use]
pub const fn column_field<T: ColumnValue>() -> Field<T> {
    Field {
        nullable: T::NULLABLE,
        ty: <T::Inner as Column>::TYPE,
        domain: <T::Inner as Column>::DOMAIN,
        fingerprint: <T::Inner as Column>::FINGERPRINT,
        reads: SqlTypes::of(<T::Inner as Column>::READS),
        encode: column::encode,
        decode: |row, field| row.get(field),
    }
}

/// A field that is stored as JSON; `ty` is its type's tokens.
#[doc(hidden)]
#[must_use]
pub const fn json_field<T: JsonValue>(ty: &str) -> Field<T> {
    Field {
        nullable: false,
        ty: SqlType::Text,
        domain: Domain::Any,
        fingerprint: Fingerprint::of(ty),
        reads: SqlTypes::TEXT,
        encode: json::to_value,
        decode: |row, field| row.get_json(field),
    }
}

/// A field that is stored as JSON, or as `NULL` for `None`; `ty` is its type's tokens.
#[doc(hidden)]
#[must_use]
pub const fn nullable_json_field<T: JsonValue>(ty: &str) -> Field<Option<T>> {
    Field {
        nullable: true,
        ty: SqlType::Text,
        domain: Domain::Any,
        fingerprint: Fingerprint::of(ty),
        reads: SqlTypes::TEXT,
        encode: json::to_nullable_value,
        decode: |row, field| row.get_nullable_json(field),
    }
}
