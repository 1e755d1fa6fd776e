//! What statements read and what commits wrote, by table and column: the two sides of invalidation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

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

    /// Whether a commit that wrote this can have changed what was read.
    #[must_use]
    pub fn is_touched_by(&self, writes: &WriteSet) -> bool {
        writes.0.iter().any(|(table, write)| {
            let touches = |read: &TableRead| write.rows || read.is_whole || !read.columns.is_disjoint(&write.columns);
            self.tables.get(table).is_some_and(touches)
        })
    }
}

/// What a commit wrote to one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct TableWrite {
    /// Rows came or went.
    rows: bool,
    /// Columns that were updated in rows that stayed.
    columns: BTreeSet<Name>,
}

/// The tables and columns that a commit wrote.
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

    /// Adds what another set holds.
    pub fn merge(&mut self, other: &Self) {
        for (table, write) in &other.0 {
            let mine = self.0.entry(table.clone()).or_default();
            mine.rows |= write.rows;
            mine.columns.extend(write.columns.iter().cloned());
        }
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
