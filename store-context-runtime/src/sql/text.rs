//! The pieces of SQL text that more than one statement is made of.

use crate::row::value::Value;
use crate::sql::filter::Set;

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
pub(crate) fn assignments(sql: &mut String, values: &mut Vec<Value>, assignments: Vec<(&'static str, Set)>) {
    for (index, (column, set)) in assignments.into_iter().enumerate() {
        sql.push_str(if index == 0 { " SET " } else { ", " });
        identifier(sql, column);
        sql.push_str(" = ");
        values.push(match set {
            Set::To(value) => value,
            Set::Computed { column, operator, number } => {
                identifier(sql, column);
                sql.push_str(operator);
                number
            }
        });
        sql.push('?');
    }
}
