//! The statements that make a schema's tables.

use std::fmt::Write as _;

use store_context_runtime::{ColumnDef, DefaultValue, DocumentDef, OnDelete, SchemaDef, TableDef};

/// An identifier, quoted.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn quoted_list(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// Every statement, in order.
pub(crate) fn statements(schema: &SchemaDef) -> Vec<String> {
    let mut statements: Vec<_> = schema.documents.iter().map(document).collect();
    for definition in schema.tables {
        statements.push(table(definition));
        for index in definition.indexes {
            let unique = if index.unique { "UNIQUE " } else { "" };
            // The number keeps two names apart whatever is in them.
            let name = format!("index {} of {} ({})", statements.len(), definition.name, index.columns.join(", "));
            let (name, table, columns) = (quoted(&name), quoted(definition.name), quoted_list(index.columns));
            statements.push(format!("CREATE {unique}INDEX {name} ON {table} ({columns})"));
        }
    }
    statements
}

/// The statements that let go of what the session before left.
pub(crate) fn begin_session(schema: &SchemaDef) -> impl Iterator<Item = String> {
    let documents = schema.documents.iter().filter(|document| document.session);
    documents.map(|document| format!("DELETE FROM {}", quoted(document.name)))
}

fn document(document: &DocumentDef) -> String {
    let key = document.key.map_or("TEXT", store_context_runtime::SqlType::as_sql);
    format!(
        "CREATE TABLE {} (\"key\" {key} NOT NULL PRIMARY KEY, \"value\" TEXT NOT NULL, \"unset\" TEXT NOT NULL) STRICT",
        quoted(document.name)
    )
}

fn table(table: &TableDef) -> String {
    let mut parts: Vec<_> = table.columns.iter().map(column).collect();
    parts.push(format!("PRIMARY KEY ({})", quoted_list(table.primary_key)));
    for key in table.foreign_keys {
        let action = match key.on_delete {
            OnDelete::Refuse => "",
            OnDelete::Cascade => " ON DELETE CASCADE",
            OnDelete::SetNull => " ON DELETE SET NULL",
        };
        let (column, other, references) = (quoted(key.column), quoted(key.table), quoted(key.references));
        parts.push(format!("FOREIGN KEY ({column}) REFERENCES {other} ({references}){action}"));
    }
    format!("CREATE TABLE {} ({}) STRICT", quoted(table.name), parts.join(", "))
}

fn column(column: &ColumnDef) -> String {
    let mut sql = format!("{} {}", quoted(column.name), column.ty.as_sql());
    if !column.nullable {
        sql.push_str(" NOT NULL");
    }
    if let Some(default) = column.default {
        sql.push_str(" DEFAULT ");
        sql.push_str(&literal(default));
    }
    sql
}

fn literal(default: DefaultValue) -> String {
    match default {
        DefaultValue::Integer(value) => value.to_string(),
        DefaultValue::Real(value) => format!("{value:?}"),
        // A NUL would end the statement.
        DefaultValue::Text(text) if text.contains('\0') => format!("(CAST({} AS TEXT))", hex(text.as_bytes())),
        DefaultValue::Text(text) => format!("'{}'", text.replace('\'', "''")),
        DefaultValue::Blob(bytes) => hex(bytes),
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut sql = String::from("X'");
    for byte in bytes {
        let _ = write!(sql, "{byte:02X}");
    }
    sql + "'"
}

/// Foreign keys whose table or column the schema does not have, in words.
pub(crate) fn dangling_key(schema: &SchemaDef) -> Option<String> {
    for table in schema.tables {
        for key in table.foreign_keys {
            let Some(other) = schema.tables.iter().find(|other| other.name == key.table) else {
                return Some(format!(
                    "`{}`.`{}` references the table `{}`, which the schema has not",
                    table.name, key.column, key.table
                ));
            };
            let is_unique = other.primary_key == [key.references]
                || other.indexes.iter().any(|index| index.unique && index.columns == [key.references]);
            if !is_unique {
                return Some(format!(
                    "`{}`.`{}` references `{}`.`{}`, which is neither the primary key nor unique",
                    table.name, key.column, key.table, key.references
                ));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use store_context_runtime::DefaultValue;

    use super::literal;

    #[test]
    fn every_default_reads_back_as_it_was_written() {
        let sqlite = rusqlite::Connection::open_in_memory().unwrap();
        let read =
            |sql: String| sqlite.query_row(&format!("SELECT {sql}"), [], |row| row.get::<_, rusqlite::types::Value>(0));
        let text = |text: &'static str| read(literal(DefaultValue::Text(text))).unwrap();
        assert_eq!(text("it's \"quoted\" \\ ' '' "), "it's \"quoted\" \\ ' '' ".to_owned().into());
        assert_eq!(text("a\0b"), "a\0b".to_owned().into());
        assert_eq!(read(literal(DefaultValue::Blob(b"\x00'\xff"))).unwrap(), vec![0, b'\'', 255].into());
        assert_eq!(read(literal(DefaultValue::Integer(i64::MIN))).unwrap(), i64::MIN.into());
        assert_eq!(read(literal(DefaultValue::Real(-1e300))).unwrap(), (-1e300).into());
    }
}
