//! What the documentation of a schema's generated code says.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::{Cardinality, Field, Kind, Query, Store};
use crate::docs::{self, Example};
use crate::input::compact;
use crate::names::plain;

/// Of an accessor: the user's comment, what the field adds to it, and an example.
pub(super) fn accessor(store: &Store, field: &Field) -> TokenStream {
    let declared = docs::field(&store.ident, &field.ident);
    let (sql, sentence) = match &field.kind {
        Kind::Table { row } => (None, format!("A table of `{}` rows, declared as {declared}.", compact(row))),
        Kind::Document { document, key } => (None, document_sentence(document, key.as_deref(), &declared)),
        Kind::Query(query) => (Some(sql_fence(&query.sql.literal.value())), query_sentence(query, &declared)),
    };
    let paragraphs = sql.into_iter().chain([sentence]);
    let (docs, example) = (field.docs.followed_by(paragraphs), example(store, field).shown());
    quote!(#docs #example)
}

fn document_sentence(document: &Type, key: Option<&Type>, declared: &str) -> String {
    let each = key.map_or_else(String::new, |key| format!(", one for each `{}`", compact(key)));
    format!("A client document of type `{}`{each}, declared as {declared}.", compact(document))
}

fn query_sentence(query: &Query, declared: &str) -> String {
    let row = compact(&query.row);
    let rows = match query.cardinality {
        Cardinality::Many => format!("Any number of `{row}`"),
        Cardinality::Optional => format!("Zero or one `{row}`"),
        Cardinality::One => format!("Exactly one `{row}`"),
    };
    let names: Vec<_> = query.parameters.iter().map(|parameter| format!("`:{}`", plain(&parameter.ident))).collect();
    let bound = match names.as_slice() {
        [] => String::new(),
        [name] => format!(" for a value of {name}"),
        [names @ .., last] => format!(" for values of {} and {last}", names.join(", ")),
    };
    format!("{rows}{bound}, declared as {declared}.")
}

fn sql_fence(sql: &str) -> String {
    format!("```sql\n{}\n```", dedented(sql))
}

/// A statement without the indentation that its place in the source gave it.
fn dedented(sql: &str) -> String {
    let (first, rest) = sql.trim().split_once('\n').unwrap_or((sql.trim(), ""));
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let common = rest.lines().filter(|line| !line.trim().is_empty()).map(indentation).min().unwrap_or(0);
    let rest = rest.lines().map(|line| line.get(common..).unwrap_or("").trim_end());
    std::iter::once(first.trim_end()).chain(rest).collect::<Vec<_>>().join("\n")
}

/// Every example of the schema, compiled.
pub(super) fn examples(store: &Store) -> TokenStream {
    let fields = store.fields.iter().map(|field| example(store, field));
    let own = [handle_example(store), open_example(store), provider_example(store), key_example(store)];
    let compiled = own.into_iter().chain(fields).map(|example| example.compiled(&store.facade));
    quote!(#(#compiled)*)
}

/// What a program does first with a field.
fn example(store: &Store, field: &Field) -> Example {
    let (facade, accessor, handle) = (&store.facade, &field.ident, handle_ident(store));
    match &field.kind {
        Kind::Table { .. } => Example::new(
            format!("let rows = store.{accessor}().limit(20).get()?;\nlet count = store.{accessor}().count().get()?;"),
            quote!(store: &#handle),
        ),
        Kind::Document { key, .. } => {
            let argument = if key.is_some() { "key" } else { "" };
            let key = key.as_ref().map(|key| quote!(key: impl #facade::__private::Operand<#key>));
            Example::new(
                format!(
                    "let document = store.{accessor}({argument});\n\
                     let value = document.get()?;\n\
                     document.update(|value| *value = Default::default())?;"
                ),
                quote!(store: &#handle, #key),
            )
        }
        Kind::Query(query) => {
            let (names, types): (Vec<_>, Vec<_>) =
                query.parameters.iter().map(|p| (shown_ident(&p.ident), &p.ty)).unzip();
            let arguments = names.iter().map(Ident::to_string).collect::<Vec<_>>().join(", ");
            // A parameter may be called as the handle is.
            let receiver = if names.iter().any(|name| name == "store") { "open_store" } else { "store" };
            let result = if matches!(query.cardinality, Cardinality::Many) { "rows" } else { "row" };
            let receiver_ident = format_ident!("{receiver}");
            Example::new(
                format!("let {result} = {receiver}.{accessor}({arguments}).get()?;"),
                quote!(#receiver_ident: &#handle, #(#names: #types),*),
            )
        }
    }
}

/// A parameter as a text names it.
fn shown_ident(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(Span::call_site());
    ident
}

fn handle_ident(store: &Store) -> Ident {
    format_ident!("{}Store", plain(&store.ident))
}

/// A link to the schema.
fn schema(store: &Store) -> String {
    let name = plain(&store.ident);
    format!("[`{name}`](struct@{name})")
}

/// Of the handle. What the schema's comment begins with is the schema's summary, in the same list.
pub(super) fn handle(store: &Store) -> TokenStream {
    let schema = schema(store);
    let summary = format!("An open store of {schema}, with a method for each of its fields.");
    let base = docs::facade_item(&store.facade, "Store");
    let rest = store.docs.followed_by([format!("By `Deref` it does what every {base} does.")]);
    let example = handle_example(store).shown();
    quote!(#[doc = #summary] #[doc = ""] #rest #example)
}

fn handle_example(store: &Store) -> Example {
    let (facade, handle, events) = (&store.facade, handle_ident(store), &store.events);
    // The method that a field hides.
    let hidden = store.fields.iter().any(|field| plain(&field.ident) == "commit");
    let commit = if hidden { "Store::commit(store, event)" } else { "store.commit(event)" };
    Example {
        imports: if hidden { quote!(use #facade::__private::Store;) } else { TokenStream::new() },
        ..Example::new(
            format!("let receipt = {commit}?;\nreceipt.durable().await?; // It survives power loss."),
            quote!(store: &#handle, event: #events),
        )
    }
}

/// Of `Project::open`.
pub(super) fn open(store: &Store) -> TokenStream {
    let docs = format!("Opens the store `default` of {} for itself, without a registry.", schema(store));
    let example = open_example(store).shown();
    quote! {
        #[doc = #docs]
        #[doc = ""]
        #[doc = "Awaiting the result gives the store, or what opening met with."]
        #example
    }
}

fn open_example(store: &Store) -> Example {
    let (facade, ident) = (&store.facade, &store.ident);
    Example::new(
        format!("let store = {ident}::open(adapter).await?;"),
        quote!(adapter: impl #facade::__private::Adapter),
    )
}

/// Of `ProjectProvider`.
pub(super) fn provider(store: &Store) -> TokenStream {
    let base = docs::facade_item(&store.facade, "Provider");
    let docs = format!("The {base} of {}: says which store to mount, and on what.", schema(store));
    let example = provider_example(store).shown();
    quote!(#[doc = #docs] #example)
}

fn provider_example(store: &Store) -> Example {
    let (private, name) = (&store.facade, plain(&store.ident));
    Example::new(
        format!(
            "let mounted = {name}Provider::new().adapter(adapter).store_id(\"alpha\").mount(&registry)?;\n\
             let store = mounted.store().await?;"
        ),
        quote!(registry: #private::__private::StoreRegistry, adapter: impl #private::__private::Adapter),
    )
}

/// Of `ProjectKey`.
pub(super) fn key(store: &Store) -> TokenStream {
    let base = docs::facade_item(&store.facade, "StoreKey");
    let docs = format!("The {base} of {}: names one store in a registry.", schema(store));
    let example = key_example(store).shown();
    quote!(#[doc = #docs] #example)
}

fn key_example(store: &Store) -> Example {
    let (facade, name) = (&store.facade, plain(&store.ident));
    Example::new(
        format!("let key: {name}Key = \"alpha\".parse()?;\nlet mounted = registry.get(&key)?;"),
        quote!(registry: #facade::__private::StoreRegistry),
    )
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;
    use syn::{Expr, ImplItem, Item, Meta};

    /// The texts of the `#[doc]` and `#[cfg_attr(.., doc)]` above an item.
    fn text(attributes: &[syn::Attribute]) -> String {
        let lines = attributes.iter().filter_map(|attribute| {
            let meta = match &attribute.meta {
                Meta::List(list) if list.path.is_ident("cfg_attr") => {
                    let parse = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
                    attribute.parse_args_with(parse).unwrap().into_iter().last().unwrap()
                }
                meta => meta.clone(),
            };
            let Meta::NameValue(pair) = meta else { return None };
            let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = pair.value else { return None };
            Some(text.value())
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What the schema's generated items say, by name.
    fn docs_of(schema: TokenStream) -> Vec<(String, String)> {
        let code = crate::store::derive(&syn::parse2(schema).unwrap());
        let file: syn::File = syn::parse2(code).unwrap();
        let mut docs = Vec::new();
        for item in file.items {
            match item {
                Item::Struct(item) => docs.push((item.ident.to_string(), text(&item.attrs))),
                Item::Type(item) => docs.push((item.ident.to_string(), text(&item.attrs))),
                Item::Impl(item) => docs.extend(item.items.into_iter().filter_map(|item| match item {
                    ImplItem::Fn(method) => Some((method.sig.ident.to_string(), text(&method.attrs))),
                    _ => None,
                })),
                _ => {}
            }
        }
        docs
    }

    #[test]
    fn every_item_says_what_it_is_where_it_came_from_and_how_it_is_used() {
        let docs = docs_of(quote! {
            /// The store of one project.
            #[store(events = ProjectEvent)]
            pub struct Project {
                /// Every issue.
                pub issues: Table<crate::rows::Issue>,
                pub drafts: ClientDocument<Draft, String>,
                /// Issues of one state.
                #[query("SELECT *\n             FROM issues\n             WHERE status = :status LIMIT :limit")]
                pub by_status: Query<fn(status: Status, limit: u32) -> Vec<Issue>>,
                #[query("SELECT title FROM issues WHERE title = :store")]
                pub titled: Query<fn(store: &str) -> Option<String>>,
            }
        });
        let expected = [
            (
                "ProjectStore",
                "An open store of [`Project`](struct@Project), with a method for each of its fields.\n\n \
                 The store of one project.\n\nBy `Deref` it does what every [`Store`](::store_context::Store) does.\n\n\
                 ```\nlet receipt = store.commit(event)?;\nreceipt.durable().await?; // It survives power loss.\n```",
            ),
            (
                "issues",
                " Every issue.\n\n\
                 A table of `crate::rows::Issue` rows, declared as \
                 [`Project::issues`](struct@Project#structfield.issues).\n\n\
                 ```\nlet rows = store.issues().limit(20).get()?;\nlet count = store.issues().count().get()?;\n```",
            ),
            (
                "drafts",
                "A client document of type `Draft`, one for each `String`, declared as \
                 [`Project::drafts`](struct@Project#structfield.drafts).\n\n\
                 ```\nlet document = store.drafts(key);\nlet value = document.get()?;\n\
                 document.update(|value| *value = Default::default())?;\n```",
            ),
            (
                "by_status",
                " Issues of one state.\n\n\
                 ```sql\nSELECT *\nFROM issues\nWHERE status = :status LIMIT :limit\n```\n\n\
                 Any number of `Issue` for values of `:status` and `:limit`, declared as \
                 [`Project::by_status`](struct@Project#structfield.by_status).\n\n\
                 ```\nlet rows = store.by_status(status, limit).get()?;\n```",
            ),
            (
                "titled",
                "```sql\nSELECT title FROM issues WHERE title = :store\n```\n\n\
                 Zero or one `String` for a value of `:store`, declared as \
                 [`Project::titled`](struct@Project#structfield.titled).\n\n\
                 ```\nlet row = open_store.titled(store).get()?;\n```",
            ),
            (
                "ProjectProvider",
                "The [`Provider`](::store_context::Provider) of [`Project`](struct@Project): says which store to mount, and \
                 on what.\n\n```\n\
                 let mounted = ProjectProvider::new().adapter(adapter).store_id(\"alpha\").mount(&registry)?;\n\
                 let store = mounted.store().await?;\n```",
            ),
            (
                "ProjectKey",
                "The [`StoreKey`](::store_context::StoreKey) of [`Project`](struct@Project): names one store in a \
                 registry.\n\n```\nlet key: ProjectKey = \"alpha\".parse()?;\nlet mounted = registry.get(&key)?;\n```",
            ),
            (
                "open",
                "Opens the store `default` of [`Project`](struct@Project) for itself, without a registry.\n\n\
                 Awaiting the result gives the store, or what opening met with.\n\n\
                 ```\nlet store = Project::open(adapter).await?;\n```",
            ),
        ];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(docs, expected);
    }
}
