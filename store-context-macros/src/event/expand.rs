//! The code of events.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Fields};

use super::{Event, Upcast, Variant};
use crate::input;
use crate::names::{at, shown_at};

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
    let (upcast, span) = (upcast(event), at(ident.span()));
    let form = quote_spanned!(span=> #facade::__private::event_form::<#ident>());
    quote! {
        const _: () = {
            #held
            #[automatically_derived]
            impl #facade::__private::Event for #ident {
                const NAMES: &'static [&'static [&'static ::core::primitive::str]] = &[#(#all),*];
                #[doc(hidden)]
                const FORM: #facade::__private::EventForm<Self> = #form;
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
pub(super) fn fallback(input: &DeriveInput, Event { facade, ident, .. }: &Event<'_>) -> TokenStream {
    let (parameters, arguments): (Vec<_>, Vec<_>) = input.generics.params.iter().map(input::any).unzip();
    quote! {
        const _: () = {
            #[automatically_derived]
            impl<#(#parameters)*> #facade::__private::Event for #ident<#(#arguments),*> {
                const NAMES: &'static [&'static [&'static ::core::primitive::str]] = &[];
                const FORM: #facade::__private::EventForm<Self> = #facade::__private::EventForm::unread();
                fn name(&self) -> &'static ::core::primitive::str {
                    ""
                }
            }
        };
    }
}
