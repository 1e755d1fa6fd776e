//! What the derive has checked of a schema while compiling. Everything here runs in constants: a panic is a compile
//! error.

use crate::row::table::{ColumnDef, TableDef, has_unread};
use crate::schema::def::{RESERVED_PREFIX, SchemaDef};
use crate::schema::sentence::{fail, is_near, same};

impl TableDef {
    const fn column(&self, name: &str) -> Option<&ColumnDef> {
        let mut index = 0;
        while index < self.columns.len() {
            if same(self.columns[index].name, name) {
                return Some(&self.columns[index]);
            }
            index += 1;
        }
        None
    }

    /// Whether no two rows agree in this column: what a foreign key needs.
    const fn is_unique(&self, column: &str) -> bool {
        if self.primary_key.len() == 1 && same(self.primary_key[0], column) {
            return true;
        }
        let mut index = 0;
        while index < self.indexes.len() {
            let unique = &self.indexes[index];
            if unique.unique && unique.columns.len() == 1 && same(unique.columns[0], column) {
                return true;
            }
            index += 1;
        }
        false
    }

    const fn near_column(&self, wanted: &str) -> Option<&'static str> {
        let mut index = 0;
        while index < self.columns.len() {
            if is_near(wanted, self.columns[index].name) {
                return Some(self.columns[index].name);
            }
            index += 1;
        }
        None
    }
}

impl SchemaDef {
    const fn table(&self, name: &str) -> Option<&TableDef> {
        let mut index = 0;
        while index < self.tables.len() {
            if same(self.tables[index].name, name) {
                return Some(&self.tables[index]);
            }
            index += 1;
        }
        None
    }

    const fn near_table(&self, wanted: &str) -> Option<&'static str> {
        let mut index = 0;
        while index < self.tables.len() {
            if is_near(wanted, self.tables[index].name) {
                return Some(self.tables[index].name);
            }
            index += 1;
        }
        None
    }

    /// Fails while compiling where a foreign key of this table names a table or a column that is not there, or one in
    /// which two rows may agree.
    ///
    /// # Panics
    /// The derive calls it in a constant: the panic is a compile error.
    #[doc(hidden)]
    #[track_caller]
    pub const fn assert_foreign_keys(&self, table: usize) {
        let table = &self.tables[table];
        let mut index = 0;
        while index < table.foreign_keys.len() {
            let key = &table.foreign_keys[index];
            index += 1;
            let Some(other) = self.table(key.table) else {
                if has_unread(self.tables, self.documents) {
                    continue;
                }
                let (before, meant, after) = match self.near_table(key.table) {
                    Some(meant) => ("; did you mean `", meant, "`?"),
                    None => ("; add a field `Table<..>` for it", "", ""),
                };
                fail(&[
                    "column `",
                    key.column,
                    "` of the table `",
                    table.name,
                    "` references `",
                    key.table,
                    ".",
                    key.references,
                    "`, but this store has no table `",
                    key.table,
                    "`",
                    before,
                    meant,
                    after,
                ]);
            };
            if other.is_unread() {
                continue;
            }
            let Some(referenced) = other.column(key.references) else {
                let (before, meant, after) = match other.near_column(key.references) {
                    Some(meant) => ("; did you mean `", meant, "`?"),
                    None => ("", "", ""),
                };
                fail(&[
                    "column `",
                    key.column,
                    "` of the table `",
                    table.name,
                    "` references `",
                    key.table,
                    ".",
                    key.references,
                    "`, but the table `",
                    other.name,
                    "` has no column `",
                    key.references,
                    "`",
                    before,
                    meant,
                    after,
                ]);
            };
            if let Some(column) = table.column(key.column)
                && column.ty as u8 != referenced.ty as u8
            {
                fail(&[
                    "column `",
                    key.column,
                    "` of the table `",
                    table.name,
                    "` is ",
                    column.ty.as_sql(),
                    " and references `",
                    key.table,
                    ".",
                    key.references,
                    "`, which is ",
                    referenced.ty.as_sql(),
                    "; write the same type in both",
                ]);
            }
            if !other.is_unique(key.references) {
                fail(&[
                    "column `",
                    key.column,
                    "` of the table `",
                    table.name,
                    "` references `",
                    key.table,
                    ".",
                    key.references,
                    "`, in which two rows may agree; write `#[row(unique)]` above `",
                    key.references,
                    "`, or reference the primary key",
                ]);
            }
        }
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
            let name = self.name_of(index);
            if is_reserved(name) {
                fail(&[
                    "the name `",
                    name,
                    "` is reserved, as all that begin with `store_context_` or `sqlite_`; choose another one",
                ]);
            }
            let mut other = index + 1;
            while other < count {
                // What has a mistake of its own has no name here.
                if !name.is_empty() && same(name, self.name_of(other)) {
                    fail(&[
                        "two tables or client documents of this store have the name `",
                        name,
                        "`; rename one with `#[row(table = \"..\")]` or `#[document(name = \"..\")]`",
                    ]);
                }
                other += 1;
            }
            index += 1;
        }
    }
}
