//! Attributes of `#[derive(Row)]` into the model.

use darling::util::{Flag, SpannedValue, parse_expr};
use darling::{FromAttributes, FromMeta};
use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{DeriveInput, Expr, ExprLit, Lit, LitStr, Meta, Path, Token, UnOp};

use super::{Column, Default as ColumnDefault, DefaultValue, Field, Index, OnDelete, Row, TableName};
use crate::attributes::{self, Key, Place, Takes};
use crate::errors::Errors;
use crate::input::{self, Docs};
use crate::names;

const ABOVE: Place = Place {
    attribute: "row",
    at: "above the struct",
    keys: &[
        Key::new("table", Takes::Text, "table = \"issues\""),
        Key::new("index", Takes::FieldNames, "index(status, created_at)").repeated(),
        Key::new("unique", Takes::FieldNames, "unique(status, created_at)").repeated(),
        Key::CRATE,
    ],
};
const FIELD: Place = Place {
    attribute: "row",
    at: "on a field",
    keys: &[
        Key::new("primary_key", Takes::Nothing, "primary_key"),
        Key::new("index", Takes::Nothing, "index"),
        Key::new("unique", Takes::Nothing, "unique"),
        Key::new("json", Takes::Nothing, "json"),
        Key::new("rename", Takes::Text, "rename = \"created\""),
        Key::new("default", Takes::Expression, "default = 0"),
        Key::new("references", Takes::Text, "references = \"projects.id\""),
        Key::new("on_delete", Takes::OneOf(&OnDelete::NAMES), "on_delete = \"cascade\""),
    ],
};

#[derive(Default, FromAttributes)]
#[darling(attributes(row))]
struct Container {
    table: Option<LitStr>,
    #[darling(multiple)]
    unique: Vec<FieldNames>,
    #[darling(multiple)]
    index: Vec<FieldNames>,
    #[darling(rename = "crate")]
    facade: Option<Path>,
}

/// `index(a, b)`.
struct FieldNames {
    word: Span,
    fields: Vec<Ident>,
}

impl FromMeta for FieldNames {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        let list = item.require_list()?;
        let names = list.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)?;
        Ok(Self { word: list.path.span(), fields: names.into_iter().collect() })
    }
}

impl FieldNames {
    fn index(self, unique: bool) -> Index {
        Index { fields: self.fields, unique, attribute: self.word }
    }
}

#[derive(Default, FromAttributes)]
#[darling(attributes(row))]
struct FieldAttributes {
    primary_key: Flag,
    unique: Flag,
    index: Flag,
    json: Flag,
    rename: Option<LitStr>,
    #[darling(with = preserved, default)]
    default: Option<Expr>,
    references: Option<LitStr>,
    on_delete: Option<SpannedValue<OnDelete>>,
}

fn preserved(meta: &Meta) -> darling::Result<Option<Expr>> {
    parse_expr::preserve_str_literal(meta).map(Some)
}

/// The word of a flag, so that a mistake underlines it.
fn word(flag: Flag, name: &str) -> Option<Ident> {
    flag.is_present().then(|| Ident::new(name, flag.span()))
}

/// The facade's path, where nothing else can be read.
pub(super) fn facade(input: &DeriveInput) -> Path {
    let container: Container = attributes::read(&input.attrs, &ABOVE, &[], &mut Errors::default());
    container.facade.unwrap_or_else(names::default_facade)
}

pub(super) fn row(input: &DeriveInput, fields: &Punctuated<syn::Field, Token![,]>, errors: &mut Errors) -> Row {
    let mut container_errors = Errors::default();
    let container: Container = attributes::read(&input.attrs, &ABOVE, &[&FIELD], &mut container_errors);
    let unique = container.unique.into_iter().map(|names| names.index(true));
    let indexes = unique.chain(container.index.into_iter().map(|names| names.index(false))).collect();
    let readable = container_errors.is_empty();
    errors.merge(container_errors);
    Row {
        facade: container.facade.unwrap_or_else(names::default_facade),
        ident: input.ident.clone(),
        vis: input.vis.clone(),
        table: match container.table {
            Some(name) => TableName::Given(name),
            None if readable => TableName::None,
            None => TableName::Unreadable,
        },
        fields: fields.iter().filter_map(|field| self::field(field, &input.ident, errors)).collect(),
        indexes,
    }
}

fn field(field: &syn::Field, row: &Ident, errors: &mut Errors) -> Option<Field> {
    let ident = field.ident.clone()?;
    let attributes: FieldAttributes = attributes::read(&field.attrs, &FIELD, &[&ABOVE], errors);
    let name = attributes.rename.as_ref().map_or_else(|| names::plain(&ident), LitStr::value);
    Some(Field {
        vis: field.vis.clone(),
        docs: Docs::of(&field.attrs),
        ty: input::without_self(&field.ty, row),
        column: Column { name, rename: attributes.rename },
        optional: input::option_inner(&field.ty).is_some(),
        primary_key: word(attributes.primary_key, "primary_key"),
        unique: word(attributes.unique, "unique"),
        index: word(attributes.index, "index"),
        json: word(attributes.json, "json"),
        default: attributes.default.and_then(|expr| default(expr, errors)),
        references: attributes.references,
        on_delete: attributes.on_delete.map(|on_delete| (*on_delete, on_delete.span())),
        ident,
    })
}

fn default(expr: Expr, errors: &mut Errors) -> Option<ColumnDefault> {
    let (negative, literal) = match &expr {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (true, &*unary.expr),
        other => (false, other),
    };
    let value = match literal {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => {
            let digits = if negative { format!("-{}", int.base10_digits()) } else { int.base10_digits().to_owned() };
            digits
                .parse()
                .map(DefaultValue::Integer)
                .map_err(|_| "this number does not fit 64 bits; SQLite's integers are `i64`")
        }
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => match float.base10_parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(DefaultValue::Real(if negative { -value } else { value })),
            _ => Err("this number does not fit an `f64`"),
        },
        Expr::Lit(ExprLit { lit: Lit::Bool(bool), .. }) if !negative => {
            Ok(DefaultValue::Integer(i64::from(bool.value)))
        }
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if !negative => Ok(DefaultValue::Text(text.clone())),
        Expr::Lit(ExprLit { lit: Lit::ByteStr(bytes), .. }) if !negative => Ok(DefaultValue::Blob(bytes.clone())),
        Expr::Path(path) if path.path.is_ident("None") && !negative => {
            Err("a column of an `Option` is `NULL` without a default; remove this one")
        }
        Expr::Path(path) if !negative && !path.path.get_ident().is_some_and(is_constant) => Ok(DefaultValue::Name),
        _ => Err(
            "a default is a literal, or a variant of a `#[derive(Column)]` enum such as `Status::Todo`; of a JSON field, \
             its text, such as `\"[]\"`",
        ),
    };
    match value {
        Ok(value) => Some(ColumnDefault { expr, value }),
        Err(message) => {
            errors.push(&expr, message);
            None
        }
    }
}

/// Whether the name is written as constants are, not as variants.
fn is_constant(name: &Ident) -> bool {
    let name = name.to_string();
    name.len() > 1 && !name.chars().any(char::is_lowercase)
}

impl Column {
    /// Where the name comes from.
    pub(super) fn span(&self, field: &Ident) -> Span {
        self.rename.as_ref().map_or_else(|| field.span(), LitStr::span)
    }
}
