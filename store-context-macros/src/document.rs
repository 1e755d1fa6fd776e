//! `#[derive(Document)]`: structs kept as client documents.

use darling::FromAttributes;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, LitStr, Path};

use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input;
use crate::names::{self, plain, snake_case};

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
    if input::reject_generics(input, "Document", &mut errors) {
        return errors.into_tokens();
    }
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
    // Without a name the store says no more of it.
    let name = if errors.is_empty() { name } else { String::new() };
    let facade = container.facade.unwrap_or_else(names::default_facade);
    let errors = errors.into_tokens();
    quote! {
        #errors
        const _: () = {
            #[automatically_derived]
            impl #facade::__private::Document for #ident {
                const NAME: &'static ::core::primitive::str = #name;
            }
        };
    }
}
