//! `#[derive(Column)]`: enums without fields, stored as the names of their variants, and structs around one column.

mod lock;

use darling::FromAttributes;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DataStruct, DeriveInput, Field, Fields, LitStr, Path, Type, Visibility};

use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input;
use crate::names::{self, RenameRule, at, plain};

const ENUM: Place = Place {
    attribute: "column",
    at: "above an enum",
    keys: &[
        Key::new("rename_all", Takes::OneOf(&RenameRule::NAMES), "rename_all = \"snake_case\""),
        Key::LOCK,
        Key::CRATE,
    ],
};
const VARIANT: Place =
    Place { attribute: "column", at: "on a variant", keys: &[Key::new("rename", Takes::Text, "rename = \"closed\"")] };
const NEWTYPE: Place = Place { attribute: "column", at: "above a struct", keys: &[Key::LOCK, Key::CRATE] };

#[derive(Default, FromAttributes)]
#[darling(attributes(column))]
struct Container {
    rename_all: Option<RenameRule>,
    lock: Option<LitStr>,
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

#[derive(Default, FromAttributes)]
#[darling(attributes(column))]
struct VariantAttributes {
    rename: Option<LitStr>,
}

/// What a struct around one column takes.
#[derive(Default, FromAttributes)]
#[darling(attributes(column))]
struct Newtype {
    lock: Option<LitStr>,
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

struct Column {
    facade: Path,
    ident: Ident,
    vis: Visibility,
    lock: Option<LitStr>,
    variants: Vec<Variant>,
}

struct Variant {
    ident: Ident,
    name: String,
    named_at: Span,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    if input::reject_generics(input, "Column", &mut errors) {
        return errors.into_tokens();
    }
    if let Some(inner) = wrapped(input) {
        attributes::refuse(&inner.attrs, "column", &[&NEWTYPE, &ENUM, &VARIANT], &mut errors);
        let attributes: Newtype = attributes::read(&input.attrs, &NEWTYPE, &[&ENUM, &VARIANT], &mut errors);
        let facade = attributes.facade.unwrap_or_else(names::default_facade);
        let held = attributes.lock.map(|lock| lock::hold(input, &lock, &mut errors));
        let (errors, newtype) = (errors.into_tokens(), newtype(&facade, &input.ident, &inner.ty, held));
        return quote!(#errors #newtype);
    }
    let column = parse(input, &mut errors);
    check(&column, &mut errors);
    if errors.is_empty() {
        let held = column.lock.as_ref().map(|lock| lock::hold(input, lock, &mut errors));
        // Whatever the lock refuses, the enum itself is sound.
        let (errors, column) = (errors.into_tokens(), expand(&column, held));
        return quote!(#errors #column);
    }
    let (errors, fallback) = (errors.into_tokens(), fallback(&column));
    quote!(#errors #fallback)
}

/// The `String` in `struct ProjectId(String);`.
fn wrapped(input: &DeriveInput) -> Option<&Field> {
    match &input.data {
        Data::Struct(DataStruct { fields: Fields::Unnamed(fields), .. }) if fields.unnamed.len() == 1 => {
            fields.unnamed.first()
        }
        _ => None,
    }
}

/// A struct around a column is stored as that column is. `held` is what the lock needs.
fn newtype(facade: &Path, ident: &Ident, inner: &Type, held: Option<TokenStream>) -> TokenStream {
    let private = quote!(#facade::__private);
    let column = quote_spanned!(at(inner.span())=> <#inner as #private::Column>);
    quote! {
        const _: () = {
            #held
            #[automatically_derived]
            impl #private::Column for #ident {
                const TYPE: #private::SqlType = #column::TYPE;
                const READS: &'static [#private::SqlType] = #column::READS;
                const DOMAIN: #private::Domain = #column::DOMAIN;
                const FINGERPRINT: ::core::primitive::u64 = #column::FINGERPRINT;
                fn to_value(&self) -> #private::Value {
                    #column::to_value(&self.0)
                }
                fn from_value(
                    value: #private::ValueRef<'_>,
                ) -> ::core::result::Result<Self, #private::ColumnError> {
                    #column::from_value(value).map(Self)
                }
            }
        };
    }
}

fn parse(input: &DeriveInput, errors: &mut Errors) -> Column {
    let container: Container = attributes::read(&input.attrs, &ENUM, &[&VARIANT], errors);
    let mut variants = Vec::new();
    for variant in input::variants(input, "Column", errors).into_iter().flatten() {
        let attributes: VariantAttributes = attributes::read(&variant.attrs, &VARIANT, &[&ENUM], errors);
        let ident = &variant.ident;
        if !matches!(variant.fields, Fields::Unit) {
            errors.push(
                &variant.fields,
                format!("a column stores the variant's name alone; remove the fields of `{ident}`, or store the enum with `#[row(json)]`"),
            );
        }
        let derived = || container.rename_all.map_or_else(|| plain(ident), |rule| rule.apply(&plain(ident)));
        variants.push(Variant {
            name: attributes.rename.as_ref().map_or_else(derived, LitStr::value),
            named_at: attributes.rename.as_ref().map_or_else(|| ident.span(), LitStr::span),
            ident: ident.clone(),
        });
    }
    Column {
        facade: container.facade.unwrap_or_else(names::default_facade),
        ident: input.ident.clone(),
        vis: input.vis.clone(),
        lock: container.lock,
        variants,
    }
}

fn check(column: &Column, errors: &mut Errors) {
    for (index, variant) in column.variants.iter().enumerate() {
        let earlier = column.variants[..index].iter().find(|earlier| earlier.name == variant.name);
        // Two variants of one Rust name are rustc's to report.
        if let Some(earlier) = earlier.filter(|earlier| earlier.ident != variant.ident) {
            let (name, earlier) = (&variant.name, &earlier.ident);
            let message = format!(
                "{name:?} is stored for `{earlier}` already; give one of them another name with `#[column(rename = \"..\")]`"
            );
            errors.add(syn::Error::new(variant.named_at, message));
        }
    }
}

/// `held` is what the lock needs.
fn expand(column: &Column, held: Option<TokenStream>) -> TokenStream {
    let Column { facade, ident, vis, variants, .. } = column;
    let private = quote!(#facade::__private);
    let (idents, names): (Vec<_>, Vec<_>) = variants.iter().map(|variant| (&variant.ident, &variant.name)).unzip();
    let unknown = format!("{{text:?}} is not a `{}`", plain(ident));
    quote! {
        const _: () = {
            #held
            #[automatically_derived]
            impl #ident {
                #[doc(hidden)]
                #[must_use]
                #[allow(clippy::trivially_copy_pass_by_ref)]
                #vis const fn __column_name(&self) -> &'static ::core::primitive::str {
                    match self {
                        #(Self::#idents => #names,)*
                    }
                }
            }

            #[automatically_derived]
            impl #private::Column for #ident {
                const TYPE: #private::SqlType = #private::SqlType::Text;
                const DOMAIN: #private::Domain = #private::Domain::Texts(&[#(#names),*]);
                const FINGERPRINT: ::core::primitive::u64 = #private::Fingerprint::new() #(.text(#names))* .finish();
                fn to_value(&self) -> #private::Value {
                    #private::Value::Text(<::std::string::String as ::core::convert::From<&::core::primitive::str>>::from(self.__column_name()))
                }
                fn from_value(
                    value: #private::ValueRef<'_>,
                ) -> ::core::result::Result<Self, #private::ColumnError> {
                    match value {
                        #(#private::ValueRef::Text(#names) => ::core::result::Result::Ok(Self::#idents),)*
                        #private::ValueRef::Text(text) => {
                            ::core::result::Result::Err(#private::ColumnError::Invalid(::std::format!(#unknown)))
                        }
                        other => ::core::result::Result::Err(#private::ColumnError::wrong_type("text", other)),
                    }
                }
            }
        };
    }
}

/// What is emitted beside an error.
fn fallback(column: &Column) -> TokenStream {
    let Column { facade, ident, vis, .. } = column;
    let private = quote!(#facade::__private);
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #ident {
                #[doc(hidden)]
                #vis const fn __column_name(&self) -> &'static str {
                    ""
                }
            }

            #[automatically_derived]
            impl #private::Column for #ident {
                const TYPE: #private::SqlType = #private::SqlType::Text;
                // What it is read from is not known.
                const READS: &'static [#private::SqlType] = &[
                    #private::SqlType::Integer,
                    #private::SqlType::Real,
                    #private::SqlType::Text,
                    #private::SqlType::Blob,
                ];
                const FINGERPRINT: ::core::primitive::u64 = 0;
                fn to_value(&self) -> #private::Value {
                    ::core::unreachable!()
                }
                fn from_value(_: #private::ValueRef<'_>) -> ::core::result::Result<Self, #private::ColumnError> {
                    ::core::unreachable!()
                }
            }
        };
    }
}
