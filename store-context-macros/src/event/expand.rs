//! The code of events.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Fields;
use syn::spanned::Spanned;

use super::{Event, Upcast, Variant};
use crate::names::shown_at;

/// `held` is what the lock needs.
pub(super) fn event(event: &Event<'_>, held: Option<TokenStream>) -> TokenStream {
    let Event { facade, ident, variants, .. } = event;
    let all = variants.iter().map(|Variant { names, upcasts, .. }| {
        let names = names.iter().chain(upcasts.iter().map(|upcast| &upcast.from)).map(|name| &name.text);
        quote!(&[#(#names),*])
    });
    let arms = variants.iter().map(|Variant { ident, fields, names, .. }| {
        let name = names.first().map(|name| &name.text);
        let pattern = match fields {
            Fields::Named(_) => quote!({ .. }),
            Fields::Unnamed(_) => quote!((..)),
            Fields::Unit => TokenStream::new(),
        };
        quote!(Self::#ident #pattern => #name)
    });
    let upcast = upcast(event);
    quote! {
        const _: () = {
            #held
            #[automatically_derived]
            impl #facade::__private::Event for #ident {
                const NAMES: &'static [&'static [&'static ::core::primitive::str]] = &[#(#all),*];
                fn name(&self) -> &'static ::core::primitive::str {
                    match self {
                        #(#arms,)*
                    }
                }
                #upcast
            }
        };
    }
}

/// The reading of older events; nothing when there are none.
fn upcast(Event { facade, variants, .. }: &Event<'_>) -> Option<TokenStream> {
    let arms = variants.iter().flat_map(|variant| &variant.upcasts).map(|Upcast { from, function }| {
        let name = &from.text;
        let upcast = shown_at(function.span(), quote!(#facade::__private::upcast));
        quote!(#name => ::core::option::Option::Some(#upcast(arguments, #function)))
    });
    let arms: Vec<_> = arms.collect();
    (!arms.is_empty()).then(|| {
        quote! {
            fn __upcast(
                name: &::core::primitive::str,
                arguments: &::core::primitive::str,
            ) -> ::core::option::Option<::core::result::Result<Self, ::std::string::String>> {
                match name {
                    #(#arms,)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    })
}

/// What is emitted beside an error.
pub(super) fn fallback(Event { facade, ident, .. }: &Event<'_>) -> TokenStream {
    quote! {
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
