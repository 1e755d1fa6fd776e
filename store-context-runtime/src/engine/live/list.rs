//! [`List`]: the rows of a live query, and how an ordered list of one table is kept by the rows that commits write,
//! without a run of the query.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::adapter::footprint::{RowChange, WriteSet};
use crate::row::changes::Change;
use crate::row::row::{Cells, Layout, Row, decode};
use crate::row::table::ColumnDef;
use crate::row::value::{Encoded, Value, ValueRef};
use crate::sql::condition::RowsOf;
use crate::sql::list_order::ListOrder;

/// How many written rows are taken up one by one. For more, the query runs again.
const MOST_ROWS: usize = 64;

/// What commits wrote since a list was read, as far as it can matter to it.
pub(crate) enum Written {
    /// These rows, each with its table's columns.
    Rows(Vec<RowChange>),
    /// What is not told row by row.
    Anything,
}

impl Written {
    /// Adds what a commit wrote to the table of the list.
    pub(crate) fn add(&mut self, rows: &RowsOf, values: &[Value], writes: &WriteSet) {
        let added = rows_of_list(rows, values, writes);
        match (&mut *self, added) {
            (Self::Rows(rows), Some(added)) if rows.len() + added.len() <= MOST_ROWS => rows.extend(added),
            (written, _) => *written = Self::Anything,
        }
    }

    /// Whether nothing was written.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Rows(rows) if rows.is_empty())
    }

    /// What was written so far; from here on nothing is.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::Rows(Vec::new()))
    }
}

/// The rows that were written to the table of a list, with its columns in their order; `None` where they are not known.
fn rows_of_list(rows: &RowsOf, values: &[Value], writes: &WriteSet) -> Option<Vec<RowChange>> {
    let Some(write) = writes.of(rows.table) else { return Some(Vec::new()) };
    let changes = write.changes().filter(|changes| !changes.some_undone)?;
    let watched = &changes.watched;
    let positions = rows.columns().iter().map(|column| watched.position(column.name));
    let positions: Vec<_> = positions.collect::<Option<_>>()?;
    let matters =
        |state: &[Value]| rows.holds(values, &|column| watched.position(column).map(|at| &state[at])) != Some(false);
    let matter = changes.rows.iter().filter(|change| change.states().any(matters));
    let in_order = |state: &Option<Box<[Value]>>| {
        state.as_ref().map(|state| positions.iter().map(|at| state[*at].clone()).collect())
    };
    let row = |change: &RowChange| RowChange { before: in_order(&change.before), after: in_order(&change.after) };
    Some(matter.take(MOST_ROWS + 1).map(row).collect())
}

/// A row of a result.
pub(crate) struct Entry<R> {
    /// The values that were read, in an encoding that differs when a value or its type does.
    pub(crate) encoded: Vec<u8>,
    pub(crate) row: Arc<R>,
}

/// The rows of a result, in order.
pub(crate) struct List<R>(pub(crate) Vec<Entry<R>>);

/// How a list came from the one before it.
pub(crate) struct Kept<R> {
    pub(crate) changes: Vec<Change<R>>,
    /// What is not in it any more. Dropping rows may run the user's code.
    pub(crate) replaced: Vec<Entry<R>>,
}

/// One row of a table, from the state that a list knows to the present one.
struct Net {
    before: Option<Box<[Value]>>,
    after: Option<Box<[Value]>>,
}

impl<R: Row> List<R> {
    pub(crate) fn rows(&self) -> Vec<Arc<R>> {
        self.0.iter().map(|entry| Arc::clone(&entry.row)).collect()
    }

    /// Takes up what commits wrote. `None` where only a run of the query tells the rows or their order: the list is as it
    /// was then.
    pub(crate) fn keep(
        &mut self,
        rows: &RowsOf,
        order: &ListOrder,
        values: &[Value],
        written: Vec<RowChange>,
    ) -> Option<Kept<R>> {
        let nets = nets(written, order)?;
        let mut keeping = Keeping { list: &mut self.0, order, columns: rows.columns(), done: Vec::new() };
        let mut changes = Vec::new();
        let took = nets.into_iter().try_for_each(|net| keeping.take(net, rows, values, &mut changes));
        if took.is_none() {
            keeping.undo();
            return None;
        }
        Some(Kept { changes, replaced: keeping.done.into_iter().filter_map(Step::into_replaced).collect() })
    }
}

/// Each row once. A chain of changes in which one does not begin where the one before it ended was told out of order.
fn nets(written: Vec<RowChange>, order: &ListOrder) -> Option<Vec<Net>> {
    let mut nets: Vec<(Vec<Value>, Net)> = Vec::new();
    let mut add = |key: Vec<Value>, before, after| {
        match nets.iter_mut().find(|(known, _)| *known == key) {
            Some((_, net)) if net.after == before => net.after = after,
            Some(_) => return None,
            None => nets.push((key, Net { before, after })),
        }
        Some(())
    };
    for RowChange { before, after } in written {
        match (before.as_ref().map(|state| order.key(state)), after.as_ref().map(|state| order.key(state))) {
            (Some(old), Some(new)) if old != new => {
                add(old, before, None)?;
                add(new, None, after)?;
            }
            (Some(key), _) | (None, Some(key)) => add(key, before, after)?,
            (None, None) => {}
        }
    }
    Some(nets.into_iter().map(|(_, net)| net).filter(|net| net.before != net.after).collect())
}

/// A list while written rows are taken up.
struct Keeping<'l, R> {
    list: &'l mut Vec<Entry<R>>,
    order: &'l ListOrder,
    columns: &'static [ColumnDef],
    done: Vec<Step<R>>,
}

/// What was done to the list, and what undoes it.
enum Step<R> {
    Removed(usize, Entry<R>),
    Inserted(usize),
    Replaced(usize, Entry<R>),
}

impl<R> Step<R> {
    fn into_replaced(self) -> Option<Entry<R>> {
        match self {
            Self::Removed(_, entry) | Self::Replaced(_, entry) => Some(entry),
            Self::Inserted(_) => None,
        }
    }
}

impl<R: Row> Keeping<'_, R> {
    fn take(&mut self, net: Net, rows: &RowsOf, values: &[Value], changes: &mut Vec<Change<R>>) -> Option<()> {
        let is_in = |state: &Option<Box<[Value]>>| {
            let Some(state) = state else { return Some(false) };
            let position = |name: &str| self.columns.iter().position(|column| column.name == name);
            rows.holds(values, &|column| position(column).map(|at| &state[at]))
        };
        let was = if is_in(&net.before)? { Some(self.find(&net.before?)?) } else { None };
        let now = if is_in(&net.after)? { Some(self.entry(&net.after?)?) } else { None };
        match (was, now) {
            (Some(index), Some(entry)) if self.fits(index, &entry)? => {
                let row = Arc::clone(&entry.row);
                let before = std::mem::replace(&mut self.list[index], entry);
                changes.push(Change::Updated { index, before: Arc::clone(&before.row), row });
                self.done.push(Step::Replaced(index, before));
            }
            (Some(from), Some(entry)) => {
                let before = self.remove(from);
                let row = Arc::clone(&entry.row);
                let to = self.insert(entry)?;
                if from != to {
                    changes.push(Change::Moved { from, to, row: Arc::clone(&before) });
                }
                changes.push(Change::Updated { index: to, before, row });
            }
            (Some(index), None) => {
                let row = self.remove(index);
                changes.push(Change::Removed { index, row });
            }
            (None, Some(entry)) => {
                let row = Arc::clone(&entry.row);
                let index = self.insert(entry)?;
                changes.push(Change::Inserted { index, row });
            }
            (None, None) => {}
        }
        Some(())
    }

    /// The row with these values, decoded.
    fn entry(&self, state: &[Value]) -> Option<Entry<R>> {
        let cells = RowCells { columns: self.columns, state };
        // Why it does not decode is said by a run of the query.
        let row = decode(&cells, &Layout::InOrder(state.len())).ok()?;
        Some(Entry { encoded: encoded(state), row: Arc::new(row) })
    }

    /// Where the first row is that does not come before this one.
    fn lower_bound(&self, encoded: &[u8]) -> Option<usize> {
        let mut is_known = true;
        let is_before = |entry: &Entry<R>| match self.order.compare(Encoded(&entry.encoded), Encoded(encoded)) {
            Some(ordering) => ordering == Ordering::Less,
            None => {
                is_known = false;
                false
            }
        };
        let found = self.list.partition_point(is_before);
        is_known.then_some(found)
    }

    fn compare_at(&self, index: usize, encoded: &[u8]) -> Option<Ordering> {
        self.order.compare(Encoded(&self.list[index].encoded), Encoded(encoded))
    }

    /// Where the row with these values is.
    fn find(&self, state: &[Value]) -> Option<usize> {
        let encoded = encoded(state);
        let mut index = self.lower_bound(&encoded)?;
        while index < self.list.len() && self.compare_at(index, &encoded)? == Ordering::Equal {
            if self.list[index].encoded == encoded {
                return Some(index);
            }
            index += 1;
        }
        None
    }

    /// Whether a row belongs where another one is.
    fn fits(&self, index: usize, entry: &Entry<R>) -> Option<bool> {
        let is_behind = match index.checked_sub(1) {
            Some(before) => self.compare_at(before, &entry.encoded)? == Ordering::Less,
            None => true,
        };
        let is_before =
            index + 1 == self.list.len() || self.compare_at(index + 1, &entry.encoded)? == Ordering::Greater;
        Some(is_behind && is_before)
    }

    fn remove(&mut self, index: usize) -> Arc<R> {
        let entry = self.list.remove(index);
        let row = Arc::clone(&entry.row);
        self.done.push(Step::Removed(index, entry));
        row
    }

    /// `None` beside a row that the order does not tell from this one: which of them comes first is SQLite's own.
    fn insert(&mut self, entry: Entry<R>) -> Option<usize> {
        let index = self.lower_bound(&entry.encoded)?;
        if index < self.list.len() && self.compare_at(index, &entry.encoded)? == Ordering::Equal {
            return None;
        }
        self.list.insert(index, entry);
        self.done.push(Step::Inserted(index));
        Some(index)
    }

    fn undo(self) {
        for step in self.done.into_iter().rev() {
            match step {
                Step::Removed(index, entry) => self.list.insert(index, entry),
                Step::Inserted(index) => drop(self.list.remove(index)),
                Step::Replaced(index, entry) => self.list[index] = entry,
            }
        }
    }
}

fn encoded(state: &[Value]) -> Vec<u8> {
    let mut encoded = Vec::new();
    state.iter().for_each(|value| value.as_ref().encode(&mut encoded));
    encoded
}

/// The values of a table's row.
struct RowCells<'r> {
    columns: &'static [ColumnDef],
    state: &'r [Value],
}

impl Cells for RowCells<'_> {
    fn count(&self) -> usize {
        self.state.len()
    }

    fn name(&self, index: usize) -> &str {
        self.columns[index].name
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        self.state[index].as_ref()
    }
}
