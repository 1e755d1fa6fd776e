//! Schemas with random rows in a real SQLite.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use rusqlite::hooks::{AuthAction, Authorization};
use rusqlite::types::Value;
use store_context::__private::checked::{self, Tables};
use store_context::__private::{ColumnDef, DocumentDef, SchemaDef, SqlType, TableDef};
use store_context::column::Domain;

/// A small generator of numbers, the same in every run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(super) fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    fn value(&mut self, ty: SqlType) -> Value {
        match ty {
            SqlType::Integer => Value::Integer(i64::try_from(self.below(6)).unwrap() - 1),
            SqlType::Real => Value::Real(f64::from(u32::try_from(self.below(6)).unwrap()) / 2.0),
            SqlType::Text => Value::Text(self.pick(&["a", "b", "todo", "[1,2,null]", "{\"k\":null}", ""]).to_owned()),
            SqlType::Blob => Value::Blob(vec![u8::try_from(self.below(4)).unwrap()]),
        }
    }

    pub(super) fn parameter(&mut self) -> Value {
        let ty = [SqlType::Integer, SqlType::Text, SqlType::Real][self.below(3)];
        self.value(ty)
    }
}

const fn column(name: &'static str, ty: SqlType, nullable: bool) -> ColumnDef {
    ColumnDef { name, hash: checked::hash(name), ty, nullable, domain: Domain::Any, default: None, fingerprint: 0 }
}

const fn table(name: &'static str, columns: &'static [ColumnDef], primary_key: &'static [&'static str]) -> TableDef {
    TableDef { name, columns, primary_key, indexes: &[], foreign_keys: &[] }
}

use SqlType::{Blob, Integer, Real, Text};

pub(super) const TRACKER: SchemaDef = SchemaDef {
    name: "tracker",
    version: 1,
    tables: &[
        table(
            "issues",
            &[
                column("id", Text, false),
                column("project", Text, false),
                column("title", Text, false),
                column("points", Integer, true),
                column("labels", Text, false),
                column("created_at", Integer, false),
            ],
            &["id"],
        ),
        table(
            "projects",
            &[column("id", Text, false), column("name", Text, false), column("owner", Text, true)],
            &["id"],
        ),
        table(
            "people",
            &[column("name", Text, false), column("age", Integer, true), column("weight", Real, true)],
            &["name"],
        ),
    ],
    documents: &[DocumentDef { name: "board_view", key: None, session: false }],
    queries: &[],
};

const ODD: SchemaDef = SchemaDef {
    name: "odd",
    version: 1,
    tables: &[
        table(
            "order",
            &[
                column("group", Integer, false),
                column("Select", Text, true),
                column("größe", Real, false),
                column("a b", Text, true),
            ],
            &["group"],
        ),
        table("json_each", &[column("key", Text, false), column("own", Integer, true)], &["key"]),
        table(
            "Key",
            &[column("key", Text, false), column("desc", Integer, true), column("rowid", Text, true)],
            &["key"],
        ),
    ],
    documents: &[DocumentDef { name: "window", key: Some(Integer), session: false }],
    queries: &[],
};

pub(super) const SHARED: SchemaDef = SchemaDef {
    name: "shared",
    version: 1,
    tables: &[
        table("a", &[column("id", Integer, false), column("x", Integer, true), column("y", Text, false)], &["id"]),
        table("b", &[column("id", Integer, false), column("x", Integer, false), column("z", Blob, true)], &["id"]),
        table("c", &[column("id", Integer, false), column("y", Text, true), column("w", Real, false)], &["id", "w"]),
    ],
    documents: &[],
    queries: &[],
};

pub(super) const ALL: [&SchemaDef; 3] = [&TRACKER, &ODD, &SHARED];

pub(super) struct Schema {
    pub(super) connection: rusqlite::Connection,
    pub(super) tables: Tables,
    pub(super) definition: &'static SchemaDef,
    pub(super) values: RefCell<Random>,
    reads: Arc<Mutex<Vec<(String, String)>>>,
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

impl Schema {
    pub(super) fn open(definition: &'static SchemaDef, random: &mut Random) -> Self {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        for config in
            [rusqlite::config::DbConfig::SQLITE_DBCONFIG_DQS_DML, rusqlite::config::DbConfig::SQLITE_DBCONFIG_DQS_DDL]
        {
            connection.set_db_config(config, false).unwrap();
        }
        for document in definition.documents {
            let key = document.key.unwrap_or(Text).as_sql();
            let name = quoted(document.name);
            let create = format!(
                "CREATE TABLE {name} (\"key\" {key} NOT NULL PRIMARY KEY, \"value\" TEXT NOT NULL, \"unset\" TEXT NOT NULL) STRICT"
            );
            connection.execute_batch(&create).unwrap();
        }
        for table in definition.tables {
            let columns: Vec<_> = table
                .columns
                .iter()
                .map(|column| {
                    let null = if column.nullable { "" } else { " NOT NULL" };
                    format!("{} {}{null}", quoted(column.name), column.ty.as_sql())
                })
                .collect();
            let key: Vec<_> = table.primary_key.iter().map(|key| quoted(key)).collect();
            let (name, columns, key) = (quoted(table.name), columns.join(", "), key.join(", "));
            connection.execute_batch(&format!("CREATE TABLE {name} ({columns}, PRIMARY KEY ({key})) STRICT")).unwrap();
            for _ in 0..12 {
                let marks = vec!["?"; table.columns.len()].join(", ");
                let insert = format!("INSERT OR IGNORE INTO {name} VALUES ({marks})");
                let values = table.columns.iter().map(|column| {
                    if column.nullable && random.chance(2) { Value::Null } else { random.value(column.ty) }
                });
                connection.execute(&insert, rusqlite::params_from_iter(values)).unwrap();
            }
        }
        let tables = definition.tables.iter().map(|table| table.name);
        let names = tables.chain(definition.documents.iter().map(|document| document.name));
        let tables = Tables {
            tables: definition.tables,
            documents: definition.documents,
            names: Vec::leak(names.map(checked::hash).collect()),
        };
        let (values, reads) = (RefCell::new(Random::new(7)), Arc::<Mutex<Vec<(String, String)>>>::default());
        let recorder = Arc::clone(&reads);
        let record = move |context: rusqlite::hooks::AuthContext<'_>| {
            if let AuthAction::Read { table_name, column_name } = context.action {
                recorder.lock().unwrap().push((table_name.to_owned(), column_name.to_owned()));
            }
            Authorization::Allow
        };
        connection.authorizer(Some(record)).unwrap();
        Self { connection, tables, definition, values, reads }
    }

    /// The tables and columns that SQLite says a statement reads.
    pub(super) fn reads(&self, text: &str) -> Vec<(String, String)> {
        self.reads.lock().unwrap().clear();
        self.connection.prepare(text).unwrap();
        let mut reads = std::mem::take(&mut *self.reads.lock().unwrap());
        let is_own = |table: &String| {
            self.definition.tables.iter().any(|own| own.name.eq_ignore_ascii_case(table))
                || self.definition.documents.iter().any(|own| own.name.eq_ignore_ascii_case(table))
        };
        reads.retain(|(table, _)| is_own(table));
        reads
    }
}
