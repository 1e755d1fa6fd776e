//! The authorizer of every connection: allows what the mode allows, and records what a statement touches.
//!
//! SQLite asks while it prepares a statement, for foreign key actions and replaced rows too.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use store_context_runtime::{RESERVED_PREFIX, ReadSet, WriteSet};

/// What the statements that are prepared now may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The first thing it was refused.
    pub(crate) refused: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    mode: Mode,
    touched: Touched,
}

/// Shared by a connection and its authorizer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access(Arc<Mutex<State>>);

impl Access {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to record under a mode.
    pub(crate) fn enter(&self, mode: Mode) {
        *self.state() = State { mode, touched: Touched::default() };
    }

    /// Ends recording; the mode is internal again.
    pub(crate) fn leave(&self) -> Touched {
        std::mem::take(&mut *self.state()).touched
    }

    pub(crate) fn authorize(&self, context: &AuthContext<'_>) -> Authorization {
        let mut state = self.state();
        let mode = state.mode;
        if mode == Mode::Internal {
            return Authorization::Allow;
        }
        let touched = &mut state.touched;
        let own = |name: &str| Cow::<'static, str>::Owned(name.to_owned());
        match context.action {
            AuthAction::Select | AuthAction::Recursive => Authorization::Allow,
            AuthAction::Function { function_name } if function_name != "load_extension" => Authorization::Allow,
            AuthAction::Read { table_name, .. } if table_name.starts_with(RESERVED_PREFIX) => {
                touched.refused = Some(format!("`{table_name}` is the engine's own"));
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
                touched.refused.get_or_insert_with(|| describe(other));
                Authorization::Deny
            }
        }
    }
}

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
