//! The authorizer of every connection: allows what the mode allows, and records what a statement touches.
//!
//! SQLite asks while it prepares a statement, for foreign key actions and replaced rows too.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use store_context_runtime::{RESERVED_PREFIX, ReadSet, SchemaDef, SessionError, WriteSet};

/// What the statements that are prepared now may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mode {
    /// The engine's own statements: everything.
    #[default]
    Internal,
    /// Queries: read the state.
    Read,
    /// Materializers: write the state.
    Write,
}

/// What one statement touches.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) reads: ReadSet,
    pub(crate) writes: WriteSet,
    /// Why it was refused, the first time.
    pub(crate) refused: Option<SessionError>,
}

#[derive(Debug)]
struct State {
    schema: &'static SchemaDef,
    /// A [`Mode`]: looked at while a statement is prepared, and set around each that runs.
    mode: AtomicU8,
    touched: Mutex<Touched>,
}

/// Shared by a connection and its authorizer.
#[derive(Clone, Debug)]
pub(crate) struct Access(Arc<State>);

impl Access {
    pub(crate) fn new(schema: &'static SchemaDef) -> Self {
        Self(Arc::new(State { schema, mode: AtomicU8::default(), touched: Mutex::default() }))
    }

    /// The schema's own name, which is copied for nothing; another one where it has none.
    fn name(&self, name: &str) -> Cow<'static, str> {
        let tables = self.0.schema.tables.iter();
        let mut names =
            tables.flat_map(|table| std::iter::once(table.name).chain(table.columns.iter().map(|column| column.name)));
        names.find(|own| *own == name).map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
    }

    fn touched(&self) -> MutexGuard<'_, Touched> {
        self.0.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mode(&self) -> Mode {
        match self.0.mode.load(Ordering::Relaxed) {
            mode if mode == Mode::Read as u8 => Mode::Read,
            mode if mode == Mode::Write as u8 => Mode::Write,
            _ => Mode::Internal,
        }
    }

    /// Statements are prepared under a mode, until the guard is gone.
    pub(crate) fn enter(&self, mode: Mode) -> Entered<'_> {
        self.0.mode.store(mode as u8, Ordering::Relaxed);
        Entered(self)
    }

    /// As [`enter`](Self::enter), and begins to record.
    pub(crate) fn record(&self, mode: Mode) -> Entered<'_> {
        *self.touched() = Touched::default();
        self.enter(mode)
    }

    pub(crate) fn authorize(&self, context: &AuthContext<'_>) -> Authorization {
        let mode = self.mode();
        if mode == Mode::Internal {
            return Authorization::Allow;
        }
        let touched = &mut *self.touched();
        let own = |name: &str| self.name(name);
        match context.action {
            AuthAction::Select | AuthAction::Recursive => Authorization::Allow,
            AuthAction::Function { function_name }
                if function_name != "load_extension" && !(mode == Mode::Read && is_reserved(function_name)) =>
            {
                if VOLATILE.iter().any(|volatile| volatile.eq_ignore_ascii_case(function_name)) {
                    touched.reads.set_volatile();
                }
                Authorization::Allow
            }
            AuthAction::Read { table_name, .. } if is_reserved(table_name) => {
                touched.refused.get_or_insert_with(|| SessionError::Sql {
                    message: format!("`{table_name}` is the engine's own; read the log with `Store::events`"),
                });
                Authorization::Deny
            }
            AuthAction::Read { table_name, column_name } => {
                touched.reads.read(own(table_name), own(column_name));
                Authorization::Allow
            }
            AuthAction::Insert { table_name } | AuthAction::Delete { table_name } if mode == Mode::Write => {
                touched.writes.rows(own(table_name));
                Authorization::Allow
            }
            AuthAction::Update { table_name, column_name } if mode == Mode::Write => {
                touched.writes.column(own(table_name), own(column_name));
                Authorization::Allow
            }
            ref other => {
                touched.refused.get_or_insert_with(|| SessionError::NotReadOnly { message: describe(other) });
                Authorization::Deny
            }
        }
    }
}

/// Whether a table is the engine's own. SQLite names it as the statement spells it.
fn is_reserved(table: &str) -> bool {
    table.get(..RESERVED_PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(RESERVED_PREFIX))
}

/// While it lives, statements are prepared under its mode; after it, also after a panic, under the internal one.
pub(crate) struct Entered<'a>(&'a Access);

impl Entered<'_> {
    /// What was recorded.
    pub(crate) fn leave(self) -> Touched {
        std::mem::take(&mut *self.0.touched())
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.0.mode.store(Mode::Internal as u8, Ordering::Relaxed);
    }
}

/// Functions whose result depends on more than their arguments, or may.
const VOLATILE: [&str; 15] = [
    "date",
    "time",
    "datetime",
    "julianday",
    "unixepoch",
    "strftime",
    "timediff",
    "current_date",
    "current_time",
    "current_timestamp",
    "random",
    "randomblob",
    "changes",
    "total_changes",
    "last_insert_rowid",
];

fn describe(action: &AuthAction<'_>) -> String {
    match action {
        AuthAction::Insert { table_name } => format!("it inserts into `{table_name}`"),
        AuthAction::Update { table_name, column_name } => format!("it updates `{table_name}`.`{column_name}`"),
        AuthAction::Delete { table_name } => format!("it deletes from `{table_name}`"),
        AuthAction::Pragma { pragma_name, .. } => format!("it uses the pragma `{pragma_name}`"),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => "it controls a transaction".to_owned(),
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => "it attaches or detaches a database".to_owned(),
        _ => "it changes the schema".to_owned(),
    }
}
