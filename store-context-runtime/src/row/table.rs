//! Tables as data: [`TableDef`] and what it is made of. The derives write them as constants.

use crate::row::column::Domain;
use crate::row::fingerprint::Fingerprint;
use crate::row::value::SqlType;

/// A default of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// An integer, or a `bool` as 0 or 1.
    Integer(i64),
    /// A float.
    Real(f64),
    /// A text, an enum's name, or JSON.
    Text(&'static str),
    /// Bytes.
    Blob(&'static [u8]),
}

/// What happens to a row when the row that its foreign key names is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// Deleting a row that others name is an error.
    Refuse,
    /// The rows that name it are deleted with it.
    Cascade,
    /// The columns that name it become `NULL`.
    SetNull,
}

/// A foreign key of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignKeyDef {
    /// The column that names a row of another table.
    pub column: &'static str,
    /// The other table.
    pub table: &'static str,
    /// The other table's column.
    pub references: &'static str,
    /// What deleting the named row does.
    pub on_delete: OnDelete,
}

/// An index of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexDef {
    /// The indexed columns, in order.
    pub columns: &'static [&'static str],
    /// Whether two rows may not agree in all of them.
    pub unique: bool,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColumnDef {
    /// The column's name.
    pub name: &'static str,
    /// The name's hash, by which the checks in constants compare.
    pub hash: u64,
    /// The storage class.
    pub ty: SqlType,
    /// Whether it may be `NULL`.
    pub nullable: bool,
    /// Which values of the storage class it holds, where that is known.
    pub domain: Domain,
    /// What an insert that leaves the column out stores.
    pub default: Option<DefaultValue>,
    /// The fingerprint of the Rust type.
    pub fingerprint: u64,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TableDef {
    /// The table's name.
    pub name: &'static str,
    /// The columns, in the order of the row's fields.
    pub columns: &'static [ColumnDef],
    /// The primary key's columns.
    pub primary_key: &'static [&'static str],
    /// Further indexes.
    pub indexes: &'static [IndexDef],
    /// Foreign keys.
    pub foreign_keys: &'static [ForeignKeyDef],
}

/// A client document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentDef {
    /// The name of the table that holds it.
    pub name: &'static str,
    /// The storage class of the key; `None` for a document without one.
    pub key: Option<SqlType>,
    /// Whether its table is emptied whenever the store opens.
    pub session: bool,
}

impl DefaultValue {
    const fn hash(self, into: Fingerprint) -> Fingerprint {
        match self {
            Self::Integer(value) => into.number(1).number(value.cast_unsigned()),
            Self::Real(value) => into.number(2).number(value.to_bits()),
            Self::Text(value) => into.number(3).text(value),
            Self::Blob(value) => into.number(4).bytes(value),
        }
    }

    /// Whether a STRICT column of this type takes the default, and the Rust type reads it back.
    #[must_use]
    pub const fn fits(self, ty: SqlType, domain: Domain) -> bool {
        match (self, ty, domain) {
            (Self::Integer(value), SqlType::Integer, Domain::Integers(least, most)) => least <= value && value <= most,
            (Self::Text(text), SqlType::Text, Domain::Texts(texts)) => is_among(text, texts),
            (Self::Integer(_), SqlType::Integer | SqlType::Real, _)
            | (Self::Real(_), SqlType::Real, _)
            | (Self::Text(_), SqlType::Text, _)
            | (Self::Blob(_), SqlType::Blob, _) => true,
            _ => false,
        }
    }
}

pub(crate) const fn is_among(text: &str, texts: &[&str]) -> bool {
    let mut index = 0;
    while index < texts.len() {
        if is_equal(text.as_bytes(), texts[index].as_bytes()) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_equal(left: &[u8], right: &[u8]) -> bool {
    let mut index = 0;
    while index < left.len() && index < right.len() && left[index] == right[index] {
        index += 1;
    }
    index == left.len() && index == right.len()
}

pub(crate) const fn hash_names(names: &[&str], mut into: Fingerprint) -> Fingerprint {
    into = into.number(names.len() as u64);
    let mut index = 0;
    while index < names.len() {
        into = into.text(names[index]);
        index += 1;
    }
    into
}

impl TableDef {
    /// Whether its row has a mistake of its own, with which the derive reports no column and perhaps another name.
    pub(crate) const fn is_unread(&self) -> bool {
        matches!(self.columns, [])
    }

    pub(crate) const fn hash(&self, mut into: Fingerprint) -> Fingerprint {
        into = into.text(self.name).number(self.columns.len() as u64);
        let mut index = 0;
        while index < self.columns.len() {
            let column = &self.columns[index];
            into = into.text(column.name).number(column.ty as u64).number(column.nullable as u64);
            into = into.number(column.fingerprint);
            into = match column.default {
                Some(default) => default.hash(into),
                None => into.number(0),
            };
            index += 1;
        }
        into = hash_names(self.primary_key, into).number(self.indexes.len() as u64);
        index = 0;
        while index < self.indexes.len() {
            into = hash_names(self.indexes[index].columns, into).number(self.indexes[index].unique as u64);
            index += 1;
        }
        into = into.number(self.foreign_keys.len() as u64);
        index = 0;
        while index < self.foreign_keys.len() {
            let key = &self.foreign_keys[index];
            into = into.text(key.column).text(key.table).text(key.references).number(key.on_delete as u64);
            index += 1;
        }
        into
    }
}

/// Whether a name that no table has may be that of one whose row or document has a mistake.
pub(crate) const fn has_unread(tables: &[TableDef], documents: &[DocumentDef]) -> bool {
    let (mut tables, mut documents) = (tables, documents);
    while let [table, rest @ ..] = tables {
        if table.is_unread() {
            return true;
        }
        tables = rest;
    }
    while let [document, rest @ ..] = documents {
        if document.name.is_empty() {
            return true;
        }
        documents = rest;
    }
    false
}
