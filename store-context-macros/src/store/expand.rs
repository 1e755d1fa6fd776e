//! The code of `#[derive(StoreContext)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Type};

use super::{Field, Kind, Query, Store, accessor, docs};
use crate::input::{self, compact};
use crate::names::{at, plain, shown_at};

/// The code of a schema without mistakes.
pub(super) fn store(store: &Store) -> TokenStream {
    let (handle, aliases, open) = (handle(store), aliases(store), open(store));
    let accessors = store.fields.iter().map(|field| accessor::accessor(store, field));
    let (ident, handle_ident) = (&store.ident, handle_ident(store));
    let (schema, has_table, default_adapter) = (schema(store), has_table(store), default_adapter(store));
    let (checks, examples) = (checks(store), docs::examples(store));
    quote! {
        #handle

        // A field may be called like a method of a trait, may be `pub` in a private struct, and need not be used.
        #[allow(dead_code, non_snake_case, unreachable_pub, clippy::new_ret_no_self, clippy::should_implement_trait, clippy::wrong_self_convention)]
        #[automatically_derived]
        impl #handle_ident {
            #(#accessors)*
        }

        #aliases

        #[allow(dead_code)]
        #[automatically_derived]
        impl #ident {
            #open
        }

        const _: () = {
            #schema
            #has_table
            #default_adapter
            #checks
        };

        #examples
    }
}

/// What is emitted of a schema with mistakes, so that code that uses it has no errors of its own: the handle is a type
/// that there is not, and every row is a table of the schema.
pub(super) fn fallback(input: &DeriveInput, store: &Store, errors: &TokenStream) -> TokenStream {
    let Store { facade, ident, vis, events, name, .. } = store;
    let private = quote!(#facade::__private);
    let (handle, provider, key) = (handle_ident(store), provider_ident(store), key_ident(store));
    let mistaken = format_ident!("__{}SchemaHasMistakes", plain(ident));
    let (parameters, arguments): (Vec<_>, Vec<_>) = input.generics.params.iter().map(input::any).unzip();
    let (ty, name) = (quote!(#ident<#(#arguments),*>), &name.text);
    quote! {
        #errors
        // In a module with a `compile_error!`, rustc says nothing of names that it does not find, nor of what is done
        // with a type of such a name.
        #vis type #handle = #mistaken;
        #[allow(dead_code)]
        #vis type #provider = #handle;
        #[allow(dead_code)]
        #vis type #key = #handle;

        const _: () = {
            #[allow(dead_code)]
            #[automatically_derived]
            impl<#(#parameters)*> #ty {
                #vis fn open(_: impl #private::Adapter) -> #handle {
                    ::core::unreachable!()
                }
            }
            #[automatically_derived]
            impl<#(#parameters)*> #private::StoreContext for #ty {
                type Event = #events;
                type Handle = #handle;
                const SCHEMA: &'static #private::SchemaDef = &#private::SchemaDef {
                    name: #name,
                    version: 1,
                    tables: &[],
                    documents: &[],
                    queries: &[],
                };
                fn apply(
                    _: Self::Event,
                    _: &mut #private::Tx<'_, Self>,
                ) -> ::core::result::Result<(), #private::MaterializeError> {
                    ::core::unreachable!()
                }
            }
            #[automatically_derived]
            impl<#(#parameters)* __Row: #private::TableRow> #private::HasTable<__Row> for #ty {
                const TABLE: #private::TableDef = <__Row as #private::TableRow>::TABLE;
            }
        };
    }
}

/// `ProjectStore`.
fn handle_ident(store: &Store) -> Ident {
    format_ident!("{}Store", plain(&store.ident), span = store.ident.span())
}

/// `ProjectProvider`.
fn provider_ident(store: &Store) -> Ident {
    format_ident!("{}Provider", plain(&store.ident), span = store.ident.span())
}

/// `ProjectKey`.
fn key_ident(store: &Store) -> Ident {
    format_ident!("{}Key", plain(&store.ident), span = store.ident.span())
}

fn handle(store: &Store) -> TokenStream {
    let Store { facade, ident, vis, .. } = store;
    let (private, handle) = (quote!(#facade::__private), handle_ident(store));
    let docs = docs::handle(store);
    quote! {
        #docs
        #[derive(::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::fmt::Debug)]
        #[allow(non_camel_case_types)]
        #vis struct #handle(#private::Store<#ident>);

        const _: () = {
            #[automatically_derived]
            impl ::core::ops::Deref for #handle {
                type Target = #private::Store<#ident>;
                fn deref(&self) -> &Self::Target {
                    &self.0
                }
            }

            // For the runtime.
            #[doc(hidden)]
            #[automatically_derived]
            impl ::core::convert::From<#private::Store<#ident>> for #handle {
                fn from(store: #private::Store<#ident>) -> Self {
                    Self(store)
                }
            }
        };
    }
}

fn aliases(store: &Store) -> TokenStream {
    let Store { facade, ident, vis, .. } = store;
    let (private, provider, key) = (quote!(#facade::__private), provider_ident(store), key_ident(store));
    let (provider_docs, key_docs) = (docs::provider(store), docs::key(store));
    quote! {
        #provider_docs
        #[allow(dead_code, non_camel_case_types)]
        #vis type #provider<A = #private::NoAdapter> = #private::Provider<#ident, A>;

        #key_docs
        #[allow(dead_code, non_camel_case_types)]
        #vis type #key = #private::StoreKey<#ident>;
    }
}

fn open(store: &Store) -> TokenStream {
    let Store { facade, ident, vis, .. } = store;
    let private = quote!(#facade::__private);
    let docs = docs::open(store);
    quote! {
        #docs
        #vis fn open(adapter: impl #private::Adapter) -> #private::Suspended<#ident> {
            #private::open::<#ident>(adapter)
        }
    }
}

fn schema(store: &Store) -> TokenStream {
    let Store { facade, ident, .. } = store;
    let private = quote!(#facade::__private);
    let (name, version, handle) = (&store.name.text, store.version, handle_ident(store));
    let events = &store.events;
    let (mut tables, mut documents, mut queries, mut definitions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for field in &store.fields {
        match &field.kind {
            Kind::Table { row } => {
                tables.push(quote_spanned!(at(row.span())=> <#ident as #private::HasTable<#row>>::TABLE));
            }
            Kind::Document { document, key } => {
                let definition = document_definition(store, document, key.is_some());
                documents.push(match key {
                    Some(key) => {
                        let ty = accessor::key_type(store, key);
                        let key = quote!(::core::option::Option::Some(#ty()));
                        quote!(#private::DocumentDef { key: #key, ..#definition })
                    }
                    None => definition,
                });
            }
            Kind::Query(query) => {
                let definition = query_ident(field);
                queries.push(quote!(*#definition));
                definitions.push(query_definition(store, field, query));
            }
        }
    }
    let event = quote_spanned!(at(events.span())=> type Event = #events;);
    let apply = quote_spanned!(at(ident.span())=> <#ident as #private::Materialize>::materialize(event, tx));
    let (table_count, document_count) = (tables.len(), documents.len());
    let statements = store.fields.iter().map(|field| statement(store, field));
    let hashes = store.fields.iter().any(is_read).then(|| {
        quote! {
            const __CHECKED: &#private::checked::Tables = &#private::checked::Tables {
                tables: __TABLES,
                documents: __DOCUMENTS,
                names: &#private::checked::table_hashes::<{ #table_count + #document_count }>(__TABLES, __DOCUMENTS),
            };
        }
    });
    quote! {
        const __TABLES: &[#private::TableDef] = &[#(#tables),*];
        const __DOCUMENTS: &[#private::DocumentDef] = &[#(#documents),*];
        #hashes
        #(#statements)*
        #(#definitions)*

        #[automatically_derived]
        impl #private::StoreContext for #ident {
            #event
            type Handle = #handle;
            const SCHEMA: &'static #private::SchemaDef = &#private::SchemaDef {
                name: #name,
                version: #version,
                tables: __TABLES,
                documents: __DOCUMENTS,
                queries: &[#(#queries),*],
            };
            fn apply(
                event: Self::Event,
                tx: &mut #private::Tx<'_, Self>,
            ) -> ::core::result::Result<(), #private::MaterializeError> {
                #apply
            }
        }
    }
}

/// Whether the field is a query whose statement was read.
#[cfg(feature = "checked-sql")]
fn is_read(field: &Field) -> bool {
    matches!(&field.kind, Kind::Query(query) if query.sql.read.is_some())
}

#[cfg(not(feature = "checked-sql"))]
fn is_read(_: &Field) -> bool {
    false
}

/// The constants of a query's statement: as it was read, and held against the tables.
#[cfg(feature = "checked-sql")]
fn statement(store: &Store, field: &Field) -> Option<TokenStream> {
    let Kind::Query(query) = &field.kind else { return None };
    let read = query.sql.read.as_ref()?;
    let (facade, literal) = (&store.facade, &query.sql.literal);
    let checked = quote!(#facade::__private::checked);
    let parameters: Vec<_> = query.parameters.iter().map(|parameter| plain(&parameter.ident)).collect();
    let definition = crate::sql::emit(read, &literal.value(), &parameters);
    let (sql, resolved) = (statement_ident(field), resolved_ident(field));
    let (sources, references, scopes) = (read.sources.len(), read.references.len(), read.scopes.len());
    let capacity = match read.capacity() {
        Some(capacity) => quote!(#capacity),
        None => quote!({ #checked::capacity(#sql, __CHECKED) }),
    };
    Some(quote! {
        const #sql: &#checked::SqlDef = {
            use #checked::*;
            &#definition
        };
        // A very wide statement is better slow than refused.
        #[allow(long_running_const_eval)]
        const #resolved: &#checked::Resolved<
            #sources,
            #references,
            #scopes,
            #capacity,
        > = &#checked::Resolved::of(#sql, __CHECKED);
    })
}

#[cfg(not(feature = "checked-sql"))]
fn statement(_: &Store, _: &Field) -> Option<TokenStream> {
    None
}

fn statement_ident(field: &Field) -> Ident {
    format_ident!("__SQL_{}", plain(&field.ident))
}

fn resolved_ident(field: &Field) -> Ident {
    format_ident!("__RESOLVED_{}", plain(&field.ident))
}

fn query_ident(field: &Field) -> Ident {
    format_ident!("__QUERY_{}", plain(&field.ident))
}

/// The constant of a query's definition.
fn query_definition(store: &Store, field: &Field, query: &Query) -> TokenStream {
    let facade = &store.facade;
    let private = quote!(#facade::__private);
    let (ident, name, sql) = (query_ident(field), plain(&field.ident), &query.sql.literal);
    let parameters = query.parameters.iter().map(|parameter| plain(&parameter.ident));
    let (shape, dependencies) = (shape(store, query), dependencies(store, field));
    quote! {
        const #ident: &#private::QueryDef = &#private::QueryDef {
            name: #name,
            sql: #sql,
            parameters: &[#(#parameters),*],
            shape: #shape,
            dependencies: #dependencies,
        };
    }
}

fn dependencies(store: &Store, field: &Field) -> TokenStream {
    if !is_read(field) {
        return quote!(::core::option::Option::None);
    }
    let (facade, sql, resolved) = (&store.facade, statement_ident(field), resolved_ident(field));
    quote! {
        ::core::option::Option::Some(#facade::__private::Dependencies {
            sql: #sql,
            origins: &#resolved.origins,
            columns: &#resolved.columns,
        })
    }
}

/// The check of a query, shown at its string.
fn query_check(field: &Field, query: &Query) -> Option<TokenStream> {
    if !is_read(field) {
        return None;
    }
    let (definition, sql, resolved) = (query_ident(field), statement_ident(field), resolved_ident(field));
    let (literal, row) = (&query.sql.literal, compact(&query.row));
    let assert = shown_at(literal.span(), quote!(#resolved.assert(#sql, __CHECKED, &#definition.shape, #row)));
    Some(quote! {
        #[allow(long_running_const_eval)]
        const _: () = #assert;
    })
}

/// The shape of a query's row, which is where a type that is no row is reported.
fn shape(store: &Store, query: &Query) -> TokenStream {
    let (facade, cardinality) = (&store.facade, accessor::cardinality(store, query));
    shown_at(query.row.span(), quote!(#facade::__private::shape::<#cardinality>()))
}

/// A document of the schema. The accessor reports a type that is none: naming its function first makes the two reports
/// one.
fn document_definition(store: &Store, document: &Type, keyed: bool) -> TokenStream {
    let (Store { facade, ident, .. }, span) = (store, document.span());
    let private = quote!(#facade::__private);
    let accessor = (!keyed).then(|| quote!(let _ = #private::document_handle::<#ident, #document>;));
    shown_at(span, quote!({ #accessor #private::document_def::<#document>() }))
}

fn has_table(store: &Store) -> TokenStream {
    let Store { facade, ident, fields, .. } = store;
    let impls = fields.iter().filter_map(|field| {
        let Kind::Table { row } = &field.kind else { return None };
        let private = quote!(#facade::__private);
        let definition = quote_spanned!(at(row.span())=> <#row as #private::TableRow>::TABLE);
        Some(quote! {
            #[automatically_derived]
            impl #private::HasTable<#row> for #ident {
                const TABLE: #private::TableDef = #definition;
            }
        })
    });
    quote!(#(#impls)*)
}

fn default_adapter(store: &Store) -> Option<TokenStream> {
    let (Store { facade, ident, .. }, adapter) = (store, store.adapter.as_ref()?);
    let boxed = quote_spanned!(at(adapter.span())=> ::std::boxed::Box::new(#adapter));
    Some(quote! {
        #[automatically_derived]
        impl #facade::__private::DefaultAdapter for #ident {
            fn default_adapter() -> ::std::boxed::Box<dyn #facade::__private::Adapter> {
                #boxed
            }
        }
    })
}

fn checks(store: &Store) -> TokenStream {
    let Store { facade, ident, .. } = store;
    let fields = store.fields.iter().map(|field| &field.ident);
    let names = quote_spanned!(at(ident.span())=> <#ident as #facade::__private::StoreContext>::SCHEMA.assert_names());
    let rows = store.fields.iter().filter_map(|field| match &field.kind {
        Kind::Table { row } => Some(row),
        _ => None,
    });
    let foreign_keys = rows.enumerate().map(|(table, row)| {
        let private = quote!(#facade::__private);
        quote_spanned!(at(row.span())=> <#ident as #private::StoreContext>::SCHEMA.assert_foreign_keys(#table))
    });
    let queries = store.fields.iter().filter_map(|field| match &field.kind {
        Kind::Query(query) => query_check(field, query),
        _ => None,
    });
    quote! {
        const _: () = #names;
        #(const _: () = #foreign_keys;)*
        #(#queries)*

        // A schema is never built; this keeps its fields from being reported as dead code.
        const _: fn(&#ident) = |schema| {
            #(let _ = &schema.#fields;)*
        };
    }
}
