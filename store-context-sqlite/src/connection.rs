//! [`Connection`]: a SQLite connection that knows what its statements touch.

use std::sync::Arc;

use foldhash::HashMap;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef as SqliteRef};
use rusqlite::{CachedStatement, Row};
use store_context_runtime::{
    Cells, EachRow, Executed, QueryDef, ReadSet, SchemaDef, SessionError, Statement, Value, ValueRef, WriteSet,
    is_column_of,
};

use crate::access::{Access, Mode, Touched};
use crate::capture::Capture;
use crate::error::session_error;
use crate::reads;

/// How many statements stay prepared, and their footprints known, for one connection.
const STATEMENTS: usize = 256;

/// A connection whose statements are prepared under a mode, with what they touch kept beside them.
pub(crate) struct Connection {
    pub(crate) sqlite: rusqlite::Connection,
    access: Access,
    pub(crate) capture: Capture,
    schema: &'static SchemaDef,
    reads: HashMap<Arc<str>, Arc<ReadSet>>,
    writes: HashMap<Arc<str>, Arc<WriteSet>>,
}

impl Connection {
    pub(crate) fn new(mut sqlite: rusqlite::Connection, schema: &'static SchemaDef) -> rusqlite::Result<Self> {
        // `"text"` would otherwise be a string wherever no column has that name.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        sqlite.set_prepared_statement_cache_capacity(STATEMENTS);
        let access = Access::new(schema);
        let authorizer = access.clone();
        sqlite.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| authorizer.authorize(&context)))?;
        Ok(Self {
            sqlite,
            access,
            capture: Capture::default(),
            schema,
            reads: HashMap::default(),
            writes: HashMap::default(),
        })
    }

    /// Runs one of the engine's own statements.
    pub(crate) fn internal(&self, sql: &str) -> Result<(), SessionError> {
        self.run(sql).map_err(|error| session_error(&error))
    }

    /// Begins a savepoint for one commit of several in a transaction.
    pub(crate) fn begin_savepoint(&self) -> Result<(), SessionError> {
        self.internal("SAVEPOINT store_context_commit")
    }

    /// Keeps what was done since the savepoint, as far as its transaction is kept.
    pub(crate) fn release_savepoint(&self) -> Result<(), SessionError> {
        self.internal("RELEASE store_context_commit")
    }

    /// Undoes what was done since the savepoint.
    pub(crate) fn undo_savepoint(&self) -> Result<(), SessionError> {
        self.internal("ROLLBACK TO store_context_commit")?;
        self.release_savepoint()
    }

    /// Runs one of the engine's own statements, with the error as SQLite gives it.
    pub(crate) fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.sqlite.prepare_cached(sql).and_then(|mut statement| statement.raw_execute()).map(|_| ())
    }

    /// Runs one read-only statement.
    pub(crate) fn query(&mut self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        let reads = match self.reads.get(&statement.sql) {
            Some(reads) => Arc::clone(reads),
            None => {
                let told = self.learn(&statement.sql, Mode::Read)?.reads;
                let reads = reads::reads(&self.sqlite, self.schema, &statement.sql, told);
                let reads = Arc::new(reads.map_err(|error| session_error(&error))?);
                self.reads.insert(Arc::clone(&statement.sql), Arc::clone(&reads));
                reads
            }
        };
        self.under(Mode::Read, || {
            let mut prepared = self.prepare(&statement.sql)?;
            if !prepared.readonly() {
                return Err(SessionError::NotReadOnly { message: "it writes".to_owned() });
            }
            if prepared.column_count() == 0 {
                return Err(SessionError::Sql { message: "the statement gives no columns".to_owned() });
            }
            bind(&mut prepared, statement)?;
            let mut rows = prepared.raw_query();
            while let Some(row) = rows.next().map_err(|error| session_error(&error))? {
                if each(&CurrentRow(row)).is_break() {
                    break;
                }
            }
            Ok(())
        })?;
        Ok(reads)
    }

    /// Runs one writing statement.
    pub(crate) fn execute(&mut self, statement: &Statement) -> Result<Executed, SessionError> {
        let writes = match self.writes.get(&statement.sql) {
            Some(writes) => Arc::clone(writes),
            None => {
                let writes = Arc::new(self.learn(&statement.sql, Mode::Write)?.writes);
                self.writes.insert(Arc::clone(&statement.sql), Arc::clone(&writes));
                writes
            }
        };
        self.under(Mode::Write, || {
            let mut prepared = self.prepare(&statement.sql)?;
            bind(&mut prepared, statement)?;
            let before = self.sqlite.total_changes();
            let ran = prepared.raw_execute().inspect_err(|_| self.capture.has_failed());
            let rows = ran.map_err(|error| session_error(&error))?;
            Ok(Executed { rows: rows as u64, changed: self.sqlite.total_changes() != before, writes })
        })
    }

    /// What a statement touches: SQLite asks the authorizer only while it prepares.
    fn learn(&mut self, sql: &str, mode: Mode) -> Result<Touched, SessionError> {
        if self.reads.len() + self.writes.len() >= 4 * STATEMENTS {
            // A statement may only stay prepared while what it touches is known.
            self.sqlite.flush_prepared_statement_cache();
            self.reads.clear();
            self.writes.clear();
        }
        let entered = self.access.record(mode);
        // Not the cached one: a statement that is prepared already would not be asked about.
        let prepared = self.sqlite.prepare(sql).map(|_| ());
        let touched = entered.leave();
        prepared.map_err(|error| touched.refused.clone().unwrap_or_else(|| session_error(&error)))?;
        Ok(touched)
    }

    /// SQLite prepares again where it has to, so the mode stays for as long as a statement runs.
    fn under<T>(&self, mode: Mode, run: impl FnOnce() -> Result<T, SessionError>) -> Result<T, SessionError> {
        let _entered = self.access.enter(mode);
        run()
    }

    fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, SessionError> {
        self.sqlite.prepare_cached(sql).map_err(|error| session_error(&error))
    }

    /// Checks a `#[query(..)]` against the tables, its parameters and its result, without running it.
    pub(crate) fn check(&self, query: &QueryDef) -> Result<(), SessionError> {
        let entered = self.access.record(Mode::Read);
        let checked = self.check_under_mode(query);
        let touched = entered.leave();
        checked.map_err(|error| touched.refused.unwrap_or(error))
    }

    fn check_under_mode(&self, query: &QueryDef) -> Result<(), SessionError> {
        let wrong = |message: String| Err(SessionError::Sql { message });
        let prepared = self.sqlite.prepare(query.sql).map_err(|error| session_error(&error))?;
        if !prepared.readonly() {
            return Err(SessionError::NotReadOnly { message: "it writes".to_owned() });
        }
        let used = parameter_names(&prepared)?;
        if let Some(unknown) = used.iter().find(|name| !query.parameters.contains(&name.as_str())) {
            return wrong(format!(
                "`:{unknown}` is not a parameter of the function type; it has {}",
                list(query.parameters)
            ));
        }
        if let Some(unused) = query.parameters.iter().find(|name| !used.iter().any(|used| used == *name)) {
            return wrong(format!("the parameter `{unused}` does not occur as `:{unused}` in the statement"));
        }
        let columns: Vec<_> = prepared.column_names().collect();
        let fields = query.shape.fields();
        if !query.shape.is_named() {
            let (found, expected) = (columns.len(), fields.len());
            let message = format!("it gives {found} columns, the declared type takes {expected}");
            return if found == expected { Ok(()) } else { wrong(message) };
        }
        let is_there = |field: &str| columns.iter().any(|column| is_column_of(field, column));
        if let Some(missing) = fields.iter().find(|field| !is_there(field.name)) {
            let (name, columns) = (missing.name, list(&columns));
            return wrong(format!("the row type's column `{name}` is not in the result; it has {columns}"));
        }
        let is_twice = |field: &str| columns.iter().filter(|column| is_column_of(field, column)).count() > 1;
        match fields.iter().find(|field| is_twice(field.name)) {
            Some(twice) => wrong(format!(
                "the result has two columns called `{0}`, and the row type reads one; select one of them, or write `AS other_{0}` after the other",
                twice.name
            )),
            None => Ok(()),
        }
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The names behind the colons of a statement's parameters.
fn parameter_names(prepared: &rusqlite::Statement<'_>) -> Result<Vec<String>, SessionError> {
    (1..=prepared.parameter_count())
        .map(|index| match prepared.parameter_name(index).and_then(|name| name.strip_prefix(':')) {
            Some(name) => Ok(name.to_owned()),
            None => Err(SessionError::Parameter {
                message: format!("parameter {index} of the statement has no name; write it as `:name`"),
            }),
        })
        .collect()
}

fn bind(prepared: &mut rusqlite::Statement<'_>, statement: &Statement) -> Result<(), SessionError> {
    let count = prepared.parameter_count();
    if count != statement.values.len() {
        let given = statement.values.len();
        return Err(SessionError::Parameter {
            message: format!("the statement takes {count} values, {given} are given"),
        });
    }
    for (position, value) in statement.values.iter().enumerate() {
        if matches!(value, Value::Real(number) if number.is_nan()) {
            // SQLite would take it for `NULL`.
            return Err(SessionError::Parameter { message: "a value is NaN, which SQLite does not have".to_owned() });
        }
        let index = match statement.names.get(position) {
            None => position + 1,
            Some(name) => {
                let index = prepared.parameter_index(&format!(":{name}")).map_err(|error| session_error(&error))?;
                index.ok_or_else(|| SessionError::Parameter {
                    message: format!("the parameter `{name}` does not occur as `:{name}` in the statement"),
                })?
            }
        };
        prepared.raw_bind_parameter(index, Bound(value)).map_err(|error| session_error(&error))?;
    }
    Ok(())
}

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0.as_ref() {
            ValueRef::Null => SqliteRef::Null,
            ValueRef::Integer(value) => SqliteRef::Integer(value),
            ValueRef::Real(value) => SqliteRef::Real(value),
            ValueRef::Text(value) => SqliteRef::Text(value.as_bytes()),
            ValueRef::Blob(value) => SqliteRef::Blob(value),
        }))
    }
}

struct CurrentRow<'r, 's>(&'r Row<'s>);

impl Cells for CurrentRow<'_, '_> {
    fn count(&self) -> usize {
        self.0.as_ref().column_count()
    }

    fn name(&self, index: usize) -> &str {
        self.0.as_ref().column_name(index).unwrap_or("")
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        match self.0.get_ref(index) {
            Ok(SqliteRef::Integer(value)) => ValueRef::Integer(value),
            Ok(SqliteRef::Real(value)) => ValueRef::Real(value),
            // Text that is not UTF-8 can only come from an expression such as `CAST(x AS TEXT)`.
            Ok(SqliteRef::Text(bytes)) => std::str::from_utf8(bytes).map_or(ValueRef::Blob(bytes), ValueRef::Text),
            Ok(SqliteRef::Blob(value)) => ValueRef::Blob(value),
            Ok(SqliteRef::Null) | Err(_) => ValueRef::Null,
        }
    }
}
