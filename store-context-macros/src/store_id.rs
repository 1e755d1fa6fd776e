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
        let mut facade = names::default_facade();
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            facade = input.call(Path::parse_mod_style)?;
            input.parse::<Token![,]>()?;
        }
        let id: LitStr = input.parse().map_err(|error| {
            syn::Error::new(
                error.span(),
                "write the id as a literal: `store_id!(\"alpha\")`; an id that is known at run time only goes to `.store_id(..)` as it is",
            )
        })?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("one id and nothing else: `store_id!(\"alpha\")`"));
        }
        Ok(Self { facade, id })
    }
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
