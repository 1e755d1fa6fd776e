//! What statements read and what commits wrote: the two sides of invalidation. By table and column always, and by row where
//! a query depends on some of them only.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::row::value::Value;

type Name = Cow<'static, str>;

/// SQLite's names ignore case, and a statement may spell them as it likes.
fn folded(name: impl Into<Name>) -> Name {
    let name = name.into();
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(name.to_ascii_lowercase()) } else { name }
}

/// What a query reads of one table. Its rows always count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct TableRead {
    /// Every column.
    is_whole: bool,
    columns: BTreeSet<Name>,
}

/// The tables and columns that a query reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSet {
    tables: BTreeMap<Name, TableRead>,
    is_volatile: bool,
}

impl ReadSet {
    /// Adds a column; an empty name stands for the table's rows alone, as `count(*)` reads them.
    pub fn read(&mut self, table: impl Into<Name>, column: impl Into<Name>) {
        let read = self.tables.entry(folded(table)).or_default();
        let column = folded(column);
        if !column.is_empty() {
            read.columns.insert(column);
        }
    }

    /// Adds a table with all its columns.
    pub fn read_whole(&mut self, table: impl Into<Name>) {
        self.tables.entry(folded(table)).or_default().is_whole = true;
    }

    /// The names of the tables, in lower case.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(|table| &**table)
    }

    /// The result depends on more than the state: the time, chance, the connection. It is never served from a cache.
    pub fn set_volatile(&mut self) {
        self.is_volatile = true;
    }

    /// Whether the result depends on more than the state.
    #[must_use]
    pub fn is_volatile(&self) -> bool {
        self.is_volatile
    }

    /// Whether a commit that wrote this can have changed what was read, whatever the rows.
    #[must_use]
    pub fn is_touched_by(&self, writes: &WriteSet) -> bool {
        writes.0.iter().any(|(table, write)| self.is_touched_in(table, write))
    }

    /// Whether what was written to a table can have changed what was read, whatever the rows.
    pub(crate) fn is_touched_in(&self, table: &str, write: &TableWrite) -> bool {
        let touches = |read: &TableRead| write.rows || read.is_whole || !read.columns.is_disjoint(&write.columns);
        self.tables.get(table).is_some_and(touches)
    }
}

/// What a commit wrote to one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TableWrite {
    /// Rows came or went.
    rows: bool,
    /// Columns that were updated in rows that stayed.
    columns: BTreeSet<Name>,
    /// Which rows; any where it is not known.
    changes: Option<TableChanges>,
}

impl TableWrite {
    /// Which rows were written, where that is known.
    pub(crate) fn changes(&self) -> Option<&TableChanges> {
        self.changes.as_ref()
    }
}

/// The tables and columns that a commit wrote, and the rows where they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteSet(BTreeMap<Name, TableWrite>);

impl WriteSet {
    /// Rows of a table were inserted or deleted.
    pub fn rows(&mut self, table: impl Into<Name>) {
        self.0.entry(folded(table)).or_default().rows = true;
    }

    /// A column of a table was updated.
    pub fn column(&mut self, table: impl Into<Name>, column: impl Into<Name>) {
        self.0.entry(folded(table)).or_default().columns.insert(folded(column));
    }

    /// Adds the tables and columns that another set holds.
    pub fn merge(&mut self, other: &Self) {
        for (table, write) in &other.0 {
            let mine = match self.0.get_mut(table) {
                Some(mine) => mine,
                None => self.0.entry(table.clone()).or_default(),
            };
            mine.rows |= write.rows;
            for column in &write.columns {
                if !mine.columns.contains(column) {
                    mine.columns.insert(column.clone());
                }
            }
        }
    }

    /// Says which rows of a table were written: all that were, whatever statement did it.
    pub(crate) fn set_changes(&mut self, changes: TableChanges) {
        if let Some(write) = self.0.get_mut(&folded(changes.watched.table)) {
            write.changes = Some(changes);
        }
    }

    /// What was written to each table, by its name in lower case.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (&str, &TableWrite)> {
        self.0.iter().map(|(table, write)| (&**table, write))
    }

    /// What was written to a table.
    pub(crate) fn of(&self, table: &'static str) -> Option<&TableWrite> {
        self.0.get(&folded(table))
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A table of which live queries depend on some rows only, and the columns that say which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedTable {
    /// The table's name.
    pub table: &'static str,
    /// The columns, each once.
    pub columns: Vec<&'static str>,
}

impl WatchedTable {
    /// Where a column's values are in the states of a row.
    pub(crate) fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|watched| *watched == column)
    }
}

/// The rows of a table that a transaction wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableChanges {
    /// The table, and the columns of which there are values.
    pub watched: Arc<WatchedTable>,
    /// The rows.
    pub rows: Vec<RowChange>,
    /// Whether a statement failed: what it had written is among the rows, and was undone.
    pub some_undone: bool,
}

/// A row that was inserted, updated or deleted, by the values of the watched columns in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// Before; `None` for a row that was inserted.
    pub before: Option<Box<[Value]>>,
    /// After; `None` for a row that was deleted.
    pub after: Option<Box<[Value]>>,
}

impl RowChange {
    /// The row before, and after, where there is one.
    pub(crate) fn states(&self) -> impl Iterator<Item = &[Value]> {
        self.before.iter().chain(&self.after).map(|state| &**state)
    }
}

#[cfg(test)]
mod tests {
    use super::{ReadSet, WriteSet};

    fn reads(table: &'static str, columns: &[&'static str]) -> ReadSet {
        let mut reads = ReadSet::default();
        columns.iter().for_each(|column| reads.read(table, *column));
        reads
    }

    #[test]
    fn an_update_touches_only_readers_of_its_column() {
        let mut writes = WriteSet::default();
        writes.column("issues", "title");
        assert!(reads("issues", &["id", "title"]).is_touched_by(&writes));
        assert!(!reads("issues", &["id"]).is_touched_by(&writes));
        assert!(!reads("issues", &[""]).is_touched_by(&writes));
        assert!(!reads("labels", &["title"]).is_touched_by(&writes));
    }

    #[test]
    fn a_table_that_is_read_whole_is_touched_by_every_write_to_it() {
        let (mut reads, mut writes) = (reads("issues", &["id"]), WriteSet::default());
        writes.column("issues", "title");
        assert!(!reads.is_touched_by(&writes));
        reads.read_whole("Issues");
        assert!(reads.is_touched_by(&writes));
        assert_eq!(reads.tables().collect::<Vec<_>>(), ["issues"]);
    }

    #[test]
    fn names_ignore_case_as_they_do_in_sqlite() {
        let mut writes = WriteSet::default();
        writes.rows("Issues");
        writes.column("labels", "Name");
        assert!(reads("ISSUES", &[""]).is_touched_by(&writes));
        assert!(reads("Labels", &["NAME"]).is_touched_by(&writes));
    }

    #[test]
    fn coming_and_going_rows_touch_every_reader_of_the_table() {
        let mut writes = WriteSet::default();
        writes.rows("issues");
        assert!(reads("issues", &[""]).is_touched_by(&writes));
        assert!(reads("issues", &["id"]).is_touched_by(&writes));
    }
}
