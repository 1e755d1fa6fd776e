//! All mistakes of one input: reported together, each at its own tokens.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// A mistake at these tokens; the whole of them is underlined.
    pub(crate) fn push(&mut self, at: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(at, message));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            none => *none = Some(error),
        }
    }

    /// What darling read, or its default and darling's errors.
    pub(crate) fn attributes<T: Default>(&mut self, read: darling::Result<T>) -> T {
        read.unwrap_or_else(|error| {
            for error in error.flatten() {
                // Converted, an error with a span leaves out where among the attributes it was.
                let error = syn::Error::from(error);
                self.add(syn::Error::new(error.span(), sentence(&error.to_string())));
            }
            T::default()
        })
    }

    pub(crate) fn merge(&mut self, other: Self) {
        if let Some(error) = other.0 {
            self.add(error);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.iter().flatten().map(|error| error.to_string()).collect()
    }

    /// The mistakes as `compile_error!`s; nothing when there are none.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.map(syn::Error::into_compile_error).unwrap_or_default()
    }
}

/// Darling speaks of fields and formats; its readers write attributes.
fn sentence(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("Unknown field: ") {
        return format!(
            "unknown attribute {}",
            rest.replace(". Did", "; did").replace(". Available values:", "; there are")
        );
    }
    if let Some(rest) = text.strip_prefix("Duplicate field ") {
        return format!("the attribute {rest} is given twice; keep one of them");
    }
    if let Some(rest) = text.strip_prefix("Unknown literal value ").or_else(|| text.strip_prefix("Unknown value: ")) {
        return format!(
            "unknown value {}",
            rest.replace(". Did", "; did").replace(". Available values:", "; write one of")
        );
    }
    if text == "Unexpected meta-item format `word`" {
        return "this attribute takes a value; write `= ..` after it".to_owned();
    }
    if text == "Unexpected meta-item format `list`" {
        return "this attribute takes no list".to_owned();
    }
    match text.strip_prefix("Unexpected type ") {
        Some(found) => format!("this attribute takes no value of type {found}"),
        None => text.to_owned(),
    }
}
