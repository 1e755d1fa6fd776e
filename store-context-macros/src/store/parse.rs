//! A schema struct into the model.

use darling::FromAttributes;
use proc_macro2::Ident;
use quote::format_ident;
use syn::{Attribute, DeriveInput, Expr, LitStr, Path, ReturnType, Type};

use super::{Cardinality, Field, Kind, Name, Parameter, Query, QuerySql, Store};
use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input::{self, Docs, last_segment};
use crate::names::{self, nearest, plain, snake_case};

/// The longest tuple that is a row.
const MOST_COLUMNS: usize = 12;

const ABOVE: Place = Place {
    attribute: "store",
    at: "above the struct",
    keys: &[
        Key::new("events", Takes::Type, "events = ProjectEvent"),
        Key::new("name", Takes::Text, "name = \"project\""),
        Key::new("version", Takes::Number, "version = 2"),
        Key::new("adapter", Takes::Expression, "adapter = Sqlite::in_dir(\"data\")"),
        Key::CRATE,
    ],
};

#[derive(Default, FromAttributes)]
#[darling(attributes(store))]
struct Container {
    name: Option<LitStr>,
    events: Option<Type>,
    version: Option<u32>,
    #[darling(with = expression, default)]
    adapter: Option<Expr>,
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

fn expression(meta: &syn::Meta) -> darling::Result<Option<Expr>> {
    darling::util::parse_expr::preserve_str_literal(meta).map(Some)
}

pub(super) fn store(input: &DeriveInput, errors: &mut Errors) -> Store {
    let mut container_errors = Errors::default();
    let container: Container = attributes::read(&input.attrs, &ABOVE, &[], &mut container_errors);
    let events = events(input, container.events, &mut container_errors);
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("query")) {
        container_errors
            .push(attribute, "`#[query(..)]` belongs on a field of type `Query<fn(..) -> ..>`; move it there");
    }
    errors.merge(container_errors);
    let (ident, facade) = (&input.ident, container.facade);
    Store {
        facade: facade.unwrap_or_else(names::default_facade),
        vis: input.vis.clone(),
        docs: Docs::of(&input.attrs),
        name: Name {
            text: container.name.as_ref().map_or_else(|| snake_case(&plain(ident)), LitStr::value),
            literal: container.name,
        },
        version: container.version.unwrap_or(1),
        events,
        adapter: container.adapter,
        fields: fields(input, errors),
        ident: ident.clone(),
    }
}

/// The type of the events; where it is missing, the type that was probably meant, so that no other error follows.
fn events(input: &DeriveInput, given: Option<Type>, errors: &mut Errors) -> Type {
    let ident = &input.ident;
    given.unwrap_or_else(|| {
        let conventional = format_ident!("{}Event", plain(ident), span = ident.span());
        if errors.is_empty() {
            errors.push(
                ident,
                format!("the events of `{ident}` are missing; write `#[store(events = {conventional})]` above it"),
            );
        }
        syn::parse_quote!(#conventional)
    })
}

fn fields(input: &DeriveInput, errors: &mut Errors) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for field in input::named_fields(input, "StoreContext", errors).into_iter().flatten() {
        let Some(ident) = &field.ident else { continue };
        // Two fields of one name are rustc's to report.
        let is_new = fields.iter().all(|earlier| earlier.ident != *ident);
        if let Some(kind) = kind(ident, field, errors).filter(|_| is_new) {
            let (vis, docs) = (field.vis.clone(), Docs::of(&field.attrs));
            fields.push(Field { ident: ident.clone(), vis, docs, kind });
        }
    }
    fields
}

fn kind(ident: &Ident, field: &syn::Field, errors: &mut Errors) -> Option<Kind> {
    attributes::refuse(&field.attrs, "store", &[&ABOVE], errors);
    let is_query =
        |attribute: &&Attribute| attribute.path().is_ident("query") || attributes::is_misspelt(attribute, "query");
    let queries: Vec<&Attribute> = field.attrs.iter().filter(is_query).collect();
    let segment = last_segment(&field.ty);
    let (name, arguments) = segment.as_ref().map_or(("", &[][..]), |(name, arguments)| (name.as_str(), arguments));
    if name == "Query" {
        return query(ident, field, arguments, &queries, errors).map(|query| Kind::Query(Box::new(query)));
    }
    let kind = match (name, arguments) {
        ("Table", [row]) => Some(Kind::Table { row: boxed(row) }),
        ("Table", _) => {
            errors.push(&field.ty, "a table has one row type: write `Table<Row>`");
            None
        }
        ("ClientDocument", [document]) => Some(Kind::Document { document: boxed(document), key: None }),
        ("ClientDocument", [document, key]) => {
            Some(Kind::Document { document: boxed(document), key: Some(boxed(key)) })
        }
        ("ClientDocument", _) => {
            errors.push(
                &field.ty,
                "a client document has one type, and may have a key: write `ClientDocument<Document>` or `ClientDocument<Document, Key>`",
            );
            None
        }
        (other, _) => {
            let meant = nearest(other, ["Table", "ClientDocument", "Query"]);
            let hint = meant.map_or_else(String::new, |meant| format!(" (did you mean `{meant}`?)"));
            let message = format!(
                "`{}` cannot be a field of a store: write `Table<Row>`, `ClientDocument<Document>` or `Query<fn(..) -> ..>`{hint}",
                plain(ident),
            );
            errors.push(&field.ty, message);
            // A query of misspelt type has one mistake, not two.
            return None;
        }
    };
    for query in queries {
        errors.push(query, "`#[query(..)]` belongs on a field of type `Query<fn(..) -> ..>`; remove it here");
    }
    kind
}

fn boxed(ty: &Type) -> Box<Type> {
    Box::new(ty.clone())
}

fn query(
    ident: &Ident,
    field: &syn::Field,
    arguments: &[&Type],
    attributes: &[&Attribute],
    errors: &mut Errors,
) -> Option<Query> {
    let sql = sql(ident, attributes, errors).unwrap_or_else(|| query_sql(LitStr::new("", ident.span())));
    let function = match arguments {
        [function] => input::ungrouped(function),
        _ => &field.ty,
    };
    let Type::FnPtr(function) = function else {
        errors.push(
            function,
            "write the query's parameters and result as a function type: `Query<fn(status: Status) -> Vec<Issue>>`",
        );
        return None;
    };
    let parameters: Vec<_> = function.inputs.iter().filter_map(|argument| parameter(argument, errors)).collect();
    let decoration =
        function.unsafety.as_ref().map(|token| token.span).or(function.abi.as_ref().map(|abi| abi.extern_token.span));
    if let Some(span) = decoration {
        errors.add(syn::Error::new(span, "write a plain `fn(..) -> ..`"));
    }
    if let Some(lifetimes) = &function.lifetimes {
        errors.push(lifetimes, "a query takes no lifetimes; write `&str` without one");
    }
    if let Some(variadic) = &function.variadic {
        errors.push(variadic, "write every parameter of the query");
    }
    let ReturnType::Type(_, output) = &function.output else {
        errors.push(
            function,
            "this query has no result; write `-> Vec<Row>` for any number of rows, `-> Option<Row>` or `-> Row`",
        );
        return None;
    };
    let (cardinality, row) = match last_segment(output) {
        Some((name, arguments)) if name == "Vec" && arguments.len() == 1 => (Cardinality::Many, arguments[0]),
        Some((name, arguments)) if name == "Option" && arguments.len() == 1 => (Cardinality::Optional, arguments[0]),
        _ => (Cardinality::One, &**output),
    };
    if let Some(reference) = borrowed(row) {
        errors
            .push(reference, "a query's rows own what they hold; write `String` for `&str`, and `Vec<u8>` for `&[u8]`");
        return None;
    }
    if let Type::Tuple(tuple) = input::ungrouped(row)
        && tuple.elems.len() > MOST_COLUMNS
    {
        let count = tuple.elems.len();
        let message = format!(
            "a tuple of {count} is no row, a tuple has at most {MOST_COLUMNS}; write a `#[derive(Row, Clone)]` struct with a field for each column"
        );
        errors.push(row, message);
        return None;
    }
    let row = row.clone();
    if parameters.len() < function.inputs.len() {
        return None;
    }
    #[cfg(feature = "checked-sql")]
    let sql = read(sql, &parameters);
    Some(Query { sql, parameters, cardinality, row })
}

/// Reads the statement; each mistake is shown at the string, with the line in which it is.
#[cfg(feature = "checked-sql")]
fn read(sql: QuerySql, parameters: &[Parameter]) -> QuerySql {
    let text = sql.literal.value();
    if text.trim().is_empty() {
        return sql;
    }
    let names: Vec<_> = parameters.iter().map(|parameter| plain(&parameter.ident)).collect();
    let mut mistakes = Errors::default();
    let lists = parameters.iter().filter(|parameter| super::accessor::list_item(&parameter.ty).is_some());
    let lists: Vec<_> = lists.map(|parameter| plain(&parameter.ident)).collect();
    let reading = crate::sql::read(&text, &names, &lists);
    for mistake in reading.mistakes {
        mistakes.push(&sql.literal, mistake.drawn(&text));
    }
    // A misspelt parameter is one mistake, not two.
    for parameter in parameters.iter().filter(|parameter| reading.unused.contains(&plain(&parameter.ident))) {
        let name = plain(&parameter.ident);
        let message = format!("the statement does not use `{name}`; write `:{name}` in it, or remove it here");
        mistakes.push(&parameter.ident, message);
    }
    QuerySql { read: reading.sql, mistakes, ..sql }
}

/// A reference in the type of a row.
fn borrowed(row: &Type) -> Option<&Type> {
    match input::ungrouped(row) {
        Type::Reference(_) => Some(row),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(borrowed),
        _ => None,
    }
}

fn parameter(argument: &syn::NamedArg, errors: &mut Errors) -> Option<Parameter> {
    let named = argument.name.as_ref().map(|(ident, _)| ident).filter(|ident| *ident != "_");
    let Some(ident) = named else {
        errors.push(argument, "a query's parameter has a name, as in its SQL: write `status: Status` for `:status`");
        return None;
    };
    Some(Parameter { ident: ident.clone(), ty: argument.ty.clone() })
}

fn query_sql(literal: LitStr) -> QuerySql {
    QuerySql {
        literal,
        #[cfg(feature = "checked-sql")]
        read: None,
        mistakes: Errors::default(),
    }
}

fn sql(ident: &Ident, attributes: &[&Attribute], errors: &mut Errors) -> Option<QuerySql> {
    let [attribute] = attributes else {
        match attributes.get(1) {
            Some(second) => errors.push(second, "a query has one statement; remove one of the `#[query(..)]`"),
            None => errors.push(
                ident,
                format!("the query `{}` has no SQL; write `#[query(\"SELECT ..\")]` above it", plain(ident)),
            ),
        }
        return None;
    };
    match attribute.parse_args::<LitStr>() {
        Ok(literal) => Some(query_sql(literal)),
        Err(_) => {
            let message = match attribute.parse_args::<Expr>() {
                Ok(Expr::Macro(_)) => {
                    "a derive sees a macro before it is expanded, and cannot read its text; write the SQL itself: `#[query(\"SELECT ..\")]`"
                }
                Ok(Expr::Path(_)) => {
                    "a derive sees a constant's name and not its text; write the SQL itself: `#[query(\"SELECT ..\")]`"
                }
                _ => "write the query's SQL as one string: `#[query(\"SELECT ..\")]`",
            };
            errors.push(attribute, message);
            None
        }
    }
}
