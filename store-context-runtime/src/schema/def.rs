//! Schemas as data: what a store consists of, known while compiling.

use crate::row::fingerprint::Fingerprint;
use crate::row::row::Shape;
use crate::row::table::{DocumentDef, TableDef, hash_names};
use crate::schema::checked::Dependencies;

/// A field of a schema: one table of `R`.
#[derive(Debug)]
pub struct Table<R>(std::marker::PhantomData<fn() -> R>);

/// A field of a schema: a client document `T`, or with `K` one for each key.
#[derive(Debug)]
pub struct ClientDocument<T, K = ()>(std::marker::PhantomData<fn(K) -> T>);

/// A field of a schema: a read-only SQL query, `Query<fn(status: Status) -> Vec<Issue>>`.
#[derive(Debug)]
pub struct Query<F>(std::marker::PhantomData<F>);

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

/// The hash of the names and aliases of a schema's events.
pub(crate) const fn hash_events(events: &[&[&str]]) -> u64 {
    let mut hash = Fingerprint::new().number(events.len() as u64);
    let mut index = 0;
    while index < events.len() {
        hash = hash_names(events[index], hash);
        index += 1;
    }
    hash.finish()
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
            if self.documents[index].session {
                hash = hash.text("session");
            }
            index += 1;
        }
        hash.finish()
    }
}
