//! The pieces of SQL text that more than one statement is made of.

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

/// Appends `SET` and the assignments, with a `?` for the value of each.
pub(crate) fn assignments(sql: &mut String, assignments: &[(&'static str, Set)]) {
    for (index, (column, set)) in assignments.iter().enumerate() {
        sql.push_str(if index == 0 { " SET " } else { ", " });
        identifier(sql, column);
        sql.push_str(" = ");
        if let Set::Computed { column, operator, .. } = set {
            identifier(sql, column);
            sql.push_str(operator);
        }
        sql.push('?');
    }
}
