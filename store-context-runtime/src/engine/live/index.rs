//! [`Index`]: the live queries of a store, found by what a commit wrote: by table, and by a value of a row where only rows
//! with that value matter to a query.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::{Arc, Weak};

use foldhash::HashMap;

use crate::adapter::footprint::{ReadSet, TableChanges, WatchedTable, WriteSet};
use crate::engine::live::node::{Found, Identity, Node};
use crate::row::value::Value;
use crate::sql::condition::{RowsOf, rows_of};
use crate::sql::statement::Statement;

/// Every live query, by identity, and by what it reads once that is known.
#[derive(Default)]
pub(crate) struct Index {
    /// By the hash of the identity, so that nobody who looks has to own one.
    by_identity: HashMap<u64, Vec<Registered>>,
    count: usize,
    /// Those that never ran yet may read anything.
    unread: Entries,
    tables: HashMap<String, Table>,
    /// Counts the queries, for the order in which they are told.
    registered: u64,
}

/// Queries in the order in which they were first subscribed to.
type Entries = BTreeMap<u64, Weak<dyn Node>>;

struct Registered {
    identity: Identity,
    order: u64,
    node: Weak<dyn Node>,
    places: Vec<Place>,
    /// Which columns of which tables it asks for.
    asked: Vec<(String, Vec<&'static str>)>,
}

/// Where a query is found.
enum Place {
    /// By any row of a table.
    Table(String),
    /// By a value of a column.
    Value(String, &'static str, Value),
}

/// The queries that read one table.
#[derive(Default)]
struct Table {
    by_value: BTreeMap<&'static str, HashMap<Value, Entries>>,
    others: Entries,
    /// How many queries ask for a column of a row.
    asked: BTreeMap<&'static str, usize>,
    watched: Option<Arc<WatchedTable>>,
}

/// What of the tables is watched, and a number that grows with each change of it.
pub(crate) type Watched = (u64, Vec<Arc<WatchedTable>>);

impl Index {
    fn hash(&self, statement: &Statement, kind: TypeId) -> u64 {
        self.by_identity.hasher().hash_one((statement, kind))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn get(&self, statement: &Statement, kind: TypeId) -> Option<Arc<dyn Node>> {
        let same = self.by_identity.get(&self.hash(statement, kind))?;
        same.iter().find(|query| query.is(statement, kind))?.node.upgrade()
    }

    /// Those that somebody has, in order.
    pub(crate) fn all(&self) -> Vec<Arc<dyn Node>> {
        let all = self.by_identity.values().flatten().filter_map(|query| Some((query.order, query.node.upgrade()?)));
        let mut all: Vec<_> = all.collect();
        all.sort_unstable_by_key(|(order, _)| *order);
        all.into_iter().map(|(_, node)| node).collect()
    }

    /// Adds a query that did not run yet.
    pub(crate) fn add(&mut self, identity: Identity, make: impl FnOnce(u64) -> Arc<dyn Node>) -> Arc<dyn Node> {
        self.registered += 1;
        let order = self.registered;
        let added = make(order);
        let node = Arc::downgrade(&added);
        self.unread.insert(order, Weak::clone(&node));
        let hash = self.hash(&identity.0, identity.1);
        let same = self.by_identity.entry(hash).or_default();
        // One that is being dropped.
        let before = same.iter().position(|query| query.is(&identity.0, identity.1));
        let before = before.map(|before| same.swap_remove(before));
        same.push(Registered { identity, order, node, places: Vec::new(), asked: Vec::new() });
        match before {
            // Its columns stay watched until something else differs, at no harm.
            Some(before) => _ = self.take_out(&before),
            None => self.count += 1,
        }
        added
    }

    /// Places a query by what it reads. Returns whether other columns are watched now.
    pub(crate) fn place(&mut self, identity: &Identity, order: u64, reads: &ReadSet, rows: &[RowsOf]) -> bool {
        let hash = self.hash(&identity.0, identity.1);
        let mut same = self.by_identity.get_mut(&hash).into_iter().flatten();
        let Some(registered) = same.find(|query| query.order == order) else { return false };
        let (statement, node) = (&identity.0, Weak::clone(&registered.node));
        self.unread.remove(&order);
        let mut differs = false;
        for name in reads.tables() {
            let table = self.tables.entry(name.to_owned()).or_default();
            let rows = rows_of(rows, name);
            if let Some(rows) = rows {
                let columns = rows.asked();
                differs |= table.ask(rows.table, &columns);
                registered.asked.push((name.to_owned(), columns));
            }
            match rows.and_then(|rows| rows.key(&statement.values)) {
                Some((column, keys)) => {
                    let by_value = table.by_value.entry(column).or_default();
                    for value in &statement.values[keys] {
                        by_value.entry(value.clone()).or_default().insert(order, Weak::clone(&node));
                        registered.places.push(Place::Value(name.to_owned(), column, value.clone()));
                    }
                }
                None => {
                    table.others.insert(order, Weak::clone(&node));
                    registered.places.push(Place::Table(name.to_owned()));
                }
            }
        }
        differs
    }

    /// Removes a query that nobody has any more. Returns whether other columns are watched now.
    pub(crate) fn forget(&mut self, identity: &Identity) -> bool {
        let hash = self.hash(&identity.0, identity.1);
        let Some(same) = self.by_identity.get_mut(&hash) else { return false };
        let is_gone = |query: &Registered| query.is(&identity.0, identity.1) && query.node.strong_count() == 0;
        let Some(gone) = same.iter().position(is_gone) else { return false };
        let removed = same.swap_remove(gone);
        if same.is_empty() {
            self.by_identity.remove(&hash);
        }
        self.count -= 1;
        self.take_out(&removed)
    }

    /// Returns whether other columns are watched now.
    fn take_out(&mut self, query: &Registered) -> bool {
        self.unread.remove(&query.order);
        for place in &query.places {
            let Some(table) = self.tables.get_mut(place.table()) else { continue };
            match place {
                Place::Table(_) => _ = table.others.remove(&query.order),
                Place::Value(_, column, value) => {
                    let Some(by_value) = table.by_value.get_mut(column) else { continue };
                    if let Some(entries) = by_value.get_mut(value) {
                        entries.remove(&query.order);
                        if entries.is_empty() {
                            by_value.remove(value);
                        }
                    }
                }
            }
        }
        let mut differs = false;
        for (table, columns) in &query.asked {
            differs |= self.tables.get_mut(table).is_some_and(|table| table.ask_no_more(columns));
        }
        differs
    }

    /// The tables of which some rows are asked for.
    pub(crate) fn watched(&self) -> Vec<Arc<WatchedTable>> {
        self.tables.values().filter_map(|table| table.watched.clone()).collect()
    }

    /// The queries that these writes can have changed.
    pub(crate) fn touched(&self, writes: &WriteSet, found: &mut Found) {
        self.unread.values().for_each(|node| found.add(node));
        for (name, write) in writes.tables() {
            let Some(table) = self.tables.get(name) else { continue };
            let changes = write.changes();
            if changes.is_some_and(|changes| changes.rows.is_empty()) {
                continue;
            }
            let concerns = |node: &dyn Node| node.reads().is_none_or(|reads| reads.is_touched_in(name, write));
            for node in table.others.values() {
                found.add_where(node, |node| {
                    concerns(node) && changes.is_none_or(|changes| node.may_concern(name, changes))
                });
            }
            for (column, by_value) in &table.by_value {
                let at = |changes: &TableChanges| changes.watched.position(column);
                let Some((changes, at)) = changes.and_then(|changes| Some((changes, at(changes)?))) else {
                    for node in by_value.values().flat_map(BTreeMap::values) {
                        found.add_where(node, concerns);
                    }
                    continue;
                };
                for value in changes.rows.iter().flat_map(|row| row.states()).map(|state| &state[at]) {
                    for node in by_value.get(value).into_iter().flat_map(BTreeMap::values) {
                        found.add_where(node, |node| concerns(node) && node.may_concern(name, changes));
                    }
                }
            }
        }
    }
}

impl Registered {
    fn is(&self, statement: &Statement, kind: TypeId) -> bool {
        self.identity.1 == kind && self.identity.0 == *statement
    }
}

impl Place {
    fn table(&self) -> &str {
        match self {
            Self::Table(table) | Self::Value(table, ..) => table,
        }
    }
}

impl Table {
    /// A query more asks for columns. Returns whether others are watched now.
    fn ask(&mut self, table: &'static str, columns: &[&'static str]) -> bool {
        let before = self.asked.len();
        columns.iter().for_each(|column| *self.asked.entry(column).or_default() += 1);
        let differs = self.asked.len() != before;
        if differs {
            self.watch(table);
        }
        differs
    }

    /// A query less does.
    fn ask_no_more(&mut self, columns: &[&'static str]) -> bool {
        let before = self.asked.len();
        self.asked.retain(|column, queries| {
            *queries -= usize::from(columns.contains(column));
            *queries > 0
        });
        let differs = self.asked.len() != before;
        if let Some(watched) = self.watched.as_ref().filter(|_| differs) {
            self.watch(watched.table);
        }
        differs
    }

    fn watch(&mut self, table: &'static str) {
        let columns: Vec<_> = self.asked.keys().copied().collect();
        self.watched = (!columns.is_empty()).then(|| Arc::new(WatchedTable { table, columns }));
    }
}
