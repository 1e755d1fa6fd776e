//! [`Tables`]: what the names of a statement are looked up in.

use super::item::Origin;
use super::statement::{Builtin, Source, SourceKind};
use crate::row::table::{DocumentDef, TableDef, has_unread};

/// The tables of a schema with the hashes of their names, made once for all of its queries.
#[derive(Clone, Copy, Debug)]
pub struct Tables {
    /// The tables.
    pub tables: &'static [TableDef],
    /// The client documents.
    pub documents: &'static [DocumentDef],
    /// The hashes of the tables' names, then of the documents'.
    pub names: &'static [u64],
}

/// The columns of a client document's table.
pub(super) const DOCUMENT_COLUMNS: [&str; 3] = ["key", "value", "unset"];
/// The columns of `json_each`; the last two are left out of `*`.
pub(super) const JSON_COLUMNS: [&str; 10] =
    ["key", "value", "type", "atom", "id", "parent", "fullkey", "path", "json", "root"];
pub(super) const JSON_VISIBLE: usize = 8;
pub(super) const DOCUMENT_HASHES: [u64; 3] = hashes(&DOCUMENT_COLUMNS);
pub(super) const JSON_HASHES: [u64; 10] = hashes(&JSON_COLUMNS);
/// The columns of `sqlite_schema`.
pub(super) const SCHEMA_COLUMNS: [&str; 5] = ["type", "name", "tbl_name", "rootpage", "sql"];
pub(super) const SCHEMA_HASHES: [u64; 5] = hashes(&SCHEMA_COLUMNS);
pub(super) const ROWID_HASHES: [u64; 3] = hashes(&["rowid", "oid", "_rowid_"]);

const fn hashes<const N: usize>(names: &[&str; N]) -> [u64; N] {
    let mut hashes = [0; N];
    let mut index = 0;
    while index < N {
        hashes[index] = hash(names[index]);
        index += 1;
    }
    hashes
}

/// The 64-bit FNV-1a hash of a name without case; the derive has the same.
///
/// Of operators alone: in constants a call, such as of `wrapping_mul`, takes far longer than what it does.
#[must_use]
pub const fn hash(name: &str) -> u64 {
    let (name, count, mut hash, mut index) = (name.as_bytes(), name.len(), 0xcbf2_9ce4_8422_2325_u64, 0);
    while index < count {
        let byte = name[index];
        let folded = if byte >= b'A' && byte <= b'Z' { byte | 0x20 } else { byte };
        hash = ((hash ^ folded as u64) as u128 * 0x0000_0100_0000_01b3) as u64;
        index += 1;
    }
    hash
}

/// The hashes of the tables' names, then of the documents'.
#[must_use]
pub const fn table_hashes<const N: usize>(tables: &[TableDef], documents: &[DocumentDef]) -> [u64; N] {
    let (mut hashes, count, mut index) = ([0; N], tables.len(), 0);
    while index < N {
        let name = if index < count { tables[index].name } else { documents[index - count].name };
        hashes[index] = hash(name);
        index += 1;
    }
    hashes
}

impl Tables {
    /// What a source is; `None` where it names a table that is not there.
    pub(super) const fn origin(&self, source: &Source) -> Option<Origin> {
        match source.kind {
            SourceKind::Table(name, builtin) => match (self.find(name), builtin) {
                (Some(origin), _) => Some(origin),
                (None, Builtin::Json) => Some(Origin::Json),
                (None, Builtin::Schema) => Some(Origin::Schema),
                (None, Builtin::Other) => Some(Origin::Unknown),
                (None, Builtin::None) if has_unread(self.tables, self.documents) => Some(Origin::Unknown),
                (None, Builtin::None) => None,
            },
            SourceKind::Select { .. } => Some(Origin::Select),
            SourceKind::Function(Builtin::Json) => Some(Origin::Json),
            SourceKind::Function(_) => Some(Origin::Unknown),
        }
    }

    /// The table or document of this name.
    const fn find(&self, name: u64) -> Option<Origin> {
        let mut names = self.names;
        let mut index = 0;
        while let [first, rest @ ..] = names {
            if *first == name {
                let tables = self.tables.len();
                return Some(if index >= tables {
                    Origin::Document(index - tables)
                } else if self.tables[index].is_unread() {
                    Origin::Unknown
                } else {
                    Origin::Table(index)
                });
            }
            names = rest;
            index += 1;
        }
        None
    }
}
