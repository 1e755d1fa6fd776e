//! What the documentation of generated code says beside the user's own comments: links, and examples.
//!
//! The user's types are linked by rustdoc itself, in the signatures. A link that a text asked for would lead nowhere
//! where such a type is private.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path};

use crate::names::{plain, tokens};

/// A link to a field of a struct in the same module, such as `Project::issues`.
pub(crate) fn field(of: &Ident, field: &Ident) -> String {
    format!("[`{}::{}`]({})", plain(of), plain(field), path(of, field))
}

/// Where a field is.
pub(crate) fn path(of: &Ident, field: &Ident) -> String {
    format!("struct@{}#structfield.{}", plain(of), plain(field))
}

/// A link to an item of the facade.
pub(crate) fn facade_item(facade: &Path, name: &str) -> String {
    match path_text(facade) {
        Some(path) => format!("[`{name}`]({path}::{name})"),
        None => format!("`{name}`"),
    }
}

/// A path as links write it; one that a macro begins with `$crate` has no such form.
fn path_text(path: &Path) -> Option<String> {
    let segments = path
        .segments
        .iter()
        .map(|segment| (segment.arguments.is_none() && segment.ident != "$crate").then(|| plain(&segment.ident)));
    let text = segments.collect::<Option<Vec<_>>>()?.join("::");
    Some(if path.leading_colon.is_some() { format!("::{text}") } else { text })
}

/// Code in a comment. It is compiled with the tests of the user's crate, in place of a doctest: that is a crate of its
/// own, and no derive knows by which path it would reach the types the example is about.
pub(crate) struct Example {
    /// The statements that are shown.
    pub(crate) code: String,
    /// What they use: a function's generics, its parameters and the bounds on both.
    pub(crate) generics: TokenStream,
    pub(crate) given: TokenStream,
    pub(crate) bounds: TokenStream,
    /// What they name that is not in the user's scope.
    pub(crate) imports: TokenStream,
}

impl Example {
    pub(crate) fn new(code: impl Into<String>, given: TokenStream) -> Self {
        let none = TokenStream::new;
        Self { code: code.into(), given, generics: none(), bounds: none(), imports: none() }
    }

    pub(crate) fn shown(&self) -> TokenStream {
        let fence = format!("```\n{}\n```", self.code);
        quote! {
            #[doc = ""]
            #[cfg_attr(not(doctest), doc = #fence)]
        }
    }

    pub(crate) fn compiled(&self, facade: &Path) -> TokenStream {
        let Self { generics, given, bounds, imports, .. } = self;
        // An example is made of identifiers: it parses.
        let code = tokens(&self.code);
        quote! {
            #[cfg(test)]
            const _: () = {
                #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
                async fn example #generics (#given) -> ::core::result::Result<(), #facade::__private::StoreError>
                #bounds
                {
                    #imports
                    #code
                    ::core::result::Result::Ok(())
                }
            };
        }
    }
}
