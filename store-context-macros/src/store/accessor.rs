//! The methods of a store's handle: one a field.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Type, TypeReference};

use super::{Cardinality, Field, Kind, Parameter, Query, Store, docs};
use crate::input::{last_segment, option_inner, ungrouped};
use crate::names::{at, plain, shown_at};

pub(super) fn accessor(store: &Store, field: &Field) -> TokenStream {
    match &field.kind {
        Kind::Table { row } => table(store, field, row),
        Kind::Document { document, key } => self::document(store, field, document, key.as_deref()),
        Kind::Query(query) => self::query(store, field, query),
    }
}

fn table(store: &Store, field: &Field, row: &Type) -> TokenStream {
    let (Store { facade, ident: schema, .. }, Field { ident, vis, .. }) = (store, field);
    let docs = docs::accessor(store, field);
    quote! {
        #docs
        #vis fn #ident(&self) -> #facade::__private::Select<#schema, #row> {
            #facade::__private::Select::<#schema, #row>::from_accessor(&self.0)
        }
    }
}

fn document(store: &Store, field: &Field, document: &Type, key: Option<&Type>) -> TokenStream {
    let (Store { facade, ident: schema, .. }, Field { ident, vis, .. }) = (store, field);
    let private = quote!(#facade::__private);
    let docs = docs::accessor(store, field);
    let (parameter, body) = match key {
        None => (quote!(), quote!(document_handle::<#schema, #document>(&self.0))),
        Some(key) => (
            quote!(, key: impl #private::Operand<#key>),
            quote!(keyed_document_handle::<#schema, #document, #key>(&self.0, key)),
        ),
    };
    let key_type = key.map(|key| {
        let ty = key_type(store, key);
        quote!(let _ = #ty;)
    });
    quote! {
        #docs
        #[must_use]
        #vis fn #ident(&self #parameter) -> #private::DocumentHandle<#schema, #document> {
            #key_type
            #private::#body
        }
    }
}

/// The function that gives the storage class of a document's key: named in both places that need a column type, it
/// makes the reports of a type that is none one.
pub(super) fn key_type(store: &Store, key: &Type) -> TokenStream {
    let facade = &store.facade;
    quote!(#facade::__private::column_type::<#key>)
}

fn query(store: &Store, field: &Field, query: &Query) -> TokenStream {
    let (facade, Field { ident, vis, .. }) = (&store.facade, field);
    let private = quote!(#facade::__private);
    let sql = &query.sql.literal;
    let docs = docs::accessor(store, field);
    let (schema, cardinality) = (&store.ident, cardinality(store, query));
    let parameters = query.parameters.iter().map(|Parameter { ident, ty }| quote!(#ident: #ty));
    let name = plain(ident);
    let names = query.parameters.iter().map(|parameter| plain(&parameter.ident));
    let values = query.parameters.iter().map(|parameter| value(&private, parameter));
    let statement = if query.parameters.is_empty() {
        quote!(#private::Statement::positional(#sql, ::std::vec::Vec::new()))
    } else {
        quote!(#private::Statement::named(#sql, &[#(#names),*], ::std::vec![#(#values),*]))
    };
    quote! {
        #docs
        #[must_use]
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        #vis fn #ident(&self, #(#parameters),*) -> #private::BoundQuery<#schema, #cardinality> {
            #private::BoundQuery::from_accessor(&self.0, #name, #statement)
        }
    }
}

/// How many rows of which type a query gives, shown at the type.
pub(super) fn cardinality(store: &Store, query: &Query) -> TokenStream {
    let (facade, row) = (&store.facade, &query.row);
    let name = match query.cardinality {
        Cardinality::Many => quote!(Many),
        Cardinality::Optional => quote!(Optional),
        Cardinality::One => quote!(One),
    };
    shown_at(row.span(), quote!(#facade::__private::#name<#row>))
}

/// A parameter as bound.
fn value(private: &TokenStream, Parameter { ident, ty }: &Parameter) -> TokenStream {
    let span = at(ty.span());
    if let Some(item) = list_item(ty) {
        let value = item_value(private, item, &quote!(item));
        return quote_spanned!(span=> #private::json_list(#ident.iter().map(|item| #value)));
    }
    if option_inner(ty).is_some_and(is_text) {
        return quote_spanned! {span=>
            match #ident {
                ::core::option::Option::Some(text) => #private::Operand::<::std::string::String>::into_operand(text),
                ::core::option::Option::None => #private::Value::Null,
            }
        };
    }
    let Type::Reference(TypeReference { elem, .. }) = ungrouped(ty) else {
        return quote_spanned!(span=> <#ty as #private::ColumnValue>::to_cell(&#ident));
    };
    if last_segment(elem).is_some_and(|(name, _)| name == "str") {
        return quote_spanned!(span=> #private::Operand::<::std::string::String>::into_operand(#ident));
    }
    if matches!(ungrouped(elem), Type::Slice(_)) {
        return quote_spanned! {span=>
            #private::Operand::<::std::vec::Vec<::core::primitive::u8>>::into_operand(#ident)
        };
    }
    quote_spanned!(span=> <#elem as #private::ColumnValue>::to_cell(#ident))
}

/// The type of the items of `Vec<T>` and `&[T]`, which are bound as JSON. Bytes are one value.
pub(super) fn list_item(ty: &Type) -> Option<&Type> {
    let ty = match ungrouped(ty) {
        Type::Reference(TypeReference { elem, .. }) => ungrouped(elem),
        ty => ty,
    };
    let item = match ty {
        Type::Slice(slice) => Some(&*slice.elem),
        _ => last_segment(ty).and_then(|(name, arguments)| match arguments[..] {
            [item] if name == "Vec" => Some(item),
            _ => None,
        }),
    };
    item.filter(|item| last_segment(item).is_none_or(|(name, _)| name != "u8"))
}

/// `&str`
fn is_text(ty: &Type) -> bool {
    match ungrouped(ty) {
        Type::Reference(TypeReference { elem, .. }) => last_segment(elem).is_some_and(|(name, _)| name == "str"),
        _ => false,
    }
}

/// What is behind a reference to a value of this type, as bound.
fn item_value(private: &TokenStream, ty: &Type, item: &TokenStream) -> TokenStream {
    if is_text(ty) {
        quote!(#private::Operand::<::std::string::String>::into_operand(*#item))
    } else {
        quote!(<#ty as #private::ColumnValue>::to_cell(#item))
    }
}
