//! What a query reads, from three witnesses. A live query that misses a change is wrong for ever, and one that runs once
//! too often costs a moment, so they are added up.
//!
//! SQLite's authorizer names tables and columns while a statement is prepared. It is not asked about the columns that
//! USING and NATURAL compare. The program that SQLite prepares opens tables and indexes, and names no columns. The
//! descriptor that the compiler made of a `#[query(..)]` names both, where it understood the statement.

use std::collections::BTreeSet;

use store_context_runtime::{Dependency, ReadSet, SchemaDef};

/// What a statement reads: what the authorizer told, and what the other witnesses add to it.
pub(crate) fn reads(
    sqlite: &rusqlite::Connection,
    schema: &SchemaDef,
    sql: &str,
    told: ReadSet,
) -> rusqlite::Result<ReadSet> {
    let opened = opened(sqlite, sql)?;
    let query = schema.queries.iter().find(|query| query.sql == sql);
    let declared = query.and_then(|query| query.dependencies?.of(schema.tables, schema.documents));
    let mut witnesses: Vec<BTreeSet<String>> = vec![
        told.tables().map(str::to_owned).collect(),
        opened.iter().map(|opened| opened.table.to_ascii_lowercase()).collect(),
    ];
    let mut reads = told;
    if let Some(declared) = &declared {
        declared.iter().for_each(|dependency| add(&mut reads, dependency));
        witnesses.push(declared.iter().map(|dependency| dependency.table.to_ascii_lowercase()).collect());
    }
    for Opened { table, columns } in &opened {
        if declared.is_none() && compares_silently(sql) {
            reads.read_whole(table.clone());
        }
        // Without ORDER BY, and under a LIMIT, the result depends on the order in which rows are found.
        columns.iter().for_each(|column| reads.read(table.clone(), column.clone()));
    }
    for table in witnesses.iter().flatten() {
        // What one witness does not see at all, it does not know the columns of.
        if !witnesses.iter().all(|witness| witness.contains(table)) {
            reads.read_whole(table.clone());
        }
    }
    Ok(reads)
}

fn add(reads: &mut ReadSet, dependency: &Dependency) {
    match &dependency.columns {
        None => reads.read_whole(dependency.table),
        Some(columns) => {
            reads.read(dependency.table, "");
            columns.iter().for_each(|column| reads.read(dependency.table, *column));
        }
    }
}

/// Whether a statement may compare columns that the authorizer is not asked about.
fn compares_silently(sql: &str) -> bool {
    let is_word = |word: &str| word.eq_ignore_ascii_case("using") || word.eq_ignore_ascii_case("natural");
    sql.split(|character: char| !character.is_alphanumeric() && character != '_').any(is_word)
}

/// A table that a program opens, by itself or by one of its indexes.
struct Opened {
    table: String,
    /// What its rows are ordered by: the index's columns, or the table's key.
    columns: Vec<String>,
}

/// What the program of a statement opens to read from.
fn opened(sqlite: &rusqlite::Connection, sql: &str) -> rusqlite::Result<Vec<Opened>> {
    let mut explain = sqlite.prepare(&format!("EXPLAIN {sql}"))?;
    let pages = explain.raw_query().mapped(|row| {
        let is_open = matches!(row.get_ref(1)?.as_str()?, "OpenRead" | "ReopenIdx");
        Ok(if is_open { Some(row.get::<_, i64>(3)?) } else { None })
    });
    let pages: BTreeSet<i64> = pages.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?;
    let mut found = sqlite.prepare_cached("SELECT type, name, tbl_name FROM sqlite_schema WHERE rootpage = ?")?;
    let mut of_index = sqlite.prepare_cached("SELECT name FROM pragma_index_info(?) WHERE name IS NOT NULL")?;
    let mut of_key = sqlite.prepare_cached("SELECT name FROM pragma_table_info(?) WHERE pk > 0")?;
    let mut opened = Vec::new();
    for page in pages {
        let mut rows = found.query([page])?;
        while let Some(row) = rows.next()? {
            let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
            let columns = if kind == "index" { &mut of_index } else { &mut of_key };
            let columns = columns.query_map([name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            opened.push(Opened { table: row.get(2)?, columns });
        }
    }
    Ok(opened)
}
