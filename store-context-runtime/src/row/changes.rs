//! [`Changes`]: what differs in a live list, row by row.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::row::row::TableRow;
use crate::row::rows::Rows;
use crate::row::value::Value;

/// What differs between a list and the one before it, whose rows are known by their primary key.
///
/// Applied in order to the list before, the changes give the list now. An index is that of the list as the changes before
/// it left it.
#[derive(Clone)]
pub struct Changes<R> {
    /// The list now.
    pub rows: Rows<R>,
    /// What is done to the list before.
    pub changes: Vec<Change<R>>,
}

/// One step from a list to the next one.
#[derive(Clone)]
pub enum Change<R> {
    /// The row at this index goes.
    Removed {
        /// Where it is.
        index: usize,
        /// The row.
        row: Arc<R>,
    },
    /// A row comes, before the one that is at this index.
    Inserted {
        /// Where it is then.
        index: usize,
        /// The row.
        row: Arc<R>,
    },
    /// The row at one index goes to another one.
    Moved {
        /// Where it is.
        from: usize,
        /// Where it is then, when it was taken out at `from`.
        to: usize,
        /// The row, as it was.
        row: Arc<R>,
    },
    /// The row at this index has other values.
    Updated {
        /// Where it is.
        index: usize,
        /// The row as it was.
        before: Arc<R>,
        /// The row now.
        row: Arc<R>,
    },
}

impl<R: fmt::Debug> fmt::Debug for Changes<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl<R: fmt::Debug> fmt::Debug for Change<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed { index, .. } => write!(f, "Removed at {index}"),
            Self::Inserted { index, row } => write!(f, "Inserted at {index}: {row:?}"),
            Self::Moved { from, to, .. } => write!(f, "Moved from {from} to {to}"),
            Self::Updated { index, row, .. } => write!(f, "Updated at {index}: {row:?}"),
        }
    }
}

/// The key of a row, and how many rows before it have the same.
type Key = (Vec<Value>, usize);

fn keys<R: TableRow>(rows: &Rows<R>) -> Vec<Key> {
    let table = R::TABLE;
    let places: Vec<_> = table
        .primary_key
        .iter()
        .filter_map(|key| table.columns.iter().position(|column| column.name == *key))
        .collect();
    let mut times: HashMap<Vec<Value>, usize> = HashMap::new();
    let key = |row: &Arc<R>| {
        // Only what has no JSON form has no values, and such a row was never written.
        let values = row.to_values().unwrap_or_default();
        let key: Vec<_> = places.iter().filter_map(|place| values.get(*place).cloned()).collect();
        let time = times.entry(key.clone()).or_default();
        *time += 1;
        (key, *time)
    };
    rows.iter().map(key).collect()
}

/// What makes one list of another.
pub(crate) fn differences<R: TableRow>(before: &Rows<R>, now: &Rows<R>) -> Vec<Change<R>> {
    let (old, new) = (keys(before), keys(now));
    let old_of: HashMap<&Key, usize> = old.iter().enumerate().map(|(index, key)| (key, index)).collect();
    // Where each row of the new list was, if it was there.
    let was: Vec<Option<usize>> = new.iter().map(|key| old_of.get(key).copied()).collect();
    let mut stays = vec![false; old.len()];
    was.iter().flatten().for_each(|index| stays[*index] = true);

    let mut changes = Vec::new();
    for (index, row) in before.iter().enumerate().rev().filter(|(index, _)| !stays[*index]) {
        changes.push(Change::Removed { index, row: Arc::clone(row) });
    }
    // The list as the changes leave it, by where its rows were; what came is beyond.
    let mut list: Vec<usize> = (0..old.len()).filter(|index| stays[*index]).collect();
    let in_place = longest_rising(&was);
    let mut next = 0;
    for (index, row) in now.iter().enumerate() {
        match was[index] {
            None => {
                list.insert(next, old.len() + index);
                changes.push(Change::Inserted { index: next, row: Arc::clone(row) });
            }
            // Whatever is before it still goes elsewhere.
            Some(was) if in_place[was] => {
                next += list[next..].iter().position(|other| *other == was).unwrap_or_default();
            }
            Some(was) => {
                let from = list.iter().position(|other| *other == was).unwrap_or_default();
                list.remove(from);
                next -= usize::from(from < next);
                list.insert(next, was);
                if from != next {
                    changes.push(Change::Moved { from, to: next, row: Arc::clone(&before[was]) });
                }
            }
        }
        next += 1;
    }
    for (index, row) in now.iter().enumerate() {
        if let Some(was) = was[index]
            && !is_same(&before[was], row)
        {
            changes.push(Change::Updated { index, before: Arc::clone(&before[was]), row: Arc::clone(row) });
        }
    }
    changes
}

fn is_same<R: TableRow>(before: &Arc<R>, now: &Arc<R>) -> bool {
    Arc::ptr_eq(before, now) || matches!((before.to_values(), now.to_values()), (Ok(before), Ok(now)) if before == now)
}

/// Of rows that were there, as many as possible that keep their order: which of the places where they were.
fn longest_rising(was: &[Option<usize>]) -> Vec<bool> {
    let was: Vec<usize> = was.iter().flatten().copied().collect();
    // The ends of the longest rising runs of each length, and what comes before each row in its run.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::with_capacity(was.len()));
    for (index, place) in was.iter().enumerate() {
        let length = ends.partition_point(|end| was[*end] < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut in_place = vec![false; was.iter().max().map_or(0, |last| last + 1)];
    let mut next = ends.last().copied();
    while let Some(index) = next {
        in_place[was[index]] = true;
        next = before[index];
    }
    in_place
}

#[cfg(test)]
mod tests {
    use super::longest_rising;

    #[test]
    fn as_many_rows_as_possible_stay_where_they_are() {
        let rising = |was: &[usize]| {
            let was: Vec<_> = was.iter().map(|place| Some(*place)).collect();
            longest_rising(&was).iter().filter(|stays| **stays).count()
        };
        assert_eq!(rising(&[0, 1, 2, 3]), 4);
        assert_eq!(rising(&[3, 0, 1, 2]), 3);
        assert_eq!(rising(&[3, 2, 1, 0]), 1);
        assert_eq!(rising(&[1, 0, 3, 2, 5, 4]), 3);
        assert_eq!(rising(&[]), 0);
        assert_eq!(longest_rising(&[None, Some(2), None, Some(0)]).iter().filter(|stays| **stays).count(), 1);
    }
}
