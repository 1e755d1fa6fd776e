//! What every derive asks of its input, and what it takes over from it.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, ConstParam, Data, DeriveInput, Field, Fields, GenericArgument, GenericParam, PathArguments, Token, Type,
    TypeParam, Variant,
};

use crate::errors::Errors;

/// The fields of a struct with named fields; anything else is a mistake.
pub(crate) fn named_fields<'a>(
    input: &'a DeriveInput,
    derive: &str,
    errors: &mut Errors,
) -> Option<&'a Punctuated<Field, Token![,]>> {
    let ident = &input.ident;
    let wanted = format!("`#[derive({derive})]` takes a struct with named fields: write `struct {ident} {{ .. }}`");
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(&fields.named),
            Fields::Unnamed(fields) => errors.push(fields, wanted),
            Fields::Unit => errors.push(ident, wanted),
        },
        Data::Enum(data) => errors.push(data.enum_token, wanted),
        Data::Union(data) => errors.push(data.union_token, wanted),
    }
    None
}

/// The variants of an enum that has some; anything else is a mistake.
pub(crate) fn variants<'a>(
    input: &'a DeriveInput,
    derive: &str,
    errors: &mut Errors,
) -> Option<&'a Punctuated<Variant, Token![,]>> {
    let ident = &input.ident;
    let wanted = match derive {
        "Column" => format!(
            "`#[derive(Column)]` takes an enum without fields or a struct around one column: \
             write `enum {ident} {{ .. }}` or `struct {ident}(String);`, or, for what a query gives, `#[derive(Row)]`"
        ),
        _ => format!("`#[derive({derive})]` takes an enum: write `enum {ident} {{ .. }}`"),
    };
    match &input.data {
        Data::Enum(data) if data.variants.is_empty() => {
            errors.push(ident, format!("`{ident}` has no variants; write at least one"));
        }
        Data::Enum(data) => return Some(&data.variants),
        Data::Struct(data) => errors.push(data.struct_token, wanted),
        Data::Union(data) => errors.push(data.union_token, wanted),
    }
    None
}

/// Whether the input has generics, which are a mistake.
pub(crate) fn reject_generics(input: &DeriveInput, derive: &str, errors: &mut Errors) -> bool {
    let generics = &input.generics;
    let has_only_lifetimes = generics.lifetimes().count() == generics.params.len();
    let message = if has_only_lifetimes && generics.where_clause.is_none() {
        format!("`#[derive({derive})]` takes no lifetimes; own what is borrowed: write `String` for `&str`")
    } else {
        format!("`#[derive({derive})]` takes no generics; name the types instead")
    };
    if generics.lt_token.is_some() {
        errors.push(generics, message);
    } else if let Some(clause) = &generics.where_clause {
        errors.push(clause, message);
    } else {
        return false;
    }
    true
}

/// A generic parameter as an impl declares it, and what the type takes for it.
pub(crate) fn any(parameter: &GenericParam) -> (TokenStream, TokenStream) {
    match parameter {
        GenericParam::Lifetime(_) => (TokenStream::new(), quote!('static)),
        GenericParam::Type(TypeParam { ident, bounds, .. }) => {
            let owned = quote!(::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static);
            (quote!(#ident: #owned + #bounds,), ident.to_token_stream())
        }
        GenericParam::Const(ConstParam { ident, ty, .. }) => (quote!(const #ident: #ty,), ident.to_token_stream()),
    }
}

/// Doc comments, and what stands in for them.
#[derive(Clone, Default)]
pub(crate) struct Docs(Vec<Attribute>);

impl Docs {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        Self(attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect())
    }

    /// The user's comment with paragraphs after it.
    pub(crate) fn followed_by(&self, paragraphs: impl IntoIterator<Item = String>) -> TokenStream {
        let docs = &self.0;
        let paragraphs = paragraphs.into_iter().enumerate().map(|(index, paragraph)| {
            let blank = (index > 0 || !docs.is_empty()).then(|| quote!(#[doc = ""]));
            quote!(#blank #[doc = #paragraph])
        });
        quote!(#(#docs)* #(#paragraphs)*)
    }
}

/// A type without the invisible groups that `macro_rules` puts around it.
pub(crate) fn ungrouped(mut ty: &Type) -> &Type {
    loop {
        match ty {
            Type::Group(group) => ty = &group.elem,
            Type::Paren(paren) => ty = &paren.elem,
            _ => return ty,
        }
    }
}

/// A type with the struct's name for `Self`, which would be another type where the code goes.
pub(crate) fn without_self(ty: &Type, name: &Ident) -> Type {
    fn named(tokens: TokenStream, name: &Ident) -> TokenStream {
        let tokens = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let mut name = name.clone();
                name.set_span(ident.span());
                name.into()
            }
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), named(group.stream(), name));
                inside.set_span(group.span());
                inside.into()
            }
            other => other,
        });
        tokens.collect()
    }
    let mentions_self = ty.to_token_stream().to_string().contains("Self");
    if mentions_self {
        syn::parse2(named(ty.to_token_stream(), name)).unwrap_or_else(|_| ty.clone())
    } else {
        ty.clone()
    }
}

/// The last segment of a type's path and its type arguments, such as `Vec` and `[Issue]`.
pub(crate) fn last_segment(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ungrouped(ty) else { return None };
    let segment = path.path.segments.last()?;
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().collect(),
        _ => Vec::new(),
    };
    let types = arguments.into_iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some((segment.ident.to_string(), types.collect()))
}

/// The `T` of `Option<T>`.
pub(crate) fn option_inner(ty: &Type) -> Option<&Type> {
    match last_segment(ty)? {
        (name, arguments) if name == "Option" && arguments.len() == 1 => Some(arguments[0]),
        _ => None,
    }
}

/// Tokens as text without the spaces that rustc puts between them.
pub(crate) fn compact(tokens: &impl ToTokens) -> String {
    tokens
        .to_token_stream()
        .to_string()
        .replace(" ,", ",")
        .replace(" <", "<")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace(" :: ", "::")
}
