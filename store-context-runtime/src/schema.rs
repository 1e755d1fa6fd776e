//! Schemas as data: what a store consists of, known while compiling.

use std::ops::Deref;

use crate::checked::Dependencies;
use crate::column::Domain;
use crate::event::Event;
use crate::fingerprint::Fingerprint;
use crate::materialize::MaterializeError;
use crate::row::{Row, Shape, TableRow};
use crate::schema_check::same;
use crate::store::Store;
use crate::tx::Tx;
use crate::value::SqlType;

/// The schema of a store: implemented by `#[derive(StoreContext)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store schema",
    label = "this struct has no `#[derive(StoreContext)]`"
)]
pub trait StoreContext: Sized + Send + Sync + 'static {
    /// The events that change the store.
    type Event: Event;
    /// The store handle with one accessor a field, for example `ProjectStore`.
    type Handle: From<Store<Self>> + Deref<Target = Store<Self>> + Clone + Send + Sync + 'static;
    /// What the store consists of.
    const SCHEMA: &'static SchemaDef;
    /// Made while compiling; a store whose tables were made under another one is replayed.
    #[doc(hidden)]
    const SCHEMA_HASH: u64 = Self::SCHEMA.hash();
    /// Made while compiling; where it differs from the stored one, the log may hold events that are not known any more.
    #[doc(hidden)]
    const EVENT_HASH: u64 = hash_events(<Self::Event as Event>::NAMES);

    /// Calls [`Materialize`](crate::Materialize) of the same type.
    ///
    /// # Errors
    /// When the materializer fails.
    #[doc(hidden)]
    fn apply(event: &Self::Event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError>;
}

/// Row types that are tables of the store `S`: those of its `Table<..>` fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table of the store `{S}`",
    label = "`{S}` has no field of type `Table<{Self}>`",
    note = "add a field `Table<{Self}>` to `{S}`, or write to the store that has one"
)]
pub trait TableOf<S: StoreContext>: TableRow + Row {}

#[diagnostic::do_not_recommend]
impl<S: StoreContext + HasTable<R>, R: Row + TableRow> TableOf<S> for R {}

/// What `#[derive(StoreContext)]` implements once for the row of each `Table<..>` field, and for all rows of a schema
/// whose fields cannot be read.
///
/// It asks nothing of the row, so that a row that is no table is reported where its definition is taken, and a row
/// without `Clone` by its own derive alone.
#[doc(hidden)]
pub trait HasTable<R>: StoreContext {
    /// The table's definition.
    const TABLE: TableDef;
}

/// A field of a schema: one table of `R`.
#[derive(Debug)]
pub struct Table<R>(std::marker::PhantomData<fn() -> R>);

/// A field of a schema: a client document `T`, or with `K` one for each key.
#[derive(Debug)]
pub struct ClientDocument<T, K = ()>(std::marker::PhantomData<fn(K) -> T>);

/// A field of a schema: a read-only SQL query, `Query<fn(status: Status) -> Vec<Issue>>`.
#[derive(Debug)]
pub struct Query<F>(std::marker::PhantomData<F>);

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
}

/// A `#[query(..)]` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryDef {
    /// The field's name.
    pub name: &'static str,
    /// The statement.
    pub sql: &'static str,
    /// The names of the function type's parameters, in order.
    pub parameters: &'static [&'static str],
    /// How the declared result finds its columns.
    pub shape: Shape,
    /// What the statement depends on; `None` where it was not read while compiling.
    pub dependencies: Option<Dependencies>,
}

/// Everything a store consists of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SchemaDef {
    /// The schema's name, unique in an application.
    pub name: &'static str,
    /// `#[store(version = n)]`; bumped when a materializer changes.
    pub version: u32,
    /// The tables.
    pub tables: &'static [TableDef],
    /// The client documents.
    pub documents: &'static [DocumentDef],
    /// The queries.
    pub queries: &'static [QueryDef],
}

/// The prefix of the tables that the engine keeps for itself.
pub const RESERVED_PREFIX: &str = "store_context_";

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

const fn is_among(text: &str, texts: &[&str]) -> bool {
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

const fn hash_names(names: &[&str], mut into: Fingerprint) -> Fingerprint {
    into = into.number(names.len() as u64);
    let mut index = 0;
    while index < names.len() {
        into = into.text(names[index]);
        index += 1;
    }
    into
}

/// The hash of the names and aliases of a schema's events.
const fn hash_events(events: &[&[&str]]) -> u64 {
    let mut hash = Fingerprint::new().number(events.len() as u64);
    let mut index = 0;
    while index < events.len() {
        hash = hash_names(events[index], hash);
        index += 1;
    }
    hash.finish()
}

impl TableDef {
    const fn hash(&self, mut into: Fingerprint) -> Fingerprint {
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

impl SchemaDef {
    /// The hash that decides on open whether the log is replayed into fresh tables: it covers the version, the
    /// tables with columns, defaults, keys, indexes and column types, and the documents.
    #[must_use]
    pub const fn hash(&self) -> u64 {
        let mut hash = Fingerprint::new().text(self.name).number(self.version as u64);
        hash = hash.number(self.tables.len() as u64);
        let mut index = 0;
        while index < self.tables.len() {
            hash = self.tables[index].hash(hash);
            index += 1;
        }
        hash = hash.number(self.documents.len() as u64);
        index = 0;
        while index < self.documents.len() {
            hash = hash.text(self.documents[index].name);
            hash = match self.documents[index].key {
                Some(key) => hash.number(1 + key as u64),
                None => hash.number(0),
            };
            index += 1;
        }
        hash.finish()
    }
}

const fn is_reserved(name: &str) -> bool {
    const PREFIXES: [&str; 2] = [RESERVED_PREFIX, "sqlite_"];
    let mut which = 0;
    while which < PREFIXES.len() {
        let (prefix, name) = (PREFIXES[which].as_bytes(), name.as_bytes());
        let mut index = 0;
        while index < prefix.len() && index < name.len() && prefix[index].eq_ignore_ascii_case(&name[index]) {
            index += 1;
        }
        if index == prefix.len() {
            return true;
        }
        which += 1;
    }
    false
}

impl SchemaDef {
    const fn name_of(&self, index: usize) -> &'static str {
        if index < self.tables.len() { self.tables[index].name } else { self.documents[index - self.tables.len()].name }
    }

    /// Fails while compiling where two tables or documents share a name; SQLite's names ignore case.
    ///
    /// # Panics
    /// The derive calls it in a constant: the panic is a compile error.
    #[doc(hidden)]
    #[track_caller]
    pub const fn assert_names(&self) {
        let count = self.tables.len() + self.documents.len();
        let mut index = 0;
        while index < count {
            assert!(
                !is_reserved(self.name_of(index)),
                "table and document names beginning with `store_context_` or `sqlite_` are reserved; choose another one"
            );
            let mut other = index + 1;
            while other < count {
                // What has a mistake of its own has no name here.
                assert!(
                    self.name_of(index).is_empty() || !same(self.name_of(index), self.name_of(other)),
                    "two tables or client documents of this store have the same name; rename one with `#[row(table = \"..\")]` or `#[document(name = \"..\")]`"
                );
                other += 1;
            }
            index += 1;
        }
    }
}
