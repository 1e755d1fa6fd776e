//! What may be written in `#[row(..)]` and its siblings, and what is said of anything else.
//!
//! A mistake does not hide what is right beside it: the rest is read, and a misspelt key as the one that was meant, so
//! that what is emitted beside an error is as near to the author's intention as can be.

use darling::FromAttributes;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, LitInt, LitStr, Meta, Path, Token, Type, parse_quote, parse2, token};

use crate::errors::Errors;
use crate::names::{self, nearest};

/// A place where an attribute stands, and what it takes there.
pub(crate) struct Place {
    /// `row` in `#[row(..)]`.
    pub(crate) attribute: &'static str,
    /// As in "it belongs on a field".
    pub(crate) at: &'static str,
    pub(crate) keys: &'static [Key],
}

/// One thing that an attribute takes, such as `table` in `#[row(table = "issues")]`.
pub(crate) struct Key {
    name: &'static str,
    takes: Takes,
    /// As somebody writes it.
    example: &'static str,
    repeated: bool,
}

/// What is written after a key.
pub(crate) enum Takes {
    Nothing,
    Text,
    OneOf(&'static [&'static str]),
    Number,
    FieldNames,
    Path,
    Type,
    Expression,
}

impl Key {
    /// `crate = path`, which every derive takes.
    pub(crate) const CRATE: Self = Self::new("crate", Takes::Path, "crate = path::to::store_context");

    /// `lock = ".."`, the file that holds events and column types to what a log may hold.
    pub(crate) const LOCK: Self = Self::new("lock", Takes::Text, "lock = \"project.events.lock\"");

    pub(crate) const fn new(name: &'static str, takes: Takes, example: &'static str) -> Self {
        Self { name, takes, example, repeated: false }
    }

    /// A key that may be given several times.
    pub(crate) const fn repeated(mut self) -> Self {
        self.repeated = true;
        self
    }
}

/// What stands in the attributes of one place. Mistakes are added to the errors, and the rest is read.
pub(crate) fn read<T: Default + FromAttributes>(
    attributes: &[Attribute],
    here: &Place,
    elsewhere: &[&Place],
    errors: &mut Errors,
) -> T {
    let mut found = Errors::default();
    let items = check(attributes, here, elsewhere, &mut found);
    let attribute = Ident::new(here.attribute, Span::call_site());
    let read = T::from_attributes(&[parse_quote!(#[#attribute(#(#items),*)])]).unwrap_or_else(|error| {
        if found.is_empty() {
            error.flatten().into_iter().for_each(|error| found.add(error.into()));
        }
        T::default()
    });
    errors.merge(found);
    read
}

/// Refuses the attribute in a place where it has no meaning.
pub(crate) fn refuse(attributes: &[Attribute], attribute: &'static str, elsewhere: &[&Place], errors: &mut Errors) {
    check(attributes, &Place { attribute, at: "here", keys: &[] }, elsewhere, errors);
}

/// The items without mistakes.
fn check(attributes: &[Attribute], here: &Place, elsewhere: &[&Place], errors: &mut Errors) -> Vec<TokenStream> {
    let mut seen: Vec<&str> = Vec::new();
    let mut good = Vec::new();
    for item in items(attributes, here, elsewhere, errors) {
        let written = item.key.to_string();
        let Some(key) = here.key(&written) else {
            errors.push(&item.key, unknown(&written, here, elsewhere));
            let meant = nearest(&written, here.names()).and_then(|meant| here.key(meant));
            if let Some(meant) = meant.filter(|meant| meant.mistake(&item).is_none()) {
                good.push(item.named(meant.name));
            }
            continue;
        };
        if seen.contains(&key.name) && !key.repeated {
            errors.push(&item.key, format!("`{written}` is given twice; keep one of the two"));
        } else if let Some((at, mut message)) = key.mistake(&item) {
            let fitting = |place: &&Place| place.key(&written).filter(|key| key.mistake(&item).is_none());
            if let Some((place, key)) = elsewhere.iter().find_map(|place| Some((place, fitting(place)?))) {
                message += &format!(", or `{}` {}", place.example(key), place.at);
            }
            errors.push(at, message);
            // `primary_key = true` is a key all the same.
            if matches!(key.takes, Takes::Nothing) {
                good.push(item.key.to_token_stream());
            }
        } else {
            good.push(item.tokens);
        }
        seen.push(key.name);
    }
    good
}

fn unknown(written: &str, here: &Place, elsewhere: &[&Place]) -> String {
    for place in elsewhere {
        if let Some(key) = place.key(written) {
            return format!("`{written}` belongs {}; write `{}` there", place.at, place.example(key));
        }
    }
    if let Some(meant) = nearest(written, here.names()) {
        return format!("unknown attribute `{written}`; did you mean `{meant}`?");
    }
    for place in elsewhere {
        if let Some(meant) = nearest(written, place.names()) {
            return format!("unknown attribute `{written}`; did you mean `{meant}`, which belongs {}?", place.at);
        }
    }
    format!("unknown attribute `{written}`; {}", taken(here, elsewhere))
}

/// What the attribute takes here; where that is nothing, what it takes in other places.
fn taken(here: &Place, elsewhere: &[&Place]) -> String {
    let attribute = here.attribute;
    if let Some(key) = here.keys.first() {
        let names: Vec<_> = here.names().map(|name| format!("`{name}`")).collect();
        return format!("`#[{attribute}(..)]` takes {} {}, as in `{}`", names.join(", "), here.at, here.example(key));
    }
    let places: Vec<_> = elsewhere
        .iter()
        .filter_map(|place| Some(format!("{}, as in `{}`", place.at, place.example(place.keys.first()?))))
        .collect();
    format!("`#[{attribute}(..)]` belongs {}", places.join(", or "))
}

impl Place {
    fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }

    fn example(&self, key: &Key) -> String {
        format!("#[{}({})]", self.attribute, key.example)
    }
}

impl Key {
    /// What is wrong with what is written, and where.
    fn mistake(&self, item: &Item) -> Option<(TokenStream, String)> {
        let Self { name, takes, example, .. } = self;
        let value = match (&item.written, takes) {
            (Written::Nothing, Takes::Nothing) => return None,
            (Written::List(list), Takes::FieldNames) => {
                let names = Punctuated::<Ident, Token![,]>::parse_terminated.parse2(list.clone());
                let at = if list.is_empty() { item.tokens.clone() } else { list.clone() };
                let is_wrong = names.is_err() || list.is_empty();
                return is_wrong.then(|| (at, format!("`{name}` names fields; write `{example}`")));
            }
            (Written::Value(value), Takes::Nothing) => {
                return Some((value.clone(), format!("`{name}` takes no value; write it alone")));
            }
            (Written::List(_), Takes::Nothing) => {
                return Some((item.tokens.clone(), format!("`{name}` takes no list; write it alone")));
            }
            (Written::Nothing | Written::Value(_), Takes::FieldNames) => {
                return Some((item.tokens.clone(), format!("`{name}` names fields; write `{example}`")));
            }
            (Written::Nothing, _) => {
                return Some((item.tokens.clone(), format!("`{name}` takes a value; write `{example}`")));
            }
            (Written::List(_), _) => {
                return Some((item.tokens.clone(), format!("`{name}` takes its value after `=`; write `{example}`")));
            }
            (Written::Value(value), _) => value,
        };
        let wanted = match takes {
            Takes::Text if parse2::<LitStr>(value.clone()).is_ok() => return None,
            Takes::Path if parse2::<Path>(value.clone()).is_ok() => return None,
            Takes::Type if parse2::<Type>(value.clone()).is_ok() => return None,
            Takes::Expression if parse2::<Expr>(value.clone()).is_ok() => return None,
            Takes::Number if parse2::<LitInt>(value.clone()).is_ok_and(|int| int.base10_parse::<u32>().is_ok()) => {
                return None;
            }
            Takes::OneOf(names) => match parse2::<LitStr>(value.clone()) {
                Ok(text) => return Some((value.clone(), one_of(&text.value(), names)?)),
                Err(_) => "a text in quotes",
            },
            Takes::Nothing | Takes::FieldNames | Takes::Expression => "a value",
            Takes::Text => "a text in quotes",
            Takes::Number => "a whole number from 0 to 4294967295, without quotes",
            Takes::Path => "a path, without quotes",
            Takes::Type => "a type, without quotes",
        };
        Some((value.clone(), format!("`{name}` takes {wanted}; write `{example}`")))
    }
}

fn one_of(written: &str, names: &[&'static str]) -> Option<String> {
    if names.contains(&written) {
        return None;
    }
    let all: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    Some(match nearest(written, names.iter().copied()) {
        Some(meant) => format!("unknown value {written:?}; did you mean {meant:?}?"),
        None => format!("unknown value {written:?}; write one of {}", all.join(", ")),
    })
}

/// One thing written in an attribute.
struct Item {
    key: Ident,
    written: Written,
    /// All of it.
    tokens: TokenStream,
}

enum Written {
    Nothing,
    List(TokenStream),
    Value(TokenStream),
}

impl Item {
    /// The same under another key.
    fn named(self, name: &str) -> TokenStream {
        let key = Ident::new(name, self.key.span());
        let rest = self.tokens.into_iter().skip(1);
        quote!(#key #(#rest)*)
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any)?;
        if input.peek(token::Paren) {
            let group: Group = input.parse()?;
            return Ok(Self { tokens: quote!(#key #group), key, written: Written::List(group.stream()) });
        }
        let equals: Option<Token![=]> = input.parse()?;
        let value = if equals.is_some() { value(input)? } else { TokenStream::new() };
        if value.is_empty() {
            return Ok(Self { tokens: quote!(#key), key, written: Written::Nothing });
        }
        Ok(Self { tokens: quote!(#key #equals #value), key, written: Written::Value(value) })
    }
}

/// An expression, or what stands before the next comma.
fn value(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    if input.fork().parse::<Expr>().is_ok() {
        return Ok(input.parse::<Expr>()?.into_token_stream());
    }
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}

fn items(attributes: &[Attribute], here: &Place, elsewhere: &[&Place], errors: &mut Errors) -> Vec<Item> {
    let mut items = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(here.attribute)) {
        if let Meta::Path(_) = attribute.meta {
            let message = format!("`#[{}]` alone says nothing; {}", here.attribute, taken(here, elsewhere));
            errors.push(attribute, message);
        } else if let Err(error) = attribute.parse_args_with(|input: ParseStream<'_>| separated(input, &mut items)) {
            errors.add(syn::Error::new(error.span(), taken(here, elsewhere)));
        }
    }
    let confused = attributes.iter().filter(|attribute| is_confused(attribute, here.attribute));
    for attribute in confused.clone() {
        let message = format!("`#[column(..)]` is for `#[derive(Column)]`; here write `#[{}(..)]`", here.attribute);
        errors.push(attribute.path(), message);
    }
    // rustc reports the attribute itself; what fits in it is meant, and the rest may be another derive's.
    let misspelt = attributes.iter().filter(|attribute| is_misspelt(attribute, here.attribute));
    for attribute in confused.chain(misspelt) {
        let mut meant = Vec::new();
        let _ = attribute.parse_args_with(|input: ParseStream<'_>| separated(input, &mut meant));
        meant.retain(|item| here.key(&item.key.to_string()).is_some_and(|key| key.mistake(item).is_none()));
        items.append(&mut meant);
    }
    items
}

/// Items with commas between, as far as they can be read.
fn separated(input: ParseStream<'_>, items: &mut Vec<Item>) -> syn::Result<()> {
    while !input.is_empty() {
        let item = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        items.push(item);
    }
    Ok(())
}

/// Whether it is the attribute of another derive that a row's columns are easily described by.
fn is_confused(attribute: &Attribute, name: &str) -> bool {
    name == "row" && attribute.path().is_ident("column")
}

/// Whether an attribute that no derive knows is this one.
pub(crate) fn is_misspelt(attribute: &Attribute, name: &str) -> bool {
    attribute.path().get_ident().is_some_and(|found| names::is_misspelt(&found.to_string(), name))
}
