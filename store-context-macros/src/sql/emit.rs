//! A resolved statement as the constants that the runtime holds against the schema's tables.

use std::fmt::Display;

use proc_macro2::TokenStream;

use super::model::{Join, Otherwise, Output, OutputKind, Reference, Scope, Select, Source, SourceKind, Sql};
use super::term::Term;
use super::text::{Name, Place};
use crate::names::{hash, tokens};

/// The expression of a `SqlDef`; the caller has the runtime's `checked` in scope.
///
/// It is written as text and read once: one call of rustc, where tokens made one by one are thousands.
pub(crate) fn emit(sql: &Sql, text: &str, parameters: &[String]) -> TokenStream {
    let bounds = sql.bounds.iter().filter_map(|bound| {
        let parameter = parameters.iter().position(|parameter| *parameter == bound.parameter)?;
        let (reference, comparison) = (bound.reference, bound.comparison);
        Some(format!(
            "Bound {{ reference: {reference}, comparison: Comparison::{comparison:?}, parameter: {parameter} }}"
        ))
    });
    let widths = sql.widths.iter().map(|width| {
        let (select, wanted, place) = (width.select, width.wanted, place(width.place));
        format!("Width {{ select: {select}, wanted: {wanted}, place: {place} }}")
    });
    let compared = sql.compared.iter().map(|compared| {
        let (reference, text, place) = (compared.reference, &compared.text, place(compared.place));
        let (equal, number) = (compared.equal, compared.is_number());
        format!(
            "Compared {{ reference: {reference}, text: {text:?}, place: {place}, equal: {equal}, number: {number} }}"
        )
    });
    let aggregates = sql.aggregates.iter().map(|aggregate| {
        format!("Aggregate {{ scope: {}, references: &{:?} }}", aggregate.scope, aggregate.references)
    });
    let is_simple = matches!(&*sql.selects, [Select { arms, visible }] if *arms == [0] && *visible == [0]);
    let selects = sql.selects.iter().filter(|_| !is_simple).map(|select| {
        let Select { arms, visible } = select;
        format!("Select {{ arms: &{arms:?}, visible: &{visible:?} }}")
    });
    let definition = literal(
        "SqlDef",
        [
            ("text", Some(format!("{text:?}"))),
            ("sources", list(sql.sources.iter().map(source))),
            ("scopes", list(sql.scopes.iter().map(scope))),
            ("selects", list(selects)),
            ("references", list(sql.references.iter().map(reference))),
            ("optional", list(&sql.optional)),
            ("widths", list(widths)),
            ("bounds", list(bounds)),
            ("compared", list(compared)),
            ("aggregates", list(aggregates)),
        ],
    );
    tokens(&definition)
}

/// A struct of the fields that differ from its `PLAIN`.
fn literal<const N: usize>(ty: &str, fields: [(&str, Option<String>); N]) -> String {
    let mut literal = format!("{ty} {{ ");
    let mut given = 0;
    for (name, value) in fields {
        let Some(value) = value else { continue };
        literal.extend([name, ": ", &value, ", "]);
        given += 1;
    }
    if given < N {
        literal.extend(["..", ty, "::PLAIN "]);
    }
    literal + "}"
}

/// A slice, where it has items.
fn list(items: impl IntoIterator<Item: Display>) -> Option<String> {
    let items: Vec<_> = items.into_iter().map(|item| item.to_string()).collect();
    (!items.is_empty()).then(|| format!("&[{}]", items.join(", ")))
}

/// What differs from 0 or `false`.
fn given(value: impl Display + Default + PartialEq) -> Option<String> {
    (value != Default::default()).then(|| value.to_string())
}

fn source(source: &Source) -> String {
    let kind = match &source.kind {
        SourceKind::Table(name, builtin) => format!("SourceKind::Table({}, Builtin::{builtin:?})", hash(&name.text)),
        SourceKind::Select { select, columns, recursive } => {
            let columns: Vec<_> = columns.iter().map(|column| hash(&column.text)).collect();
            format!("SourceKind::Select {{ select: {select}, columns: &{columns:?}, recursive: {recursive} }}")
        }
        SourceKind::Function(builtin) => format!("SourceKind::Function(Builtin::{builtin:?})"),
    };
    let using = source.using.iter().map(|column| format!("({}, {})", hash(&column.text), place(column.place)));
    literal(
        "Source",
        [
            ("name", given(name(source.name.as_ref()))),
            ("place", given(place(source.place))),
            ("alias", given(place(source.alias()))),
            ("kind", Some(kind)),
            ("optional", given(source.optional)),
            ("using", list(using)),
            ("natural", given(source.natural)),
            ("join", Some(source.join).filter(|join| *join != Join::Left).map(|join| format!("Join::{join:?}"))),
            ("left", given(source.left)),
            ("right", Some(source.right).filter(|right| *right != 1).map(|right| right.to_string())),
            ("meant", source.meant.as_ref().map(|meant| format!("{meant:?}"))),
        ],
    )
}

fn scope(scope: &Scope) -> String {
    let pairs = |pairs: &[(usize, usize)]| list(pairs.iter().map(|pair| format!("{pair:?}")));
    literal(
        "Scope",
        [
            ("first", given(scope.first)),
            ("count", given(scope.count)),
            ("parent", scope.parent.map(|parent| format!("::core::option::Option::Some({parent})"))),
            ("outputs", list(scope.outputs.iter().map(output))),
            ("required", list(&scope.required)),
            ("any", list(scope.any.iter().map(|any| format!("&{any:?}")))),
            ("doubted", list(&scope.doubted)),
            ("implied", pairs(&scope.implied)),
            ("shared", pairs(&scope.shared)),
            ("aggregate", given(scope.aggregate)),
            ("grouped", given(scope.grouped)),
            ("having", given(scope.having)),
            ("filtered", given(scope.filtered)),
            ("limited", given(scope.limited)),
        ],
    )
}

fn output(output: &Output) -> String {
    let kind = match &output.kind {
        OutputKind::Column(reference) => Some(format!("OutputKind::Column({reference})")),
        OutputKind::Star => Some("OutputKind::Star".into()),
        OutputKind::SourceStar(name) => Some(format!("OutputKind::SourceStar({})", hash(&name.text))),
        OutputKind::Expression => None,
    };
    literal(
        "Output",
        [
            ("kind", kind),
            ("name", given(output.name.as_deref().map_or(0, hash))),
            ("place", given(place(output.place))),
            ("alias", given(place(output.alias()))),
            ("required", given(output.required)),
            ("term", Some(&output.term).filter(|term| **term != Term::Unknown).map(term)),
        ],
    )
}

fn term(term: &Term) -> String {
    match term {
        Term::Unknown => "Term::Unknown".into(),
        Term::Column(reference) => format!("Term::Column({reference})"),
        Term::Select(select) => format!("Term::Select({select})"),
        Term::Made(types, nulls, parts) => {
            let parts: Vec<_> = parts.iter().map(self::term).collect();
            format!("Term::Made(Types::{types:?}, Nulls::{nulls:?}, &[{}])", parts.join(", "))
        }
    }
}

fn reference(reference: &Reference) -> String {
    let otherwise = Some(reference.otherwise).filter(|otherwise| *otherwise != Otherwise::Unknown);
    literal(
        "Reference",
        [
            ("scope", given(reference.scope)),
            ("qualifier", given(name(reference.qualifier.as_ref()))),
            ("name", Some(hash(&reference.name.text).to_string())),
            ("place", given(place(reference.name.place))),
            ("otherwise", otherwise.map(|otherwise| format!("Otherwise::{otherwise:?}"))),
        ],
    )
}

fn name(name: Option<&Name>) -> u64 {
    name.map_or(0, |name| hash(&name.text))
}

/// A place as one number, the start a million times: numbers are what rustc reads fastest.
pub(crate) fn place(place: Place) -> u64 {
    place.start as u64 * 1_000_000 + place.length.min(999_999) as u64
}
