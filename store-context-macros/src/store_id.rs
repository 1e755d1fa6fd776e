//! `store_id!("alpha")`: a store id checked while compiling.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Path, Token};

use crate::names;

struct Input {
    facade: Path,
    id: LitStr,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let facade =
            if input.peek2(Token![=]) || input.peek(Token![crate]) { facade(input)? } else { names::default_facade() };
        let id: LitStr = input.parse().map_err(|error| {
            syn::Error::new(
                error.span(),
                "write the id as a literal: `store_id!(\"alpha\")`; an id that is known at run time only goes to `.store_id(..)` as it is",
            )
        })?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("one id and nothing after it: `store_id!(\"alpha\")`"));
        }
        Ok(Self { facade, id })
    }
}

/// `crate = path,` before the id.
fn facade(input: ParseStream<'_>) -> syn::Result<Path> {
    let usage = |error: syn::Error| {
        let message =
            "write `store_id!(\"alpha\")`, or `store_id!(crate = path, \"alpha\")` with the facade under another name";
        syn::Error::new(error.span(), message)
    };
    input.parse::<Token![crate]>().map_err(usage)?;
    input.parse::<Token![=]>().map_err(usage)?;
    let facade = input.call(Path::parse_mod_style).map_err(usage)?;
    input.parse::<Token![,]>().map_err(usage)?;
    Ok(facade)
}

pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let Input { facade, id } = match syn::parse2(tokens) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    if let Some(reason) = names::store_name_error(&id.value()) {
        let message = format!("the store id {reason}; write 1 to 120 of the characters A-Z, a-z, 0-9, `_` and `-`");
        return syn::Error::new_spanned(id, message).into_compile_error();
    }
    quote! {
        match #facade::__private::StoreId::new(#id) {
            ::core::result::Result::Ok(id) => id,
            ::core::result::Result::Err(_) => ::core::unreachable!("checked while compiling"),
        }
    }
}
