//! What a row may not be. One message a rule.

use std::collections::HashSet;

use proc_macro2::Span;
use syn::Ident;
use syn::spanned::Spanned;

use super::{Field, Index, OnDelete, Row, TableName};
use crate::errors::Errors;
use crate::names::{self, plain};

/// `is_read` says that every attribute was understood. Where one was not, nothing is said to be missing: that would be
/// a mistake that nobody made.
pub(super) fn row(row: &Row, is_read: bool, errors: &mut Errors) {
    if let TableName::Given(name) = &row.table
        && let Some(message) = names::table_name_error(&name.value(), "issues")
    {
        errors.push(name, message);
    }
    if is_read {
        match &row.table {
            TableName::Given(_) => primary_key(row, errors),
            TableName::None | TableName::Unreadable => no_table(row, errors),
        }
    }
    if let Some(fifth) = row.primary_key().nth(4).and_then(|field| field.primary_key.as_ref()) {
        errors.push(fifth, "a primary key has at most four columns");
    }
    for index in &row.indexes {
        self::index(row, index, errors);
    }
    column_names(row, errors);
    for field in &row.fields {
        self::field(field, is_read, errors);
    }
}

fn primary_key(row: &Row, errors: &mut Errors) {
    if row.primary_key().next().is_none() {
        errors.push(
            &row.ident,
            format!("the table of `{}` has no primary key; put `#[row(primary_key)]` on a field", row.ident),
        );
    }
}

/// Without a table, what describes one has no meaning.
fn no_table(row: &Row, errors: &mut Errors) {
    let Some((word, span)) = table_word(row) else { return };
    let message = format!(
        "`{word}` describes a table, and `{}` has no table; write `#[row(table = \"..\")]` above it",
        row.ident
    );
    errors.add(syn::Error::new(span, message));
}

/// The first word that only a table's description has.
pub(super) fn table_word(row: &Row) -> Option<(String, Span)> {
    let word = |word: &Ident| (word.to_string(), word.span());
    let above = row.indexes.first().map(|index| {
        let what = if index.unique { "unique" } else { "index" };
        (what.to_owned(), index.attribute)
    });
    let of_field = |field: &Field| {
        let words = [&field.primary_key, &field.unique, &field.index].into_iter().flatten().next().map(word);
        let default = || field.default.as_ref().map(|default| ("default".to_owned(), default.expr.span()));
        let references = || field.references.as_ref().map(|references| ("references".to_owned(), references.span()));
        words
            .or_else(default)
            .or_else(references)
            .or_else(|| field.on_delete.map(|(_, span)| ("on_delete".to_owned(), span)))
    };
    above.or_else(|| row.fields.iter().find_map(of_field))
}

fn index(row: &Row, index: &Index, errors: &mut Errors) {
    let what = if index.unique { "unique" } else { "index" };
    if index.fields.is_empty() {
        errors.add(syn::Error::new(index.attribute, format!("name the fields: `{what}(status, created_at)`")));
    }
    let mut seen = HashSet::new();
    for ident in &index.fields {
        if row.field(ident).is_none() {
            errors.push(ident, unknown_field(row, ident));
        } else if !seen.insert(plain(ident)) {
            errors.push(ident, format!("`{}` is in this index already; name it once", plain(ident)));
        }
    }
}

fn unknown_field(row: &Row, ident: &Ident) -> String {
    let (ident, names): (_, Vec<String>) = (plain(ident), row.fields.iter().map(|field| plain(&field.ident)).collect());
    match names::nearest(&ident, names.iter().map(String::as_str)) {
        Some(meant) => format!("`{}` has no field `{ident}`; did you mean `{meant}`?", row.ident),
        None => format!("`{}` has no field `{ident}`; name one of its fields", row.ident),
    }
}

/// SQLite's names ignore case.
fn column_names(row: &Row, errors: &mut Errors) {
    for (index, field) in row.fields.iter().enumerate() {
        let name = &field.column.name;
        let earlier = row.fields[..index].iter().find(|other| other.column.name.eq_ignore_ascii_case(name));
        // Two fields of one Rust name are rustc's to report.
        let Some(earlier) = earlier.filter(|earlier| earlier.ident != field.ident) else { continue };
        let message = format!(
            "the column `{name}` is the field `{}` already; give one of them another name with `#[row(rename = \"..\")]`",
            plain(&earlier.ident),
        );
        errors.add(syn::Error::new(field.column.span(&field.ident), message));
    }
}

fn field(field: &Field, is_read: bool, errors: &mut Errors) {
    let name = plain(&field.ident);
    if let Some(rename) = &field.column.rename
        && let Some(message) = names::column_name_error(&rename.value())
    {
        errors.push(rename, message);
    }
    if field.primary_key.is_some() {
        if let Some(json) = &field.json {
            errors.push(json, "a primary key cannot be JSON; store the key as a column type such as `String`");
        } else if field.optional {
            let message =
                format!("the primary key `{name}` may be `NULL`; remove the `Option`, or remove `primary_key`");
            errors.push(&field.ty, message);
        }
    }
    if let Some(text) = field.json.as_ref().and(field.default.as_ref()).and_then(super::Default::text)
        && let Err(error) = serde_json::from_str::<serde_json::Value>(&text.value())
    {
        errors.push(text, format!("this default is not JSON: {error}"));
    }
    if let Some((index, _)) = field.index.as_ref().zip(field.unique.as_ref()) {
        errors.push(index, "remove `index`: `unique` makes an index already");
    }
    references(field, is_read, errors);
}

fn references(field: &Field, is_read: bool, errors: &mut Errors) {
    if let Some(references) = &field.references
        && super::foreign_key(references).is_none()
    {
        errors.push(references, "write a table and a column: `references = \"issues.id\"`");
    }
    let Some((on_delete, span)) = field.on_delete else { return };
    let mut error = |span: Span, message: &str| errors.add(syn::Error::new(span, message));
    if field.references.is_none() && is_read {
        error(span, "`on_delete` says what happens with a reference; write `references = \"table.column\"` too");
    }
    if on_delete == OnDelete::SetNull && !field.optional {
        error(
            span,
            "`set_null` needs a field that may be `NULL`; write `Option<..>` as its type, or `cascade` or `refuse` here",
        );
    }
}
