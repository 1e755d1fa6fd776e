//! The equivalent that an expert writes on rusqlite: the same tables, log, pragmas and JSON, with cached statements.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::model::{Issue, TrackerEvent};

const TABLES: &str = "
    CREATE TABLE events (
        sequence INTEGER NOT NULL PRIMARY KEY, parent INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
        arguments TEXT NOT NULL, client BLOB NOT NULL, session BLOB NOT NULL, unix_ms INTEGER NOT NULL, slot TEXT
    ) STRICT;
    CREATE UNIQUE INDEX slots ON events (slot) WHERE slot IS NOT NULL;
    CREATE TABLE issues (
        id TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL, points INTEGER, created_at INTEGER NOT NULL,
        PRIMARY KEY (id)
    ) STRICT;
    CREATE INDEX issues_by_status ON issues (status);
    CREATE TABLE labels (id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (id)) STRICT;
";

/// A store by hand.
pub(crate) struct Hand {
    pub(crate) sqlite: Connection,
    sequence: i64,
    client: Uuid,
}

impl Hand {
    pub(crate) fn in_memory() -> Self {
        Self::new(Connection::open_in_memory().unwrap())
    }

    /// With what the library keeps besides: each table takes a page.
    pub(crate) fn with_all_tables() -> Self {
        let hand = Self::in_memory();
        let tables = "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value ANY NOT NULL) STRICT;
            CREATE TABLE skipped (sequence INTEGER NOT NULL PRIMARY KEY, reason TEXT NOT NULL) STRICT;";
        hand.sqlite.execute_batch(tables).unwrap();
        hand
    }

    /// A new store in a file, in WAL with synchronous NORMAL.
    pub(crate) fn in_file(path: &Path) -> Self {
        Self::new(Connection::open(path).unwrap())
    }

    fn new(sqlite: Connection) -> Self {
        sqlite.pragma_update(None, "journal_mode", "WAL").unwrap();
        sqlite.pragma_update(None, "synchronous", "NORMAL").unwrap();
        sqlite.pragma_update(None, "foreign_keys", true).unwrap();
        sqlite.set_prepared_statement_cache_capacity(64);
        let has_tables: bool =
            sqlite.query_row("SELECT count(*) > 0 FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        if !has_tables {
            sqlite.execute_batch(TABLES).unwrap();
        }
        let sequence = sqlite.query_row("SELECT coalesce(max(sequence), 0) FROM events", [], |row| row.get(0)).unwrap();
        Self { sqlite, sequence, client: Uuid::now_v7() }
    }

    fn run(&self, sql: &str) {
        self.sqlite.prepare_cached(sql).unwrap().execute([]).unwrap();
    }

    /// One transaction: the events in the log, and what they do to the tables.
    pub(crate) fn commit(&mut self, events: &[TrackerEvent]) {
        self.run("BEGIN IMMEDIATE");
        for event in events {
            self.sequence += 1;
            let (name, arguments) = encode(event);
            let unix_ms = unix_ms();
            let mut append =
                self.sqlite.prepare_cached("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)").unwrap();
            let (id, client) = (Uuid::now_v7(), self.client.as_bytes());
            append
                .execute(params![
                    self.sequence,
                    self.sequence - 1,
                    id.as_bytes(),
                    name,
                    arguments,
                    client,
                    client,
                    unix_ms
                ])
                .unwrap();
            drop(append);
            self.materialize(event, unix_ms);
        }
        self.run("COMMIT");
    }

    pub(crate) fn materialize(&self, event: &TrackerEvent, unix_ms: i64) {
        match event {
            TrackerEvent::IssueCreated { id, title, status, points } => {
                let mut insert = self.sqlite.prepare_cached("INSERT INTO issues VALUES (?, ?, ?, ?, ?)").unwrap();
                insert.execute(params![id, title, status, points, unix_ms]).unwrap();
            }
            TrackerEvent::TitleChanged { id, title } => {
                let mut update = self.sqlite.prepare_cached("UPDATE issues SET title = ? WHERE id = ?").unwrap();
                update.execute(params![title, id]).unwrap();
            }
            TrackerEvent::LabelCreated { id, name } => {
                let mut insert = self.sqlite.prepare_cached("INSERT INTO labels VALUES (?, ?)").unwrap();
                insert.execute(params![id, name]).unwrap();
            }
        }
    }

    /// Makes the tables anew from the log, in one transaction.
    pub(crate) fn replay(&self) {
        self.run("BEGIN IMMEDIATE");
        self.sqlite.execute_batch("DROP TABLE issues; DROP TABLE labels;").unwrap();
        self.sqlite.execute_batch(&TABLES[TABLES.find("CREATE TABLE issues").unwrap()..]).unwrap();
        let mut log = self.sqlite.prepare("SELECT arguments, unix_ms FROM events ORDER BY sequence").unwrap();
        let mut events = log.query([]).unwrap();
        while let Some(event) = events.next().unwrap() {
            let arguments = event.get_ref(0).unwrap().as_str().unwrap();
            self.materialize(&serde_json::from_str(arguments).unwrap(), event.get(1).unwrap());
        }
        drop(events);
        self.run("COMMIT");
    }

    pub(crate) fn by_key(&self, key: &str) -> Option<Issue> {
        let mut by_key = self
            .sqlite
            .prepare_cached("SELECT id, title, status, points, created_at FROM issues WHERE id = ?")
            .unwrap();
        let mut rows = by_key.query([key]).unwrap();
        rows.next().unwrap().map(issue)
    }

    pub(crate) fn by_status(&self, status: &str, limit: u32) -> Vec<Issue> {
        let sql = "SELECT * FROM issues WHERE status = ? ORDER BY created_at DESC, id LIMIT ?";
        let mut by_status = self.sqlite.prepare_cached(sql).unwrap();
        by_status.query_map(params![status, limit], |row| Ok(issue(row))).unwrap().map(Result::unwrap).collect()
    }

    pub(crate) fn scan(&self, limit: u32) -> Vec<Issue> {
        let sql = "SELECT id, title, status, points, created_at FROM issues ORDER BY id LIMIT ?";
        let mut scan = self.sqlite.prepare_cached(sql).unwrap();
        scan.query_map([limit], |row| Ok(issue(row))).unwrap().map(Result::unwrap).collect()
    }
}

fn issue(row: &rusqlite::Row<'_>) -> Issue {
    Issue {
        id: row.get(0).unwrap(),
        title: row.get(1).unwrap(),
        status: row.get(2).unwrap(),
        points: row.get(3).unwrap(),
        created_at: row.get(4).unwrap(),
    }
}

/// The event's name, and the event as JSON.
fn encode(event: &TrackerEvent) -> (&'static str, String) {
    let name = match event {
        TrackerEvent::IssueCreated { .. } => "IssueCreated",
        TrackerEvent::TitleChanged { .. } => "TitleChanged",
        TrackerEvent::LabelCreated { .. } => "LabelCreated",
    };
    (name, serde_json::to_string(event).unwrap())
}

fn unix_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}
