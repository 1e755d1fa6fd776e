//! `#[derive(Event)]`: enums of events, and the names that the log keeps them under.

mod check;
mod expand;
mod lock;
mod parse;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{DeriveInput, Fields, LitStr, Path};

use crate::errors::Errors;
use crate::input;
use crate::serde_attributes::SerdeAttributes;

/// An enum of events as its author wrote it.
struct Event<'a> {
    facade: Path,
    ident: &'a Ident,
    lock: Option<LitStr>,
    serde: SerdeAttributes,
    variants: Vec<Variant<'a>>,
}

struct Variant<'a> {
    ident: &'a Ident,
    fields: &'a Fields,
    serde: SerdeAttributes,
    /// The name, then the aliases.
    names: Vec<Name>,
    upcasts: Vec<Upcast>,
}

struct Name {
    text: String,
    /// The tokens that gave it.
    at: TokenStream,
}

/// An older event, and the function that makes one of today's of it.
struct Upcast {
    from: Name,
    function: Path,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    input::reject_generics(input, "Event", &mut errors);
    let event = parse::event(input, &mut errors);
    if errors.is_empty() {
        check::event(&event, &mut errors);
    }
    if !errors.is_empty() {
        let (errors, fallback) = (errors.into_tokens(), expand::fallback(input, &event));
        return quote!(#errors #fallback);
    }
    let held = event.lock.as_ref().map(|literal| lock::hold(&event, literal, &mut errors));
    // Whatever the lock refuses, the enum itself is sound.
    let (errors, event) = (errors.into_tokens(), expand::event(&event, held));
    quote!(#errors #event)
}
