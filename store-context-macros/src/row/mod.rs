//! `#[derive(Row)]`: attributes into a model, checks on the model, code from the model.

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
    if input::reject_generics(input, "Row", &mut errors) {
        let (errors, fallback) = (errors.into_tokens(), expand::generic_fallback(input, &parse::facade(input)));
        return quote!(#errors #fallback);
    }
    let Some(fields) = input::named_fields(input, "Row", &mut errors) else {
        let fallback = expand::fallback(&Row::unreadable(input));
        let errors = errors.into_tokens();
        return quote!(#errors #fallback);
    };
    let row = parse::row(input, fields, &mut errors);
    check::row(&row, errors.is_empty(), &mut errors);
    if errors.is_empty() {
        return expand::row(&row);
    }
    let (errors, fallback) = (errors.into_tokens(), expand::fallback(&row));
    quote!(#errors #fallback)
}

/// A row type as its author wrote it.
pub(crate) struct Row {
    pub(crate) facade: Path,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) table: TableName,
    pub(crate) fields: Vec<Field>,
    /// `index(..)` and `unique(..)` above the struct.
    pub(crate) indexes: Vec<Index>,
}

pub(crate) enum TableName {
    /// The row is no table.
    None,
    Given(LitStr),
    /// The attribute above the struct has a mistake.
    Unreadable,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Docs,
    pub(crate) ty: Type,
    pub(crate) column: Column,
    pub(crate) optional: bool,
    /// The words among the field's attributes, for their spans.
    pub(crate) primary_key: Option<Ident>,
    pub(crate) unique: Option<Ident>,
    pub(crate) index: Option<Ident>,
    pub(crate) json: Option<Ident>,
    pub(crate) default: Option<Default>,
    pub(crate) references: Option<LitStr>,
    pub(crate) on_delete: Option<(OnDelete, proc_macro2::Span)>,
}

/// A column's name, and the tokens that gave it.
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) rename: Option<LitStr>,
}

pub(crate) struct Default {
    pub(crate) expr: Expr,
    pub(crate) value: DefaultValue,
}

pub(crate) enum DefaultValue {
    Integer(i64),
    Real(f64),
    Text(LitStr),
    Blob(syn::LitByteStr),
    /// A variant of a `#[derive(Column)]` enum.
    Name,
}

impl Default {
    fn text(&self) -> Option<&LitStr> {
        match &self.value {
            DefaultValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, darling::FromMeta)]
#[darling(rename_all = "snake_case")]
pub(crate) enum OnDelete {
    Refuse,
    Cascade,
    SetNull,
}

impl OnDelete {
    pub(crate) const NAMES: [&str; 3] = ["refuse", "cascade", "set_null"];
}

pub(crate) struct Index {
    pub(crate) fields: Vec<Ident>,
    pub(crate) unique: bool,
    pub(crate) attribute: proc_macro2::Span,
}

impl Row {
    fn unreadable(input: &DeriveInput) -> Self {
        Self {
            facade: parse::facade(input),
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            table: TableName::Unreadable,
            fields: Vec::new(),
            indexes: Vec::new(),
        }
    }

    /// Whether there is a table, as far as can be read, or what describes one.
    fn is_meant_as_table(&self) -> bool {
        !matches!(self.table, TableName::None) || check::table_word(self).is_some()
    }

    pub(crate) fn primary_key(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.primary_key.is_some())
    }

    pub(crate) fn field(&self, ident: &Ident) -> Option<&Field> {
        let wanted = crate::names::plain(ident);
        self.fields.iter().find(|field| crate::names::plain(&field.ident) == wanted)
    }
}

/// The table and column of `references = "table.column"`.
pub(crate) fn foreign_key(references: &LitStr) -> Option<(String, String)> {
    let text = references.value();
    let (table, column) = text.split_once('.')?;
    let is_name = |name: &str| !name.is_empty() && !name.contains('.') && name.trim() == name;
    (is_name(table) && is_name(column)).then(|| (table.to_owned(), column.to_owned()))
}
