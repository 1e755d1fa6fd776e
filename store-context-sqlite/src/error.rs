//! SQLite's errors in the runtime's terms.

use std::path::Path;

use rusqlite::{ErrorCode, ffi};
use store_context_runtime::{Constraint, OpenError, SessionError};

/// What a statement or transaction met with.
pub(crate) fn session_error(error: &rusqlite::Error) -> SessionError {
    let message = match error {
        // Without the statement, which the runtime's error names.
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        error => error.to_string(),
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
            SessionError::Constraint { constraint: constraint(error, &message), message }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SessionError::Busy { message },
        Some(
            ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied,
        ) => SessionError::Disk { message },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => SessionError::Corrupt { message },
        Some(ErrorCode::Unknown | ErrorCode::AuthorizationForStatementDenied) => SessionError::Sql { message },
        _ => match error {
            rusqlite::Error::SqlInputError { .. } | rusqlite::Error::MultipleStatement => SessionError::Sql { message },
            _ => SessionError::Other { message },
        },
    }
}

/// SQLite's sentence ends in what a constraint is on: `UNIQUE constraint failed: people.email, people.name`.
fn constraint(error: &rusqlite::Error, message: &str) -> Constraint {
    let columns = || message.split_once(": ").map_or("", |(_, columns)| columns).split(", ").map(str::to_owned);
    match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
            Constraint::Unique(columns().collect())
        }
        Some(ffi::SQLITE_CONSTRAINT_NOTNULL) => Constraint::NotNull(columns().collect()),
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Constraint::ForeignKey,
        _ => Constraint::Type,
    }
}

/// What opening a file met with.
pub(crate) fn open_error(error: &rusqlite::Error, path: Option<&Path>) -> OpenError {
    let Some(path) = path.map(Path::to_path_buf) else { return OpenError::Session(session_error(error)) };
    let message = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged { path, message },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            OpenError::Inaccessible { path, message }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::InUse { path },
        // One of the engine's own columns holds what the engine never writes.
        None if matches!(
            error,
            rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..)
        ) =>
        {
            OpenError::Damaged { path, message }
        }
        _ => OpenError::Session(session_error(error)),
    }
}
