//! `#[derive(StoreContext)]`: attributes into a model, checks on the model, code from the model.

mod accessor;
mod check;
mod docs;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Expr, Ident, LitStr, Path, Type, Visibility};

use crate::errors::Errors;
use crate::input::{self, Docs};

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    input::reject_generics(input, "StoreContext", &mut errors);
    let mut store = parse::store(input, &mut errors);
    check::store(&store, errors.is_empty(), &mut errors);
    let code = errors.is_empty().then(|| expand::store(&store));
    for field in &mut store.fields {
        if let Kind::Query(query) = &mut field.kind {
            errors.merge(std::mem::take(&mut query.sql.mistakes));
        }
    }
    let errors = errors.into_tokens();
    match code {
        Some(code) => quote!(#errors #code),
        None => expand::fallback(input, &store, &errors),
    }
}

/// A schema as its author wrote it.
pub(crate) struct Store {
    pub(crate) facade: Path,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Docs,
    pub(crate) name: Name,
    pub(crate) version: u32,
    pub(crate) events: Type,
    pub(crate) adapter: Option<Expr>,
    pub(crate) fields: Vec<Field>,
}

/// The schema's name, and the tokens that gave it.
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) literal: Option<LitStr>,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Docs,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Table { row: Box<Type> },
    Document { document: Box<Type>, key: Option<Box<Type>> },
    Query(Box<Query>),
}

pub(crate) struct Query {
    pub(crate) sql: QuerySql,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) cardinality: Cardinality,
    /// The type of a row.
    pub(crate) row: Type,
}

/// The statement of a query.
pub(crate) struct QuerySql {
    pub(crate) literal: LitStr,
    /// The statement, where it could be read.
    #[cfg(feature = "checked-sql")]
    pub(crate) read: Option<crate::sql::Sql>,
    /// What is wrong in it: nothing that keeps the rest of the schema from being checked.
    pub(crate) mistakes: Errors,
}

pub(crate) struct Parameter {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
}

pub(crate) enum Cardinality {
    Many,
    Optional,
    One,
}
