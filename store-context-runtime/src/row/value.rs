//! Values as SQLite stores them: owned for binding, borrowed for reading.

use std::fmt;
use std::hash::{Hash, Hasher};

/// The storage class of a column, as declared in a STRICT table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// A 64-bit signed integer.
    Integer,
    /// A 64-bit IEEE float.
    Real,
    /// UTF-8 text.
    Text,
    /// Bytes.
    Blob,
}

impl SqlType {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Integer, Self::Real, Self::Text, Self::Blob];

    /// The type's name in SQL.
    #[must_use]
    pub const fn as_sql(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
        }
    }
}

/// A set of storage classes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlTypes(u8);

impl SqlTypes {
    /// JSON text.
    pub const TEXT: Self = Self::of(&[SqlType::Text]);
    /// All of them: nothing is known.
    pub const ANY: Self = Self::of(&SqlType::ALL);

    /// These.
    #[must_use]
    pub const fn of(types: &[SqlType]) -> Self {
        let (mut types, mut set) = (types, 0);
        while let [first, rest @ ..] = types {
            set |= 1 << *first as u8;
            types = rest;
        }
        Self(set)
    }

    /// One bit for each, in their order.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether there are none: what is only ever `NULL`.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether there are no others than those.
    #[must_use]
    pub const fn are_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, ty: SqlType) -> bool {
        self.0 & (1 << ty as u8) != 0
    }

    /// Whether one of them is among those.
    #[must_use]
    pub const fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

/// An owned value, bound to a statement.
///
/// Equality and hashing go by type and bits: `Integer(1)`, `Real(1.0)` and `Text("1")` are three different values.
#[derive(Clone, Debug)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// A 64-bit signed integer.
    Integer(i64),
    /// A 64-bit IEEE float.
    Real(f64),
    /// UTF-8 text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// The value, borrowed.
    #[must_use]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value),
            Self::Blob(value) => ValueRef::Blob(value),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Real(a), Self::Real(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Blob(a), Self::Blob(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Null => {}
            Self::Integer(value) => value.hash(state),
            Self::Real(value) => value.to_bits().hash(state),
            Self::Text(value) => value.hash(state),
            Self::Blob(value) => value.hash(state),
        }
    }
}

/// A value borrowed from a row that is being read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// SQL `NULL`.
    Null,
    /// A 64-bit signed integer.
    Integer(i64),
    /// A 64-bit IEEE float.
    Real(f64),
    /// UTF-8 text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl ValueRef<'_> {
    /// What the value is, for messages: `NULL`, `integer`, `real`, `text` or `blob`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Integer(_) => "integer",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        }
    }

    /// Appends an encoding of the value that differs whenever the value or its type does.
    pub(crate) fn encode(&self, into: &mut Vec<u8>) {
        let mut bytes = |tag: u8, bytes: &[u8]| {
            into.push(tag);
            into.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            into.extend_from_slice(bytes);
        };
        match self {
            Self::Null => into.push(0),
            Self::Integer(value) => {
                into.push(1);
                into.extend_from_slice(&value.to_le_bytes());
            }
            Self::Real(value) => {
                into.push(2);
                into.extend_from_slice(&value.to_bits().to_le_bytes());
            }
            Self::Text(value) => bytes(3, value.as_bytes()),
            Self::Blob(value) => bytes(4, value),
        }
    }
}

/// The values of a row, one after the other, as [`ValueRef::encode`] writes them.
#[derive(Clone, Copy)]
pub(crate) struct Encoded<'a>(pub(crate) &'a [u8]);

impl<'a> Encoded<'a> {
    /// The value at a position.
    pub(crate) fn value(mut self, position: usize) -> Option<ValueRef<'a>> {
        for _ in 0..position {
            self.next()?;
        }
        self.next()
    }

    fn next(&mut self) -> Option<ValueRef<'a>> {
        let (tag, rest) = self.0.split_first()?;
        self.0 = rest;
        let mut number = || {
            let (number, rest) = self.0.split_first_chunk::<8>()?;
            self.0 = rest;
            Some(u64::from_le_bytes(*number))
        };
        Some(match tag {
            0 => ValueRef::Null,
            1 => ValueRef::Integer(number()?.cast_signed()),
            2 => ValueRef::Real(f64::from_bits(number()?)),
            tag => {
                let length = usize::try_from(number()?).ok()?;
                let (bytes, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                if *tag == 3 { ValueRef::Text(std::str::from_utf8(bytes).ok()?) } else { ValueRef::Blob(bytes) }
            }
        })
    }
}

impl fmt::Display for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}
