//! Opening a store: check the file, then bring its tables to the schema, replaying the log where they differ.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use rusqlite::config::DbConfig;
use store_context_runtime::{
    BootReport, BootStatus, EventError, MemoryReason, OpenError, OpenRequest, Opened, Persistence, Replayed,
    SessionError, SkippedEvent,
};

use crate::connection::Connection;
use crate::ddl;
use crate::error::{look_again, open_error};
use crate::file;
use crate::lock::FileLock;
use crate::log::{self, LogEnd};
use crate::readers::Readers;
use crate::replica;
use crate::replica::shared_log::OpenedLog;
use crate::session::{OpenFile, SqliteSession, WriteTransaction};
use crate::settings::{Durability, Place, Settings};
use crate::writer::{Writer, data_version};

/// Marks the files of this library; "Stcx".
pub(crate) const APPLICATION_ID: i32 = 0x5374_6378;

/// The newest form of the engine's own tables.
const FORMAT: i64 = 1;

pub(crate) async fn open(place: &Place, settings: Settings, request: &OpenRequest) -> Result<Opened, OpenError> {
    (request.progress)(BootStatus::Opening);
    if let Some(logs) = place.logs() {
        return match logs.open(request.clone()).await? {
            OpenedLog::Found(log) => replica::boot::open(log, settings, request).await,
            OpenedLog::Nowhere(reason) => {
                tracing::warn!(store = %request.store, ?reason, "there is nowhere to keep a store, so it is in memory alone");
                (request.progress)(BootStatus::Kept(Persistence::Memory { reason }));
                open_in_memory(settings, request, reason)
            }
        };
    }
    match place {
        Place::Directory(directory) => {
            let directory = file::canonical(directory);
            let path = file::database(&directory, &request.store)?;
            if settings.existing_only && !path.exists() {
                return Err(OpenError::NotFound { path });
            }
            file::prepare_directory(&directory)?;
            let lock = FileLock::acquire(&path, settings.wait_for_lock).await?;
            file::refuse_foreign(&path, APPLICATION_ID.cast_unsigned())?;
            let has_log = file::has_log(&path);
            let connection = open_file(&path, request, settings)?;
            let prepared = prepare(connection, request, settings.durability, Some(&path));
            let (mut writer, report) = prepared.map_err(|error| damaged(&path, error))?;
            // Without a log everything is in the database file, which was synced before the log was deleted.
            if !has_log && report.replayed == 0 {
                writer.synced = Some(writer.end.sequence);
            }
            let file = OpenFile { readers: Readers::new(path, settings, request.schema), lock: Mutex::new(Some(lock)) };
            Ok(opened(writer, report, Some(file), settings.durability, Persistence::Persistent))
        }
        _ => open_in_memory(settings, request, MemoryReason::Chosen),
    }
}

fn open_in_memory(settings: Settings, request: &OpenRequest, reason: MemoryReason) -> Result<Opened, OpenError> {
    let (writer, report) = prepare(in_memory(settings, request)?, request, settings.durability, None)?;
    Ok(opened(writer, report, None, settings.durability, Persistence::Memory { reason }))
}

pub(crate) fn in_memory(settings: Settings, request: &OpenRequest) -> Result<Connection, OpenError> {
    let sqlite = rusqlite::Connection::open_in_memory();
    let connection = sqlite.and_then(|sqlite| settings.connect(sqlite, request.schema));
    connection.map_err(|error| open_error(&error, None))
}

/// What the engine's own statements met with while opening, where it is damage of the file.
fn damaged(path: &Path, error: OpenError) -> OpenError {
    let OpenError::Session(error) = error else { return error };
    match look_again(Some(path), error) {
        SessionError::Corrupt { message } => OpenError::Damaged { path: path.to_path_buf(), message },
        error => OpenError::Session(error),
    }
}

fn open_file(path: &Path, request: &OpenRequest, settings: Settings) -> Result<Connection, OpenError> {
    let failed = |error| open_error(&error, Some(path));
    let sqlite = rusqlite::Connection::open(path).map_err(failed)?;
    sqlite.busy_timeout(settings.busy_timeout).map_err(failed)?;
    // Closing a file that turns out to be another's must not move its log into it.
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed)?;
    // Where SQLite cannot open a file to write, it opens it to read; no commit would ever succeed.
    if sqlite.is_readonly("main").map_err(failed)? {
        let (path, message) = (path.to_path_buf(), "it can be read, and not written".to_owned());
        return Err(match file::are_too_many_open() {
            true => OpenError::TooManyOpenFiles { path, message },
            false => OpenError::Inaccessible { path, message },
        });
    }
    // One transaction: each statement by itself would lock and unlock the file.
    sqlite.execute_batch("BEGIN").map_err(failed)?;
    check_header(&sqlite, path, request)?;
    sqlite.execute_batch("COMMIT").map_err(failed)?;
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(failed)?;
    settings.connect(sqlite, request.schema).map_err(failed)
}

fn opened(
    writer: Writer,
    report: BootReport,
    file: Option<OpenFile>,
    durability: Durability,
    persistence: Persistence,
) -> Opened {
    let sequence = AtomicU64::new(writer.end.sequence);
    let session =
        SqliteSession { file, writer: Mutex::new(Some(writer)), sequence, durability, watched: Mutex::default() };
    Opened { session: Box::new(session), report, persistence }
}

/// Refuses a file that is not this schema's store, before anything is written to it.
fn check_header(sqlite: &rusqlite::Connection, path: &Path, request: &OpenRequest) -> Result<(), OpenError> {
    let failed = |error| open_error(&error, Some(path));
    let pragma = |name: &str| sqlite.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let tables: i64 = sqlite.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    let (application, format) = (pragma("application_id").map_err(failed)?, pragma("user_version").map_err(failed)?);
    if tables == 0 && application == 0 && format == 0 {
        return Ok(());
    }
    if application != i64::from(APPLICATION_ID) {
        return Err(OpenError::ForeignDatabase { path: path.to_path_buf() });
    }
    if format > FORMAT {
        return Err(OpenError::NewerFormat { path: path.to_path_buf(), found: format, supported: FORMAT });
    }
    match log::meta::<String>(sqlite, "schema").map_err(failed)? {
        Some(found) if found != request.schema.name => Err(OpenError::OtherSchema { path: path.to_path_buf(), found }),
        _ => refuse_other_events(sqlite, path, request),
    }
}

/// The log is only looked through where the names of the schema's events differ from those that the store was opened with
/// last.
fn refuse_other_events(sqlite: &rusqlite::Connection, path: &Path, request: &OpenRequest) -> Result<(), OpenError> {
    let known = log::meta::<i64>(sqlite, "event_hash").map_err(|error| open_error(&error, Some(path)))?;
    if known == Some(request.event_hash.cast_signed()) { Ok(()) } else { refuse_unknown_log(sqlite, path, request) }
}

/// Refuses the log of another schema that has the same name: nothing in it is known.
pub(crate) fn refuse_unknown_log(
    sqlite: &rusqlite::Connection,
    path: &Path,
    request: &OpenRequest,
) -> Result<(), OpenError> {
    let names = log::names(sqlite).map_err(|error| open_error(&error, Some(path)))?;
    match names.first() {
        Some(event) if !names.iter().any(|name| request.replay.knows(name)) => {
            Err(OpenError::OtherEvents { path: path.to_path_buf(), schema: request.schema.name, event: event.clone() })
        }
        _ => Ok(()),
    }
}

/// Brings the tables to the schema, and checks the schema's queries against them.
pub(crate) fn prepare(
    mut connection: Connection,
    request: &OpenRequest,
    durability: Durability,
    path: Option<&Path>,
) -> Result<(Writer, BootReport), OpenError> {
    let failed = |error| open_error(&error, path);
    let hash = request.schema_hash.cast_signed();
    // All on one state: what another program commits in between would be taken for what was there. To write, since SQLite
    // may have the index of the log to read only. Killed or refused before this commits, the store is as it was.
    connection.run("BEGIN IMMEDIATE").map_err(failed)?;
    let is_new = connection
        .sqlite
        .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get::<_, bool>(0))
        .map_err(failed)?;
    if let Some(message) = ddl::dangling_key(request.schema) {
        return Err(OpenError::Session(SessionError::Sql { message }));
    }
    let mut report = BootReport::default();
    if is_new || needs_replay(&connection.sqlite, request, hash).map_err(failed)? {
        (request.progress)(BootStatus::Migrating);
        report.replayed = rebuild(&mut connection, request, hash, is_new, path)?;
    }
    let left_out = log::left_out(&connection.sqlite).map_err(failed)?;
    report.skipped = left_out.into_iter().map(|left_out| left_out.event).collect();
    for query in request.schema.queries {
        connection.check(query).map_err(|error| match error.is_of_statement() {
            true => OpenError::Query { query: query.name, message: error.to_string() },
            false => OpenError::Session(error),
        })?;
    }
    for statement in ddl::begin_session(request.schema) {
        connection.run(&statement).map_err(failed)?;
    }
    let version = data_version(&connection.sqlite).map_err(failed)?;
    let end = end(&connection.sqlite, request).map_err(failed)?;
    connection.run("COMMIT").map_err(failed)?;
    Ok((Writer::new(connection, end, version, durability, path.is_some()), report))
}

fn end(sqlite: &rusqlite::Connection, request: &OpenRequest) -> rusqlite::Result<LogEnd> {
    let client = log::meta(sqlite, "client")?.map_or(request.session, store_context_runtime::Uuid::from_bytes);
    log::read_end(sqlite, client, request.session)
}

/// Whether the tables are another schema's, or an event that was left out can be read now.
fn needs_replay(sqlite: &rusqlite::Connection, request: &OpenRequest, hash: i64) -> rusqlite::Result<bool> {
    if log::meta::<i64>(sqlite, "schema_hash")? != Some(hash) {
        return Ok(true);
    }
    let left_out = log::left_out(sqlite)?;
    let event_hash = request.event_hash.cast_signed();
    if log::meta::<i64>(sqlite, "event_hash")? != Some(event_hash) {
        // The rows of an event that is not known any more would otherwise stay until the next change of a table.
        let is_left_out = |name: &str| left_out.iter().any(|left_out| left_out.event.name == name);
        if log::names(sqlite)?.iter().any(|name| !request.replay.knows(name) && !is_left_out(name)) {
            return Ok(true);
        }
        log::set_meta(sqlite, "event_hash", event_hash)?;
    }
    Ok(left_out.iter().any(|left_out| request.replay.decodes(&left_out.event.name, &left_out.arguments).is_ok()))
}

/// Makes the engine's own tables in an empty database, and marks it as a store of this schema.
pub(crate) fn make_log(sqlite: &rusqlite::Connection, schema: &str) -> rusqlite::Result<()> {
    sqlite.execute_batch(log::TABLES)?;
    sqlite.pragma_update(None, "application_id", APPLICATION_ID)?;
    sqlite.pragma_update(None, "user_version", FORMAT)?;
    log::set_meta(sqlite, "schema", schema)
}

/// Drops the state tables, makes the schema's, and replays the log into them. Closing without COMMIT undoes it.
fn rebuild(
    connection: &mut Connection,
    request: &OpenRequest,
    hash: i64,
    is_new: bool,
    path: Option<&Path>,
) -> Result<u64, OpenError> {
    let failed = |error| open_error(&error, path);
    let sqlite = &connection.sqlite;
    if is_new {
        make_log(sqlite, request.schema.name).map_err(failed)?;
        log::set_meta(sqlite, "client", request.session.as_bytes()).map_err(failed)?;
    } else {
        drop_state(sqlite).map_err(failed)?;
    }
    for statement in ddl::statements(request.schema) {
        sqlite.execute_batch(&statement).map_err(failed)?;
    }
    let total = log::count(sqlite).map_err(failed)?;
    let mut end = end(sqlite, request).map_err(failed)?;
    let mut skipped = Vec::new();
    let (mut done, mut after) = (0, 0);
    while done < total {
        (request.progress)(BootStatus::Replaying { done, total });
        let page = log::page(&connection.sqlite, after).map_err(failed)?;
        let Some(last) = page.last() else { break };
        (after, done) = (last.meta.sequence, done + page.len() as u64);
        for event in &page {
            let mut transaction = WriteTransaction::new(connection, &mut end, path);
            let applied = match request.replay.cancelled() {
                Some(cancelled) => Err(cancelled),
                None => request.replay.apply(event, &mut transaction),
            };
            // The materializer is not to blame for it.
            if let Some(failed) = transaction.failed {
                return Err(OpenError::Session(failed));
            }
            let sequence = event.meta.sequence;
            match applied {
                Ok(Replayed::Applied(_)) => {}
                Ok(Replayed::Skipped(error)) => skipped.push(left_out(event.name.clone(), sequence, &error)),
                Err(message) => {
                    return Err(OpenError::Replay { sequence, event: event.name.clone(), message });
                }
            }
        }
    }
    if total > 0 {
        (request.progress)(BootStatus::Replaying { done, total });
    }
    let sqlite = &connection.sqlite;
    log::record_left_out(sqlite, &skipped).map_err(failed)?;
    log::set_meta(sqlite, "schema_hash", hash).map_err(failed)?;
    log::set_meta(sqlite, "event_hash", request.event_hash.cast_signed()).map_err(failed)?;
    Ok(done)
}

fn left_out(name: String, sequence: u64, error: &EventError) -> SkippedEvent {
    SkippedEvent { sequence, name, reason: error.to_string() }
}

/// Drops every table but the engine's own.
fn drop_state(sqlite: &rusqlite::Connection) -> rusqlite::Result<()> {
    // Tables may reference each other in a circle; what dangles between two drops is gone after the last.
    sqlite.pragma_update(None, "defer_foreign_keys", true)?;
    let mut tables = sqlite.prepare(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'store\\_context\\_%' ESCAPE '\\'",
    )?;
    let tables = tables.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    for table in tables {
        sqlite.execute_batch(&format!("DROP TABLE {}", ddl::quoted(&table)))?;
    }
    sqlite.pragma_update(None, "defer_foreign_keys", false)
}
