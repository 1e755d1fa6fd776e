//! What the derive has checked of a schema while compiling. Everything here runs in constants: a panic is a compile
//! error.

use crate::schema::{ColumnDef, DocumentDef, SchemaDef, TableDef};
use crate::sentence::{fail, is_near};

/// SQLite's names ignore case.
pub(crate) const fn same(left: &str, right: &str) -> bool {
    left.as_bytes().eq_ignore_ascii_case(right.as_bytes())
}

impl TableDef {
    /// Whether its row has a mistake of its own, with which the derive reports no column and perhaps another name.
    pub(crate) const fn is_unread(&self) -> bool {
        matches!(self.columns, [])
    }

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
