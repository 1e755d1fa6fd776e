//! [`SessionDocuments`]: what is of one session and in no log, and so of no concern to what others commit.

use rusqlite::types::Value;
use store_context_runtime::SchemaDef;

use crate::ddl::quoted;

/// The tables of the documents that begin anew in each session.
pub(crate) struct SessionDocuments(Vec<String>);

/// Their rows.
pub(crate) type DocumentRows = Vec<Vec<[Value; 3]>>;

impl SessionDocuments {
    pub(crate) fn of(schema: &SchemaDef) -> Self {
        Self(schema.documents.iter().filter(|document| document.session).map(|of| quoted(of.name)).collect())
    }

    pub(crate) fn read(&self, sqlite: &rusqlite::Connection) -> rusqlite::Result<DocumentRows> {
        let read = |table: &String| {
            let mut rows = sqlite.prepare_cached(&format!("SELECT \"key\", \"value\", \"unset\" FROM {table}"))?;
            rows.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?.collect()
        };
        self.0.iter().map(read).collect()
    }

    /// Puts the rows in the place of those that are there.
    pub(crate) fn write(&self, sqlite: &rusqlite::Connection, documents: DocumentRows) -> rusqlite::Result<()> {
        for (table, rows) in self.0.iter().zip(documents) {
            sqlite.prepare_cached(&format!("DELETE FROM {table}"))?.execute([])?;
            for row in rows {
                sqlite.prepare_cached(&format!("INSERT INTO {table} VALUES (?, ?, ?)"))?.execute(row)?;
            }
        }
        Ok(())
    }
}
