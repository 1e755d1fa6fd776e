//! `#[derive(Document)]`: structs kept as client documents.

use darling::FromAttributes;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, LitStr, Path};

use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input;
use crate::names::{self, at, plain, snake_case};

const ABOVE: Place = Place {
    attribute: "document",
    at: "above the struct",
    keys: &[Key::new("name", Takes::Text, "name = \"board_view\""), Key::CRATE],
};

#[derive(Default, FromAttributes)]
#[darling(attributes(document))]
struct Container {
    name: Option<LitStr>,
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    input::reject_generics(input, "Document", &mut errors);
    for field in input::named_fields(input, "Document", &mut errors).into_iter().flatten() {
        attributes::refuse(&field.attrs, "document", &[&ABOVE], &mut errors);
    }
    let container: Container = attributes::read(&input.attrs, &ABOVE, &[], &mut errors);
    let ident = &input.ident;
    let name = container.name.as_ref().map_or_else(|| snake_case(&plain(ident)), LitStr::value);
    if let Some(message) = names::table_name_error(&name, "board_view") {
        match &container.name {
            Some(name) => errors.push(name, message),
            None => errors.push(ident, format!("{message} with `#[document(name = \"..\")]`")),
        }
    }
    let facade = container.facade.unwrap_or_else(names::default_facade);
    let private = quote!(#facade::__private);
    if !errors.is_empty() {
        let (errors, fallback) = (errors.into_tokens(), fallback(input, &private));
        return quote!(#errors #fallback);
    }
    let form = quote_spanned!(at(ident.span())=> #private::document_form::<#ident>());
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #private::Document for #ident {
                const NAME: &'static ::core::primitive::str = #name;
                #[doc(hidden)]
                const FORM: #private::DocumentForm<Self> = #form;
            }
        };
    }
}

/// What is emitted beside an error; of a document without a name the store says no more.
fn fallback(input: &DeriveInput, private: &TokenStream) -> TokenStream {
    let (ident, generics) = (&input.ident, &input.generics);
    let (parameters, arguments): (Vec<_>, Vec<_>) = generics.params.iter().map(input::any).unzip();
    // What a generic document can do depends on what it is made of.
    let able = (!generics.params.is_empty()).then(|| {
        quote!(where Self: ::core::clone::Clone + ::core::default::Default + ::core::marker::Send + ::core::marker::Sync)
    });
    quote! {
        const _: () = {
            #[automatically_derived]
            impl<#(#parameters)*> #private::Document for #ident<#(#arguments),*> #able {
                const NAME: &'static ::core::primitive::str = "";
                const FORM: #private::DocumentForm<Self> = #private::DocumentForm::unread();
            }
        };
    }
}
