//! The attributes of events, into the model.

use darling::FromAttributes;
use darling::ast::NestedMeta;
use quote::ToTokens;
use syn::{DeriveInput, Expr, ExprLit, Lit, LitStr, Path};

use super::{Event, Name, Upcast, Variant};
use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input;
use crate::names::{self, plain};
use crate::serde_attributes::SerdeAttributes;

/// serde's attributes of an enum that the log's form of an event has no room for.
const ENUM_REFUSED: [&str; 7] = ["tag", "content", "untagged", "from", "try_from", "into", "remote"];
/// serde's attributes of a variant that would shift the positions which the log's names stand for.
const VARIANT_REFUSED: [&str; 5] = ["skip", "skip_serializing", "skip_deserializing", "other", "untagged"];

const ABOVE: Place = Place { attribute: "event", at: "above the enum", keys: &[Key::LOCK, Key::CRATE] };
const VARIANT: Place = Place {
    attribute: "event",
    at: "on a variant",
    keys: &[
        Key::new("name", Takes::Text, "name = \"v1.IssueCreated\""),
        Key::new("alias", Takes::Text, "alias = \"v1.IssueCreated\"").repeated(),
        Key::new("upcast_from", Takes::Expression, "upcast_from = (\"v1.IssueCreated\", from_v1)").repeated(),
    ],
};

#[derive(Default, FromAttributes)]
#[darling(attributes(event))]
struct Container {
    lock: Option<LitStr>,
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

#[derive(Default, FromAttributes)]
#[darling(attributes(event))]
struct VariantAttributes {
    name: Option<LitStr>,
    #[darling(multiple)]
    alias: Vec<LitStr>,
    #[darling(multiple)]
    upcast_from: Vec<UpcastFrom>,
}

/// `("v1.IssueCreated", from_v1)`
struct UpcastFrom {
    name: LitStr,
    function: Path,
}

impl UpcastFrom {
    fn misshapen() -> darling::Error {
        darling::Error::custom(
            "write the older event's name and the function that takes it: `upcast_from = (\"v1.IssueCreated\", from_v1)`",
        )
    }
}

impl darling::FromMeta for UpcastFrom {
    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let misshapen = || Self::misshapen().with_span(expr);
        let expr = ungrouped(expr);
        let Expr::Tuple(tuple) = expr else { return Err(misshapen()) };
        match tuple.elems.iter().map(ungrouped).collect::<Vec<_>>()[..] {
            [Expr::Lit(ExprLit { lit: Lit::Str(name), .. }), Expr::Path(function)] if function.qself.is_none() => {
                Ok(Self { name: name.clone(), function: function.path.clone() })
            }
            _ => Err(misshapen()),
        }
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Err(Self::misshapen())
    }
}

/// An expression without the invisible groups that `macro_rules` puts around it.
fn ungrouped(mut expr: &Expr) -> &Expr {
    while let Expr::Group(group) = expr {
        expr = &group.expr;
    }
    expr
}

pub(super) fn event<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Event<'a> {
    let container: Container = attributes::read(&input.attrs, &ABOVE, &[&VARIANT], errors);
    let serde = SerdeAttributes::of(&input.attrs);
    let mut variants = Vec::new();
    if let Some(found) = input::variants(input, "Event", errors) {
        refuse(&serde, &ENUM_REFUSED, errors, |attribute| {
            format!("the log keeps an event as serde's default form of an enum; remove `{attribute}`")
        });
        variants.extend(found.iter().map(|found| variant(found, errors)));
    }
    Event {
        facade: container.facade.unwrap_or_else(names::default_facade),
        ident: &input.ident,
        lock: container.lock,
        serde,
        variants,
    }
}

fn variant<'a>(variant: &'a syn::Variant, errors: &mut Errors) -> Variant<'a> {
    let attributes: VariantAttributes = attributes::read(&variant.attrs, &VARIANT, &[&ABOVE], errors);
    for field in variant.fields.iter() {
        attributes::refuse(&field.attrs, "event", &[&VARIANT, &ABOVE], errors);
    }
    let serde = SerdeAttributes::of(&variant.attrs);
    refuse(&serde, &VARIANT_REFUSED, errors, |attribute| {
        format!("every event is written to the log and read back; remove `{attribute}`")
    });
    let ident = &variant.ident;
    let literal = |literal: &LitStr| Name { text: literal.value(), at: literal.to_token_stream() };
    let own = || Name { text: plain(ident), at: ident.to_token_stream() };
    let name = attributes.name.as_ref().map_or_else(own, literal);
    let upcast = |from: UpcastFrom| Upcast { from: literal(&from.name), function: from.function };
    Variant {
        ident,
        fields: &variant.fields,
        serde,
        names: std::iter::once(name).chain(attributes.alias.iter().map(literal)).collect(),
        upcasts: attributes.upcast_from.into_iter().map(upcast).collect(),
    }
}

fn refuse(serde: &SerdeAttributes, refused: &[&str], errors: &mut Errors, message: impl Fn(&str) -> String) {
    for meta in serde.metas() {
        if let Some(found) = refused.iter().find(|refused| meta.path().is_ident(refused)) {
            errors.push(meta, message(&format!("#[serde({found})]")));
        }
    }
}
