//! What a schema may not be. One message a rule.

use quote::ToTokens;
use syn::Type;

use super::{Kind, Query, Store};
use crate::errors::Errors;
use crate::input::compact;
use crate::names::{self, plain};

/// `is_read` says that every attribute was understood. Where one was not, a query may lack what it was given.
pub(super) fn store(store: &Store, is_read: bool, errors: &mut Errors) {
    name(store, errors);
    let mut tables: Vec<(String, String)> = Vec::new();
    let mut documents: Vec<(String, String)> = Vec::new();
    for field in &store.fields {
        let name = plain(&field.ident);
        match &field.kind {
            Kind::Table { row } => once(row, "table", name, &mut tables, errors),
            Kind::Document { document, .. } => once(document, "client document", name, &mut documents, errors),
            Kind::Query(query) if is_read => self::query(query, errors),
            Kind::Query(_) => {}
        }
    }
}

fn name(store: &Store, errors: &mut Errors) {
    let Some(reason) = names::store_name_error(&store.name.text) else { return };
    let message = format!("the store's name {reason}; write 1 to 120 of the characters A-Z, a-z, 0-9, `_` and `-`");
    match &store.name.literal {
        Some(literal) => errors.push(literal, message),
        None => errors.push(&store.ident, format!("{message}, as in `#[store(name = \"project\")]`")),
    }
}

/// Rows and documents belong to a store once.
fn once(ty: &Type, what: &str, field: String, seen: &mut Vec<(String, String)>, errors: &mut Errors) {
    let tokens = ty.to_token_stream().to_string();
    match seen.iter().find(|(earlier, _)| *earlier == tokens) {
        Some((_, earlier)) => errors.push(
            ty,
            format!(
                "the store has a {what} of `{}` already, the field `{earlier}`; remove one of the two",
                compact(ty)
            ),
        ),
        None => seen.push((tokens, field)),
    }
}

fn query(query: &Query, errors: &mut Errors) {
    if query.sql.literal.value().trim().is_empty() {
        errors.push(&query.sql.literal, "the query's SQL is empty; write `SELECT ..`");
    }
    for (index, parameter) in query.parameters.iter().enumerate() {
        let name = plain(&parameter.ident);
        if query.parameters[..index].iter().any(|earlier| plain(&earlier.ident) == name) {
            errors.push(
                &parameter.ident,
                format!("the query has a parameter `{name}` already; give this one another name"),
            );
        }
    }
}
