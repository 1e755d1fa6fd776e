//! The pieces of SQL text that more than one statement is made of.

use crate::row::value::Value;

/// Appends an identifier, quoted.
pub(crate) fn identifier(sql: &mut String, name: &str) {
    sql.push('"');
    for (index, part) in name.split('"').enumerate() {
        sql.push_str(if index == 0 { "" } else { "\"\"" });
        sql.push_str(part);
    }
    sql.push('"');
}

/// Appends identifiers, separated by commas.
pub(crate) fn identifiers<'a>(sql: &mut String, names: impl IntoIterator<Item = &'a str>) {
    for (index, name) in names.into_iter().enumerate() {
        sql.push_str(if index == 0 { "" } else { ", " });
        identifier(sql, name);
    }
}

/// Appends `SET` and the assignments, and their values.
pub(crate) fn assignments(sql: &mut String, values: &mut Vec<Value>, assignments: Vec<(&'static str, Value)>) {
    for (index, (column, value)) in assignments.into_iter().enumerate() {
        sql.push_str(if index == 0 { " SET " } else { ", " });
        identifier(sql, column);
        sql.push_str(" = ?");
        values.push(value);
    }
}
