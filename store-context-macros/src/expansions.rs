//! What the derives expand to is checked in below `expansions/`, formatted, and read like other code.
//!
//! `TRYBUILD=overwrite cargo test -p store-context-macros --lib` takes over what they expand to now.

use std::path::Path;
use std::{env, fs};

use proc_macro2::TokenStream;
use syn::{Attribute, DeriveInput, Item};

use crate::names::{plain, snake_case};

#[test]
fn a_schema_expands_to_the_code_that_is_checked_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("expansions");
    let schema = fs::read_to_string(folder.join("schema.rs")).unwrap();
    for item in syn::parse_file(&schema).unwrap().items {
        let input = input(item);
        let path = folder.join(snake_case(&plain(&input.ident))).with_extension("rs");
        let code = prettyplease::unparse(&syn::parse2(expand(&input)).unwrap());
        if env::var_os("TRYBUILD").is_some_and(|update| update == "overwrite") {
            fs::write(path, code).unwrap();
        } else {
            let expected = fs::read_to_string(&path).unwrap();
            assert!(expected == code, "{} is not what is expanded to now:\n{code}", path.display());
        }
    }
}

fn input(item: Item) -> DeriveInput {
    match item {
        Item::Struct(item) => item.into(),
        Item::Enum(item) => item.into(),
        _ => panic!("a schema is made of structs and enums"),
    }
}

/// By the first of the item's derives, which is one of ours.
fn expand(input: &DeriveInput) -> TokenStream {
    let derives = |name: &str| input.attrs.iter().any(|attribute| begins_with(attribute, name));
    match () {
        () if derives("Row") => crate::row::derive(input),
        () if derives("Column") => crate::column::derive(input),
        () if derives("Document") => crate::document::derive(input),
        () if derives("Event") => crate::event::derive(input),
        () => crate::store::derive(input),
    }
}

fn begins_with(attribute: &Attribute, derive: &str) -> bool {
    let list = attribute.meta.require_list();
    attribute.path().is_ident("derive") && list.is_ok_and(|list| list.tokens.to_string().starts_with(derive))
}
