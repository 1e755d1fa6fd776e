//! `#[derive(Document)]`: structs and enums kept as client documents.

use darling::FromAttributes;
use darling::util::Flag;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Fields, LitStr, Path};

use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input;
use crate::names::{self, at, plain, snake_case};
use crate::serde_attributes::SerdeAttributes;

const ABOVE: Place = Place {
    attribute: "document",
    at: "above the type",
    keys: &[
        Key::new("name", Takes::Text, "name = \"board_view\""),
        Key::new("session", Takes::Nothing, "session"),
        Key::CRATE,
    ],
};

#[derive(Default, FromAttributes)]
#[darling(attributes(document))]
struct Container {
    name: Option<LitStr>,
    session: Flag,
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    input::reject_generics(input, "Document", &mut errors);
    let is_whole = check_shape(input, &mut errors);
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
    let form = if is_whole { quote!(whole_document_form) } else { quote!(document_form) };
    let form = quote_spanned!(at(ident.span())=> #private::#form::<#ident>());
    let session = container.session.is_present().then(|| {
        quote!(
            const SESSION: ::core::primitive::bool = true;
        )
    });
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #private::Document for #ident {
                const NAME: &'static ::core::primitive::str = #name;
                #session
                #[doc(hidden)]
                const FORM: #private::DocumentForm<Self> = #form;
            }
        };
    }
}

/// Whether the document is kept as a whole: an enum, or a struct around a value. One with named fields is kept field by
/// field.
fn check_shape(input: &DeriveInput, errors: &mut Errors) -> bool {
    let ident = &input.ident;
    let wanted = || {
        format!(
            "`#[derive(Document)]` takes a struct with fields, or an enum: \
             write `struct {ident} {{ .. }}`, `struct {ident}(String);` or `enum {ident} {{ .. }}`"
        )
    };
    let (mut is_whole, mut fields, mut variants) = (true, None, None);
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => {
                is_whole = SerdeAttributes::of(&input.attrs).has("transparent");
                fields = Some(&data.fields);
            }
            Fields::Unnamed(_) => fields = Some(&data.fields),
            Fields::Unit => errors.push(ident, wanted()),
        },
        Data::Enum(data) if data.variants.is_empty() => {
            errors.push(ident, format!("`{ident}` has no variants; write at least one"));
        }
        Data::Enum(data) => variants = Some(&data.variants),
        Data::Union(data) => errors.push(data.union_token, wanted()),
    }
    let of_variants = variants.into_iter().flatten().flat_map(|variant| {
        let fields = variant.fields.iter().map(|field| &field.attrs);
        std::iter::once(&variant.attrs).chain(fields)
    });
    for attrs in fields.into_iter().flatten().map(|field| &field.attrs).chain(of_variants) {
        attributes::refuse(attrs, "document", &[&ABOVE], errors);
    }
    is_whole
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
