//! [`Capture`]: the rows that a transaction writes, as triggers of the connection's own tell them.
//!
//! Triggers see what SQLite's update hook does not: what a row was before, rows of foreign key actions, rows that a
//! REPLACE takes away (with `recursive_triggers`), and a DELETE without WHERE. They are temporary: they belong to the
//! connection, and no file has them.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef as SqliteRef;
use store_context_runtime::{RowChange, TableChanges, Value, WatchedTable};

use crate::ddl::quoted;

/// The function that the triggers call.
const FUNCTION: &str = "store_context_wrote";

/// How many rows of a table are told apart in one transaction. Beyond, any row may have been written.
const MOST_ROWS: usize = 10_000;

/// How many bytes of texts and blobs, likewise.
const MOST_BYTES: usize = 16 << 20;

/// How many columns of a table are told of.
const MOST_COLUMNS: usize = 50;

/// How many transactions in a row nothing is watched before the triggers go. Making them anew has SQLite prepare every
/// statement again.
const PATIENCE: u32 = 64;

/// What is watched, as the runtime said last.
#[derive(Default)]
pub(crate) struct Watched {
    version: u64,
    tables: Vec<Arc<WatchedTable>>,
}

impl Watched {
    /// Takes up what is watched from a version on.
    pub(crate) fn set(&mut self, version: u64, tables: Vec<Arc<WatchedTable>>) {
        if version > self.version {
            *self = Self { version, tables };
        }
    }
}

/// The triggers of a connection, and the rows that they told.
#[derive(Default)]
pub(crate) struct Capture {
    /// Of which version of [`Watched`] the triggers are.
    version: u64,
    /// Whether the function is there.
    is_ready: bool,
    /// How many transactions began while nothing was watched.
    idle: u32,
    /// Whether a statement of the transaction failed, so that what it had told was undone.
    some_undone: Cell<bool>,
    /// A table keeps its number for as long as its triggers are there.
    tables: Arc<Mutex<Vec<Option<Table>>>>,
}

/// A table with triggers.
struct Table {
    watched: Arc<WatchedTable>,
    rows: Vec<RowChange>,
    bytes: usize,
    /// More was written than is told apart.
    is_full: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Capture {
    /// Forgets the rows of the transaction before, and brings the triggers to what is watched now.
    pub(crate) fn prepare(&mut self, sqlite: &rusqlite::Connection, watched: &Mutex<Watched>) -> rusqlite::Result<()> {
        lock(&self.tables).iter_mut().flatten().for_each(|table| {
            table.rows.clear();
            (table.bytes, table.is_full) = (0, false);
        });
        self.some_undone.set(false);
        let (version, tables) = {
            let watched = lock(watched);
            self.idle = if watched.tables.is_empty() { self.idle.saturating_add(1) } else { 0 };
            if self.version == watched.version || (1..PATIENCE).contains(&self.idle) {
                return Ok(());
            }
            (watched.version, watched.tables.clone())
        };
        if !tables.is_empty() && !self.is_ready {
            self.make_function(sqlite)?;
        }
        let wanted = |table: &Table| tables.contains(&table.watched);
        let numbers = lock(&self.tables).len();
        for number in 0..numbers {
            if lock(&self.tables)[number].as_ref().is_some_and(|table| !wanted(table)) {
                drop_triggers(sqlite, number)?;
                lock(&self.tables)[number] = None;
            }
        }
        // Beyond, SQLite takes no more arguments of a function.
        for watched in tables.into_iter().filter(|watched| watched.columns.len() <= MOST_COLUMNS) {
            let number = {
                let mut tables = lock(&self.tables);
                if tables.iter().flatten().any(|table| table.watched == watched) {
                    continue;
                }
                let free = tables.iter().position(Option::is_none);
                free.unwrap_or_else(|| {
                    tables.push(None);
                    tables.len() - 1
                })
            };
            // An error may have left some of them.
            drop_triggers(sqlite, number)?;
            create_triggers(sqlite, number, &watched)?;
            lock(&self.tables)[number] = Some(Table { watched, rows: Vec::new(), bytes: 0, is_full: false });
        }
        self.version = version;
        Ok(())
    }

    fn make_function(&mut self, sqlite: &rusqlite::Connection) -> rusqlite::Result<()> {
        let tables = Arc::clone(&self.tables);
        sqlite.create_scalar_function(FUNCTION, -1, FunctionFlags::SQLITE_UTF8, move |context| {
            let number = usize::try_from(context.get::<i64>(0)?).unwrap_or(usize::MAX);
            if let Some(Some(table)) = lock(&tables).get_mut(number) {
                table.add(context);
            }
            Ok(rusqlite::types::Null)
        })?;
        // What a REPLACE takes away is deleted with its triggers only so.
        sqlite.pragma_update(None, "recursive_triggers", true)?;
        self.is_ready = true;
        Ok(())
    }

    /// A transaction in which triggers may have been made was undone: they are made anew.
    pub(crate) fn forget(&mut self) {
        lock(&self.tables).iter_mut().for_each(|table| *table = None);
        self.version = 0;
        self.idle = 0;
    }

    /// A statement failed, and what it had written is undone.
    pub(crate) fn has_failed(&self) {
        self.some_undone.set(true);
    }

    /// The rows that the transaction wrote.
    pub(crate) fn changes(&self) -> Vec<TableChanges> {
        let mut tables = lock(&self.tables);
        let changes = tables.iter_mut().flatten().filter(|table| !table.is_full).map(|table| TableChanges {
            watched: Arc::clone(&table.watched),
            rows: std::mem::take(&mut table.rows),
            some_undone: self.some_undone.get(),
        });
        changes.collect()
    }
}

impl Table {
    /// Adds a row: behind the table's number comes what happened, then the columns before, after, or both.
    fn add(&mut self, context: &Context<'_>) {
        self.bytes += (2..context.len()).map(|index| size(context.get_raw(index))).sum::<usize>();
        self.is_full |= self.rows.len() >= MOST_ROWS || self.bytes > MOST_BYTES;
        if self.is_full {
            self.rows.clear();
            return;
        }
        let columns = self.watched.columns.len();
        let state = |first: usize| (first..first + columns).map(|index| owned(context.get_raw(index))).collect();
        self.rows.push(match context.get_raw(1) {
            SqliteRef::Integer(INSERTED) => RowChange { before: None, after: Some(state(2)) },
            SqliteRef::Integer(DELETED) => RowChange { before: Some(state(2)), after: None },
            _ => RowChange { before: Some(state(2)), after: Some(state(2 + columns)) },
        });
    }
}

const INSERTED: i64 = 1;
const DELETED: i64 = 2;
const UPDATED: i64 = 3;

fn size(value: SqliteRef<'_>) -> usize {
    match value {
        SqliteRef::Text(bytes) | SqliteRef::Blob(bytes) => bytes.len(),
        _ => 0,
    }
}

fn owned(value: SqliteRef<'_>) -> Value {
    match value {
        SqliteRef::Null => Value::Null,
        SqliteRef::Integer(value) => Value::Integer(value),
        SqliteRef::Real(value) => Value::Real(value),
        // What is no text in Rust is like none that a query asks for.
        SqliteRef::Text(text) => {
            std::str::from_utf8(text).map_or_else(|_| Value::Blob(text.to_vec()), |text| Value::Text(text.to_owned()))
        }
        SqliteRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

fn create_triggers(sqlite: &rusqlite::Connection, number: usize, table: &WatchedTable) -> rusqlite::Result<()> {
    let columns =
        |row: &str| table.columns.iter().map(|column| format!(", {row}.{}", quoted(column))).collect::<String>();
    let (old, new) = (columns("OLD"), columns("NEW"));
    let name = quoted(table.table);
    sqlite.execute_batch(&format!(
        "CREATE TEMP TRIGGER store_context_insert_{number} AFTER INSERT ON main.{name}
            BEGIN SELECT {FUNCTION}({number}, {INSERTED}{new}); END;
         CREATE TEMP TRIGGER store_context_delete_{number} AFTER DELETE ON main.{name}
            BEGIN SELECT {FUNCTION}({number}, {DELETED}{old}); END;
         CREATE TEMP TRIGGER store_context_update_{number} AFTER UPDATE ON main.{name}
            BEGIN SELECT {FUNCTION}({number}, {UPDATED}{old}{new}); END;"
    ))
}

fn drop_triggers(sqlite: &rusqlite::Connection, number: usize) -> rusqlite::Result<()> {
    sqlite.execute_batch(&format!(
        "DROP TRIGGER IF EXISTS temp.store_context_insert_{number};
         DROP TRIGGER IF EXISTS temp.store_context_delete_{number};
         DROP TRIGGER IF EXISTS temp.store_context_update_{number};"
    ))
}
