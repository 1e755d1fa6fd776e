//! The code of `#[derive(Row)]`.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Path};

use super::{DefaultValue, Field, OnDelete, Row, TableName, docs};
use crate::input::{self, compact, option_inner};
use crate::names::{at, hash, plain, snake_case};

pub(super) fn row(row: &Row) -> TokenStream {
    let (field_types, decode, table) = (field_types(row), decode(row), table(row));
    let columns = matches!(row.table, TableName::Given(_)).then(|| columns(row));
    let example = docs::example(row).map(|example| example.compiled(&row.facade));
    quote! {
        #columns
        #example
        const _: () = {
            #field_types
            #decode
            #table
        };
    }
}

/// What is emitted beside an error: enough that code that uses the row has no errors of its own.
pub(super) fn fallback(row: &Row) -> TokenStream {
    let Row { facade, ident, .. } = row;
    let private = quote!(#facade::__private);
    let table = row.is_meant_as_table().then(|| {
        let columns = columns(row);
        let columns_impl = columns_impl(row);
        let columns_ident = columns_ident(row);
        let name = snake_case(&plain(ident));
        let guess = row.fields.first().filter(|_| row.primary_key().next().is_none());
        let key = key(row.primary_key().chain(guess));
        quote! {
            #columns
            const _: () = {
                #[automatically_derived]
                impl #private::TableRow for #ident {
                    const TABLE: #private::TableDef = #private::TableDef {
                        name: #name,
                        columns: &[],
                        primary_key: &[],
                        indexes: &[],
                        foreign_keys: &[],
                    };
                    type Key = #key;
                    type Columns = #columns_ident;
                    const COLUMNS: Self::Columns = #columns_impl;
                    fn to_values(
                        &self,
                    ) -> ::core::result::Result<::std::vec::Vec<#private::Value>, #private::ColumnError> {
                        ::core::result::Result::Ok(::std::vec::Vec::new())
                    }
                }
            };
        }
    });
    quote! {
        #table
        const _: () = {
            #[automatically_derived]
            impl #private::Row for #ident {
                const SHAPE: #private::Shape = #private::Shape::Named(&[]);
                fn from_row(_: &#private::RowReader<'_>) -> ::core::result::Result<Self, #private::DecodeError> {
                    ::core::unreachable!()
                }
            }
        };
    }
}

/// What is emitted beside the refusal of generics: the row with any types, and what it borrows for ever.
pub(super) fn generic_fallback(input: &DeriveInput, facade: &Path) -> TokenStream {
    let (ident, private) = (&input.ident, quote!(#facade::__private));
    let (parameters, arguments): (Vec<_>, Vec<_>) = input.generics.params.iter().map(input::any).unzip();
    let (parameters, ty) = (quote!(<#(#parameters)*>), quote!(#ident<#(#arguments),*>));
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #parameters #private::Row for #ty {
                const SHAPE: #private::Shape = #private::Shape::Named(&[]);
                fn from_row(_: &#private::RowReader<'_>) -> ::core::result::Result<Self, #private::DecodeError> {
                    ::core::unreachable!()
                }
            }
            #[automatically_derived]
            impl #parameters #private::TableRow for #ty {
                const TABLE: #private::TableDef = #private::TableDef {
                    name: "",
                    columns: &[],
                    primary_key: &[],
                    indexes: &[],
                    foreign_keys: &[],
                };
                type Key = ();
                type Columns = ();
                const COLUMNS: Self::Columns = ();
                fn to_values(
                    &self,
                ) -> ::core::result::Result<::std::vec::Vec<#private::Value>, #private::ColumnError> {
                    ::core::unreachable!()
                }
            }
        };
    }
}

fn decode(row: &Row) -> TokenStream {
    let Row { facade, ident, fields, .. } = row;
    let private = quote!(#facade::__private);
    let shape = fields.iter().enumerate().map(|(index, field)| {
        let (name, column, hash) = (&field.column.name, column_const(index), hash(&field.column.name));
        quote! {
            #private::ResultField { name: #name, hash: #hash, nullable: #column.nullable, reads: #column.reads }
        }
    });
    let values = fields.iter().enumerate().map(|(index, field)| {
        let (name, column, position) = (&field.ident, column_const(index), Literal::usize_unsuffixed(index));
        quote!(#name: (#column.decode)(row, #position)?)
    });
    // A row without fields reads nothing.
    let row = if fields.is_empty() { quote!(_) } else { quote!(row) };
    quote! {
        #[automatically_derived]
        impl #private::Row for #ident {
            #[doc(hidden)]
            const SHAPE: #private::Shape = #private::Shape::Named(&[#(#shape),*]);
            #[doc(hidden)]
            #[inline]
            fn from_row(#row: &#private::RowReader<'_>) -> ::core::result::Result<Self, #private::DecodeError> {
                ::core::result::Result::Ok(Self { #(#values),* })
            }
        }
    }
}

fn columns_ident(row: &Row) -> proc_macro2::Ident {
    format_ident!("{}Columns", plain(&row.ident), span = row.ident.span())
}

/// The struct that filters name columns by.
fn columns(row: &Row) -> TokenStream {
    let (Row { vis, .. }, columns) = (row, columns_ident(row));
    let docs = docs::columns(row);
    let fields = row.fields.iter().map(|field| {
        let Field { ident: name, vis, .. } = field;
        let docs = docs::column(row, field);
        let ty = column_ref(row, field);
        quote!(#docs #vis #name: #ty)
    });
    quote! {
        #docs
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #[allow(dead_code, non_camel_case_types, non_snake_case)]
        #vis struct #columns { #(#fields),* }
    }
}

fn column_ref(row: &Row, field: &Field) -> TokenStream {
    let (facade, ident, ty) = (&row.facade, &row.ident, &field.ty);
    let name = if field.json.is_some() { quote!(JsonColumnRef) } else { quote!(ColumnRef) };
    quote!(#facade::__private::#name<#ident, #ty>)
}

fn columns_impl(row: &Row) -> TokenStream {
    let (facade, columns) = (&row.facade, columns_ident(row));
    let fields = row.fields.iter().map(|field| {
        let (ident, name) = (&field.ident, &field.column.name);
        let constructor = match &field.json {
            None => quote!(ColumnRef::new),
            Some(_) if field.optional => quote!(JsonColumnRef::nullable),
            Some(_) => quote!(JsonColumnRef::new),
        };
        quote!(#ident: #facade::__private::#constructor(#name))
    });
    quote!(#columns { #(#fields),* })
}

fn key<'a>(fields: impl Iterator<Item = &'a Field>) -> TokenStream {
    let types: Vec<_> = fields.map(|field| &field.ty).collect();
    match types.as_slice() {
        [one] => one.to_token_stream(),
        several => quote!((#(#several),*)),
    }
}

fn table(row: &Row) -> Option<TokenStream> {
    let TableName::Given(name) = &row.table else { return None };
    let Row { facade, ident, .. } = row;
    let private = quote!(#facade::__private);
    let (columns_ident, columns_impl, key) = (columns_ident(row), columns_impl(row), key(row.primary_key()));
    let primary_key = row.primary_key().map(|field| &field.column.name);
    let columns = row.fields.iter().enumerate().map(|(index, field)| column(row, index, field));
    let (indexes, foreign_keys) = (indexes(row), row.fields.iter().filter_map(|field| foreign_key(row, field)));
    let defaults = row.fields.iter().enumerate().filter_map(|(index, field)| fitting_default(row, index, field));
    let keys = row.fields.iter().enumerate().filter_map(|(index, field)| filled_key(index, field));
    let values = row.fields.iter().enumerate().map(|(index, field)| value(index, field));
    Some(quote! {
        #[automatically_derived]
        impl #private::TableRow for #ident {
            #[doc(hidden)]
            const TABLE: #private::TableDef = #private::TableDef {
                name: #name,
                columns: &[#(#columns),*],
                primary_key: &[#(#primary_key),*],
                indexes: &[#(#indexes),*],
                foreign_keys: &[#(#foreign_keys),*],
            };
            type Key = #key;
            type Columns = #columns_ident;
            #[doc(hidden)]
            const COLUMNS: Self::Columns = #columns_impl;
            #[doc(hidden)]
            #[inline]
            fn to_values(&self) -> ::core::result::Result<::std::vec::Vec<#private::Value>, #private::ColumnError> {
                ::core::result::Result::Ok(::std::vec![#(#values),*])
            }
        }
        #(#defaults)*
        #(#keys)*
    })
}

/// The constant that holds what a field's type says of its column.
fn column_const(index: usize) -> proc_macro2::Ident {
    format_ident!("__FIELD_{index}")
}

/// What the fields' types say of their columns.
fn field_types(row: &Row) -> TokenStream {
    let facade = &row.facade;
    let private = quote!(#facade::__private);
    let constants = row.fields.iter().enumerate().map(|(index, field)| {
        let (ty, span, name) = (&field.ty, at(field.ty.span()), column_const(index));
        let said = match (&field.json, option_inner(ty)) {
            (None, _) => quote_spanned!(span=> #private::column_field::<#ty>()),
            (Some(_), None) => {
                let tokens = compact(ty);
                quote_spanned!(span=> #private::json_field::<#ty>(#tokens))
            }
            (Some(_), Some(inner)) => {
                let tokens = compact(ty);
                quote_spanned!(span=> #private::nullable_json_field::<#inner>(#tokens))
            }
        };
        quote!(const #name: #private::Field<#ty> = #said;)
    });
    quote!(#(#constants)*)
}

fn column(row: &Row, index: usize, field: &Field) -> TokenStream {
    let facade = &row.facade;
    let private = quote!(#facade::__private);
    let (name, hash, column) = (&field.column.name, hash(&field.column.name), column_const(index));
    let default = match &field.default {
        Some(default) => {
            let value = default_value(row, default);
            quote!(::core::option::Option::Some(#value))
        }
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #private::ColumnDef {
            name: #name,
            hash: #hash,
            ty: #column.ty,
            nullable: #column.nullable,
            domain: #column.domain,
            default: #default,
            fingerprint: #column.fingerprint,
        }
    }
}

fn default_value(row: &Row, default: &super::Default) -> TokenStream {
    let (facade, expr, span) = (&row.facade, &default.expr, at(default.expr.span()));
    let value = match &default.value {
        DefaultValue::Integer(value) => {
            let value = negatable(*value < 0, Literal::u64_unsuffixed(value.unsigned_abs()));
            quote!(Integer(#value))
        }
        DefaultValue::Real(value) => {
            let value = negatable(value.is_sign_negative(), Literal::f64_unsuffixed(value.abs()));
            quote!(Real(#value))
        }
        DefaultValue::Text(text) => quote!(Text(#text)),
        DefaultValue::Blob(bytes) => quote!(Blob(#bytes)),
        DefaultValue::Name => quote_spanned!(span=> Text((#expr).__column_name())),
    };
    quote!(#facade::__private::DefaultValue::#value)
}

fn negatable(negative: bool, literal: Literal) -> TokenStream {
    if negative { quote!(-#literal) } else { literal.to_token_stream() }
}

fn fitting_default(row: &Row, index: usize, field: &Field) -> Option<TokenStream> {
    let default = field.default.as_ref()?;
    let (value, column, span) = (default_value(row, default), column_const(index), at(default.expr.span()));
    let message = match &field.json {
        Some(_) => "this default does not fit the column's type; write the JSON text in quotes".to_owned(),
        None => {
            let ty = option_inner(&field.ty).unwrap_or(&field.ty);
            format!("this default does not fit the column's type; write a value of `{}`", compact(ty))
        }
    };
    let fits = quote_spanned!(span=> #value.fits(#column.ty, #column.domain));
    Some(quote_spanned!(span=> const _: () = ::core::assert!(#fits, #message);))
}

/// A primary key that may be `NULL` by a type that is not an `Option` to look at.
fn filled_key(index: usize, field: &Field) -> Option<TokenStream> {
    field.primary_key.as_ref()?;
    let (column, name) = (column_const(index), plain(&field.ident));
    let message = format!("the primary key `{name}` may be `NULL`; write a type that is not an `Option`");
    Some(quote_spanned!(at(field.ty.span())=> const _: () = ::core::assert!(!#column.nullable, #message);))
}

fn indexes(row: &Row) -> Vec<TokenStream> {
    let facade = &row.facade;
    let index = |columns: Vec<&str>, unique: bool| quote!(#facade::__private::IndexDef { columns: &[#(#columns),*], unique: #unique });
    let of_fields = row.fields.iter().filter_map(|field| {
        let unique = field.unique.is_some();
        (unique || field.index.is_some()).then(|| index(vec![&field.column.name], unique))
    });
    let of_row = row.indexes.iter().map(|several| {
        let fields = several.fields.iter().filter_map(|ident| row.field(ident));
        index(fields.map(|field| field.column.name.as_str()).collect(), several.unique)
    });
    of_fields.chain(of_row).collect()
}

fn foreign_key(row: &Row, field: &Field) -> Option<TokenStream> {
    let (facade, column) = (&row.facade, &field.column.name);
    let (table, references) = super::foreign_key(field.references.as_ref()?)?;
    let on_delete = match field.on_delete.map_or(OnDelete::Refuse, |(on_delete, _)| on_delete) {
        OnDelete::Refuse => quote!(Refuse),
        OnDelete::Cascade => quote!(Cascade),
        OnDelete::SetNull => quote!(SetNull),
    };
    Some(quote! {
        #facade::__private::ForeignKeyDef {
            column: #column,
            table: #table,
            references: #references,
            on_delete: #facade::__private::OnDelete::#on_delete,
        }
    })
}

fn value(index: usize, field: &Field) -> TokenStream {
    let (ident, column) = (&field.ident, column_const(index));
    quote!((#column.encode)(&self.#ident)?)
}
