//! The event log: appended to, read in pages, never rewritten; of a slot's events only the latest stays.

use rusqlite::{OptionalExtension, params};
use store_context_runtime::{EventMeta, LoggedEvent, NewEvent, SessionError, SkippedEvent, Uuid};

use crate::error::session_error;

/// The engine's own tables.
pub(crate) const TABLES: &str = "
    CREATE TABLE store_context_meta (key TEXT NOT NULL PRIMARY KEY, value ANY NOT NULL) STRICT;
    CREATE TABLE store_context_events (
        sequence INTEGER NOT NULL PRIMARY KEY,
        parent INTEGER NOT NULL,
        id BLOB NOT NULL UNIQUE,
        name TEXT NOT NULL,
        arguments TEXT NOT NULL,
        client BLOB NOT NULL,
        session BLOB NOT NULL,
        unix_ms INTEGER NOT NULL,
        slot TEXT
    ) STRICT;
    CREATE UNIQUE INDEX store_context_slots ON store_context_events (slot) WHERE slot IS NOT NULL;
    CREATE TABLE store_context_skipped (sequence INTEGER NOT NULL PRIMARY KEY, reason TEXT NOT NULL) STRICT;
";

/// The largest sequence number that SQLite can hold.
const LAST: u64 = i64::MAX.cast_unsigned();

/// How many events a page of the log has.
const PAGE: i64 = 256;

/// Where the log ends, and who appends to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogEnd {
    pub(crate) sequence: u64,
    /// The last event that is in no slot.
    pub(crate) parent: u64,
    pub(crate) client: Uuid,
    pub(crate) session: Uuid,
}

impl LogEnd {
    /// Whether the log ends there too, whoever appends to it.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.sequence, self.parent) == (other.sequence, other.parent)
    }
}

fn stored(number: u64) -> i64 {
    number.cast_signed()
}

pub(crate) fn read_end(sqlite: &rusqlite::Connection, client: Uuid, session: Uuid) -> rusqlite::Result<LogEnd> {
    let last = |condition: &str| {
        let sql = format!("SELECT coalesce(max(sequence), 0) FROM store_context_events{condition}");
        sqlite.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)
    };
    Ok(LogEnd { sequence: last("")?, parent: last(" WHERE slot IS NULL")?, client, session })
}

/// Appends an event and moves the end.
pub(crate) fn append(
    sqlite: &rusqlite::Connection,
    end: &mut LogEnd,
    event: NewEvent<'_>,
) -> Result<EventMeta, SessionError> {
    let meta = EventMeta {
        sequence: end.sequence + 1,
        parent: end.parent,
        id: event.id,
        unix_ms: event.unix_ms,
        client: end.client,
        session: end.session,
    };
    insert(sqlite, &meta, event).map_err(|error| session_error(&error))?;
    end.sequence = meta.sequence;
    if event.slot.is_none() {
        end.parent = meta.sequence;
    }
    Ok(meta)
}

fn insert(sqlite: &rusqlite::Connection, meta: &EventMeta, event: NewEvent<'_>) -> rusqlite::Result<()> {
    if event.slot.is_some() {
        sqlite.prepare_cached("DELETE FROM store_context_events WHERE slot = ?")?.execute([event.slot])?;
    }
    sqlite
        .prepare_cached("INSERT INTO store_context_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            stored(meta.sequence),
            stored(meta.parent),
            meta.id.as_bytes(),
            event.name,
            event.arguments,
            meta.client.as_bytes(),
            meta.session.as_bytes(),
            meta.unix_ms,
            event.slot,
        ])
        .map(|_| ())
}

pub(crate) fn count(sqlite: &rusqlite::Connection) -> rusqlite::Result<u64> {
    sqlite
        .query_row("SELECT count(*) FROM store_context_events", [], |row| row.get::<_, i64>(0))
        .map(i64::cast_unsigned)
}

/// Takes over an event of another log as it is.
pub(crate) fn insert_logged(sqlite: &rusqlite::Connection, event: &LoggedEvent) -> rusqlite::Result<()> {
    let LoggedEvent { meta, name, arguments } = event;
    let slot = event.slot();
    let new = NewEvent { id: meta.id, name, arguments, unix_ms: meta.unix_ms, slot: slot.as_deref() };
    insert(sqlite, meta, new)
}

/// The names of the events that occur, in the order of their first; those of client documents aside.
pub(crate) fn names(sqlite: &rusqlite::Connection) -> rusqlite::Result<Vec<String>> {
    let mut names = sqlite
        .prepare("SELECT name FROM store_context_events WHERE slot IS NULL GROUP BY name ORDER BY min(sequence)")?;
    names.query_map([], |row| row.get(0))?.collect()
}

/// The events after a sequence number, at most a page of them.
pub(crate) fn page(sqlite: &rusqlite::Connection, after: u64) -> rusqlite::Result<Vec<LoggedEvent>> {
    events(sqlite, after + 1, u64::MAX, PAGE)
}

/// The events from one sequence number to another, at most as many as `limit` says; all where it is negative.
pub(crate) fn events(
    sqlite: &rusqlite::Connection,
    from: u64,
    to: u64,
    limit: i64,
) -> rusqlite::Result<Vec<LoggedEvent>> {
    let mut page = sqlite.prepare_cached(
        "SELECT sequence, parent, id, unix_ms, client, session, name, arguments
         FROM store_context_events WHERE sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?",
    )?;
    let events = page.query_map([stored(from.min(LAST)), stored(to.min(LAST)), limit], |row| {
        let id = |index| row.get(index).map(Uuid::from_bytes);
        Ok(LoggedEvent {
            meta: EventMeta {
                sequence: row.get::<_, i64>(0)?.cast_unsigned(),
                parent: row.get::<_, i64>(1)?.cast_unsigned(),
                id: id(2)?,
                unix_ms: row.get(3)?,
                client: id(4)?,
                session: id(5)?,
            },
            name: row.get(6)?,
            arguments: row.get(7)?,
        })
    })?;
    events.collect()
}

/// An event that was left out when the log was last replayed, with its arguments.
pub(crate) struct LeftOut {
    pub(crate) event: SkippedEvent,
    pub(crate) arguments: String,
}

pub(crate) fn left_out(sqlite: &rusqlite::Connection) -> rusqlite::Result<Vec<LeftOut>> {
    let mut events = sqlite.prepare(
        "SELECT sequence, name, reason, arguments
         FROM store_context_skipped JOIN store_context_events USING (sequence) ORDER BY sequence",
    )?;
    let events = events.query_map([], |row| {
        let sequence = row.get::<_, i64>(0)?.cast_unsigned();
        Ok(LeftOut { event: SkippedEvent { sequence, name: row.get(1)?, reason: row.get(2)? }, arguments: row.get(3)? })
    })?;
    events.collect()
}

pub(crate) fn record_left_out(sqlite: &rusqlite::Connection, events: &[SkippedEvent]) -> rusqlite::Result<()> {
    sqlite.execute("DELETE FROM store_context_skipped", [])?;
    events.iter().try_for_each(|event| leave_out(sqlite, event.sequence, &event.reason))
}

/// Records one more event that was left out.
pub(crate) fn leave_out(sqlite: &rusqlite::Connection, sequence: u64, reason: &str) -> rusqlite::Result<()> {
    sqlite
        .prepare_cached("INSERT INTO store_context_skipped VALUES (?, ?)")?
        .execute(params![stored(sequence), reason])
        .map(|_| ())
}

/// A value the engine remembers.
pub(crate) fn meta<T: rusqlite::types::FromSql>(
    sqlite: &rusqlite::Connection,
    key: &str,
) -> rusqlite::Result<Option<T>> {
    let found = sqlite.query_row("SELECT value FROM store_context_meta WHERE key = ?", [key], |row| row.get(0));
    found.optional()
}

pub(crate) fn set_meta(
    sqlite: &rusqlite::Connection,
    key: &str,
    value: impl rusqlite::types::ToSql,
) -> rusqlite::Result<()> {
    sqlite
        .prepare_cached("INSERT OR REPLACE INTO store_context_meta VALUES (?, ?)")?
        .execute(params![key, value])
        .map(|_| ())
}
