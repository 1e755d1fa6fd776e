//! SQLite's errors in the runtime's terms.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{ErrorCode, ffi};
use store_context_runtime::{Constraint, OpenError, SessionError};

use crate::file::are_too_many_open;

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
        Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) if are_too_many_open() => {
            SessionError::TooManyOpenFiles { message }
        }
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

/// Not `CREATE`: a file that was moved away must not be made anew.
pub(crate) const FLAGS: rusqlite::OpenFlags =
    rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE.union(rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// SQLite also calls a file damaged when the disk failed to read a part of it. So it is only called so when a second
/// look finds damage.
pub(crate) fn look_again(path: Option<&Path>, error: SessionError) -> SessionError {
    match (path, error) {
        (Some(path), SessionError::Corrupt { message }) if !is_damaged(path) => {
            let message = format!("reading failed ({message}), though the file is whole");
            SessionError::Disk { message }
        }
        (_, error) => error,
    }
}

/// Looks through the whole file on a connection of its own, which leaves it as it is. A disk that refuses says nothing
/// about the file. It is looked at three times before it is called damaged, since the look itself reads from that disk.
fn is_damaged(path: &Path) -> bool {
    (0..3).all(|_| looks_damaged(path))
}

fn looks_damaged(path: &Path) -> bool {
    let check = || {
        let sqlite = rusqlite::Connection::open_with_flags(path, FLAGS)?;
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        sqlite.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
    };
    match check() {
        Ok(found) => found != "ok",
        Err(error) => matches!(session_error(&error), SessionError::Corrupt { .. }),
    }
}

/// What opening a file met with.
pub(crate) fn open_error(error: &rusqlite::Error, path: Option<&Path>) -> OpenError {
    let Some(path) = path.map(Path::to_path_buf) else { return OpenError::Session(session_error(error)) };
    let message = error.to_string();
    let code = error.sqlite_error_code();
    match look_again(Some(&path), session_error(error)) {
        SessionError::TooManyOpenFiles { message } => return OpenError::TooManyOpenFiles { path, message },
        looked @ SessionError::Disk { .. }
            if matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) =>
        {
            return OpenError::Session(looked);
        }
        _ => {}
    }
    match code {
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
