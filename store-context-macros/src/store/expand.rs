//! The code of `#[derive(StoreContext)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::{Kind, Query, Store, accessor};
use crate::names::{at, plain, shown_at};

/// The code of a schema; of one with mistakes, enough that code that uses it has no errors of its own.
pub(super) fn store(store: &Store, valid: bool) -> TokenStream {
    let (handle, aliases, open) = (handle(store), aliases(store), open(store));
    let accessors = store.fields.iter().map(|field| accessor::accessor(store, field));
    let (ident, handle_ident) = (&store.ident, handle_ident(store));
    let (schema, table_of, default_adapter) = (schema(store, valid), table_of(store), default_adapter(store));
    let checks = valid.then(|| checks(store));
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
            #table_of
            #default_adapter
            #checks
        };
    }
}

/// `ProjectStore`.
fn handle_ident(store: &Store) -> Ident {
    format_ident!("{}Store", plain(&store.ident), span = store.ident.span())
}

fn handle(store: &Store) -> TokenStream {
    let Store { facade, ident, vis, .. } = store;
    let (private, handle) = (quote!(#facade::__private), handle_ident(store));
    let docs = store.docs.and(&format!("An open store `{}`.", store.name.text));
    quote! {
        #docs
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
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
    let (private, name) = (quote!(#facade::__private), plain(ident));
    let provider = format_ident!("{name}Provider", span = ident.span());
    let key = format_ident!("{name}Key", span = ident.span());
    let provider_docs = format!("Says which store of [`{name}`] to mount, and on what: `{provider}::new()`.");
    let key_docs = format!("Names one store of [`{name}`] in a registry.");
    quote! {
        #[doc = #provider_docs]
        #[allow(dead_code, non_camel_case_types)]
        #vis type #provider<A = #private::NoAdapter> = #private::Provider<#ident, A>;

        #[doc = #key_docs]
        #[allow(dead_code, non_camel_case_types)]
        #vis type #key = #private::StoreKey<#ident>;
    }
}

fn open(store: &Store) -> TokenStream {
    let Store { facade, ident, vis, .. } = store;
    let private = quote!(#facade::__private);
    let docs = format!("Opens the store `default` of [`{}`] for itself, without a registry.", plain(ident));
    quote! {
        #[doc = #docs]
        #[doc = ""]
        #[doc = "Awaiting the result gives the store, or what opening met with."]
        #vis fn open(adapter: impl #private::Adapter) -> #private::Suspended<#ident> {
            #private::open::<#ident>(adapter)
        }
    }
}

fn schema(store: &Store, valid: bool) -> TokenStream {
    let Store { facade, ident, .. } = store;
    let private = quote!(#facade::__private);
    let (name, version, handle) = (&store.name.text, store.version, handle_ident(store));
    let events = &store.events;
    let (mut tables, mut documents, mut queries) = (Vec::new(), Vec::new(), Vec::new());
    for field in store.fields.iter().filter(|_| valid) {
        match &field.kind {
            Kind::Table { row } => {
                tables.push(quote_spanned!(at(row.span())=> __table::<#ident, #row>()));
            }
            Kind::Document { document, key } => {
                let name = document_name(store, document, key.is_some());
                let key = match key {
                    Some(key) => {
                        let ty = accessor::key_type(store, key);
                        quote!(::core::option::Option::Some(#ty()))
                    }
                    None => quote!(::core::option::Option::None),
                };
                documents.push(quote!(#private::DocumentDef { name: #name, key: #key }));
            }
            Kind::Query(query) => {
                let (name, sql) = (plain(&field.ident), &query.sql.literal);
                let parameters = query.parameters.iter().map(|parameter| plain(&parameter.ident));
                let shape = shape(store, query);
                queries.push(quote! {
                    #private::QueryDef { name: #name, sql: #sql, parameters: &[#(#parameters),*], shape: #shape }
                });
            }
        }
    }
    let apply = if valid {
        quote_spanned!(at(ident.span())=> <#ident as #private::Materialize>::materialize(event, tx))
    } else {
        quote! {{
            let _ = (event, tx);
            ::core::unreachable!()
        }}
    };
    // `impl PartOf` reports a row that is no table; asking for the table by way of it does not do so again.
    let table = (!tables.is_empty()).then(|| {
        quote! {
            const fn __table<S: #private::StoreContext, R: #private::TableOf<S>>() -> #private::TableDef {
                <R as #private::TableRow>::TABLE
            }
        }
    });
    quote! {
        #table

        #[automatically_derived]
        impl #private::StoreContext for #ident {
            type Event = #events;
            type Handle = #handle;
            const SCHEMA: &'static #private::SchemaDef = &#private::SchemaDef {
                name: #name,
                version: #version,
                tables: &[#(#tables),*],
                documents: &[#(#documents),*],
                queries: &[#(#queries),*],
            };
            fn apply(
                event: &Self::Event,
                tx: &mut #private::Tx<'_, Self>,
            ) -> ::core::result::Result<(), #private::MaterializeError> {
                #apply
            }
        }
    }
}

/// The shape of a query's row. A type that is no row is reported as the accessor's return type already: naming that
/// type first makes the two reports one.
fn shape(store: &Store, query: &Query) -> TokenStream {
    let (facade, span) = (&store.facade, query.row.span());
    let (bound_query, cardinality) = (accessor::bound_query(store, query), accessor::cardinality(store, query));
    let private = quote!(#facade::__private);
    let shape = quote! {{
        let _ = ::core::marker::PhantomData::<#bound_query>;
        #private::shape::<#cardinality>()
    }};
    shown_at(span, shape)
}

/// The name of a document. As with [`shape`], the accessor reports a type that is none.
fn document_name(store: &Store, document: &Type, keyed: bool) -> TokenStream {
    let (Store { facade, ident, .. }, span) = (store, document.span());
    let private = quote!(#facade::__private);
    let accessor = (!keyed).then(|| quote!(let _ = #private::Store::<#ident>::document::<#document>;));
    shown_at(span, quote!({ #accessor #private::document_name::<#document>() }))
}

fn table_of(store: &Store) -> TokenStream {
    let Store { facade, ident, fields, .. } = store;
    let mut seen = Vec::new();
    let impls = fields.iter().filter_map(|field| {
        let Kind::Table { row } = &field.kind else { return None };
        // A row that has two tables is one mistake, reported already.
        let tokens = quote!(#row).to_string();
        let is_new = !seen.contains(&tokens);
        seen.push(tokens);
        let implementation = quote_spanned!(at(row.span())=> impl #facade::__private::PartOf<#ident> for #row {});
        is_new.then(|| quote!(#[automatically_derived] #implementation))
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
    quote! {
        const _: () = #names;
        #(const _: () = #foreign_keys;)*

        // A schema is never built; this keeps its fields from being reported as dead code.
        const _: fn(&#ident) = |schema| {
            #(let _ = &schema.#fields;)*
        };
    }
}
