//! `#[derive(Event)]`: enums of events, and the names that the log keeps them under.

use darling::FromAttributes;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Fields, LitStr, Meta, Path, Token};

use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input;
use crate::names::{self, plain};

/// The prefix of the events that the engine keeps for itself.
const RESERVED: &str = "store_context.";

/// serde's attributes of an enum that the log's form of an event has no room for.
const ENUM_REFUSED: [&str; 7] = ["tag", "content", "untagged", "from", "try_from", "into", "remote"];
/// serde's attributes of a variant that would shift the positions which the log's names stand for.
const VARIANT_REFUSED: [&str; 5] = ["skip", "skip_serializing", "skip_deserializing", "other", "untagged"];

const ABOVE: Place = Place { attribute: "event", at: "above the enum", keys: &[Key::CRATE] };
const VARIANT: Place = Place {
    attribute: "event",
    at: "on a variant",
    keys: &[
        Key::new("name", Takes::Text, "name = \"v1.IssueCreated\""),
        Key::new("alias", Takes::Text, "alias = \"v1.IssueCreated\"").repeated(),
    ],
};

#[derive(Default, FromAttributes)]
#[darling(attributes(event))]
struct Container {
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

#[derive(Default, FromAttributes)]
#[darling(attributes(event))]
struct VariantAttributes {
    name: Option<LitStr>,
    #[darling(multiple)]
    alias: Vec<LitStr>,
}

struct Event {
    facade: Path,
    ident: Ident,
    variants: Vec<Variant>,
}

struct Variant {
    ident: Ident,
    /// `(..)`, `{ .. }` or nothing: how a pattern passes over the fields.
    pattern: TokenStream,
    /// The name, then the aliases.
    names: Vec<Name>,
}

struct Name {
    text: String,
    /// The tokens that gave it.
    at: TokenStream,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    if input::reject_generics(input, "Event", &mut errors) {
        return errors.into_tokens();
    }
    let event = parse(input, &mut errors);
    if errors.is_empty() {
        check(&event, &mut errors);
    }
    if errors.is_empty() {
        return expand(&event);
    }
    let Event { facade, ident, .. } = &event;
    let errors = errors.into_tokens();
    quote! {
        #errors
        const _: () = {
            #[automatically_derived]
            impl #facade::__private::Event for #ident {
                const NAMES: &'static [&'static [&'static ::core::primitive::str]] = &[];
                fn name(&self) -> &'static ::core::primitive::str {
                    ""
                }
            }
        };
    }
}

fn parse(input: &DeriveInput, errors: &mut Errors) -> Event {
    let container: Container = attributes::read(&input.attrs, &ABOVE, &[&VARIANT], errors);
    let mut variants = Vec::new();
    if let Some(found) = input::variants(input, "Event", errors) {
        refuse_serde(&input.attrs, &ENUM_REFUSED, errors, |attribute| {
            format!("the log keeps an event as serde's default form of an enum; remove `{attribute}`")
        });
        variants.extend(found.iter().map(|found| variant(found, errors)));
    }
    Event { facade: container.facade.unwrap_or_else(names::default_facade), ident: input.ident.clone(), variants }
}

fn variant(variant: &syn::Variant, errors: &mut Errors) -> Variant {
    let attributes: VariantAttributes = attributes::read(&variant.attrs, &VARIANT, &[&ABOVE], errors);
    for field in &variant.fields {
        attributes::refuse(&field.attrs, "event", &[&VARIANT, &ABOVE], errors);
    }
    refuse_serde(&variant.attrs, &VARIANT_REFUSED, errors, |attribute| {
        format!("every event is written to the log and read back; remove `{attribute}`")
    });
    let ident = variant.ident.clone();
    let literal = |literal: &LitStr| Name { text: literal.value(), at: literal.to_token_stream() };
    let own = || Name { text: plain(&ident), at: ident.to_token_stream() };
    let name = attributes.name.as_ref().map_or_else(own, literal);
    Variant {
        names: std::iter::once(name).chain(attributes.alias.iter().map(literal)).collect(),
        pattern: match variant.fields {
            Fields::Named(_) => quote!({ .. }),
            Fields::Unnamed(_) => quote!((..)),
            Fields::Unit => TokenStream::new(),
        },
        ident,
    }
}

fn refuse_serde(attributes: &[Attribute], refused: &[&str], errors: &mut Errors, message: impl Fn(&str) -> String) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // What does not parse is serde's to report.
        let Ok(metas) = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { continue };
        for meta in metas {
            if let Some(found) = refused.iter().find(|refused| meta.path().is_ident(refused)) {
                errors.push(&meta, message(&format!("#[serde({found})]")));
            }
        }
    }
}

fn check(event: &Event, errors: &mut Errors) {
    let mut seen: Vec<(&str, &Ident)> = Vec::new();
    for variant in &event.variants {
        for name in &variant.names {
            if name.text.is_empty() {
                errors.push(&name.at, "an event's name is empty; write one such as \"v1.IssueCreated\"");
            } else if name.text.starts_with(RESERVED) {
                errors.push(
                    &name.at,
                    format!("event names beginning with `{RESERVED}` are reserved; choose another name"),
                );
            } else if let Some((_, other)) = seen.iter().find(|(text, _)| *text == name.text) {
                let (text, ident) = (&name.text, &variant.ident);
                // Two variants of one Rust name are rustc's to report.
                if *other != ident {
                    errors.push(
                        &name.at,
                        format!("{text:?} names the event `{other}` already; choose another name for `{ident}`"),
                    );
                } else if *ident != name.at.to_string() {
                    errors.push(&name.at, format!("{text:?} names this event already; remove it here"));
                }
            }
            seen.push((&name.text, &variant.ident));
        }
    }
}

fn expand(event: &Event) -> TokenStream {
    let Event { facade, ident, variants } = event;
    let all = variants.iter().map(|variant| {
        let names = variant.names.iter().map(|name| &name.text);
        quote!(&[#(#names),*])
    });
    let arms = variants.iter().map(|Variant { ident, pattern, names }| {
        let name = names.first().map(|name| &name.text);
        quote!(Self::#ident #pattern => #name)
    });
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #facade::__private::Event for #ident {
                const NAMES: &'static [&'static [&'static ::core::primitive::str]] = &[#(#all),*];
                fn name(&self) -> &'static ::core::primitive::str {
                    match self {
                        #(#arms,)*
                    }
                }
            }
        };
    }
}
