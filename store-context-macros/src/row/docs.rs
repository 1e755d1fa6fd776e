//! What the documentation of a table's generated code says.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, LitStr, Type};

use super::{Field, OnDelete, Row, TableName};
use crate::docs::{self, Example};
use crate::input::{Docs, compact, last_segment, option_inner};
use crate::names::plain;

/// Of the struct of columns: the table, column by column.
pub(super) fn columns(row: &Row) -> TokenStream {
    let lines = row.fields.iter().map(|field| {
        let (link, column) = (docs::path(&row.ident, &field.ident), &field.column.name);
        format!("| [`{}`]({link}) | {} | {} |", cell(column), cell(&stored_as(field)), cell(&attributes(row, field)))
    });
    let table = ["| column | stored as | |".to_owned(), "| --- | --- | --- |".to_owned()].into_iter().chain(lines);
    let table = table.collect::<Vec<_>>().join("\n");
    let intro = format!("The columns of {}, for filters, orders and updates.", table_of(row));
    let docs = Docs::default().followed_by([intro, table].into_iter().chain(several(row)));
    let example = example(row).map(|example| example.shown());
    quote!(#docs #example)
}

/// `the table `issues` of [`Issue`] rows`
fn table_of(row: &Row) -> String {
    let name = plain(&row.ident);
    let rows = format!("[`{name}`](struct@{name}) rows");
    match &row.table {
        TableName::Given(table) => format!("the table `{}` of {rows}", table.value()),
        _ => format!("a table of {rows}"),
    }
}

/// Of a field of that struct.
pub(super) fn column(row: &Row, field: &Field) -> TokenStream {
    let sentence =
        format!("The column `{}`, declared as {}.", field.column.name, docs::field(&row.ident, &field.ident));
    field.docs.followed_by([sentence])
}

fn stored_as(field: &Field) -> String {
    if field.json.is_some() {
        return "JSON in `TEXT`".to_owned();
    }
    let inner = option_inner(&field.ty).unwrap_or(&field.ty);
    format!("`{}`", storage_class(inner).map_or_else(|| compact(inner), str::to_owned))
}

/// The storage class of what std names; that of other types is their own affair.
fn storage_class(ty: &Type) -> Option<&'static str> {
    let (name, arguments) = last_segment(ty)?;
    Some(match (name.as_str(), arguments.as_slice()) {
        ("i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "bool", []) => "INTEGER",
        ("f32" | "f64", []) => "REAL",
        ("String", []) => "TEXT",
        ("Vec", [element]) if compact(*element) == "u8" => "BLOB",
        _ => return None,
    })
}

fn attributes(row: &Row, field: &Field) -> String {
    let in_key = row.primary_key().count();
    let key = field.primary_key.as_ref().map(|_| if in_key > 1 { "part of the primary key" } else { "primary key" });
    let index = match (&field.unique, &field.index) {
        (Some(_), _) => Some("unique"),
        (None, Some(_)) => Some("index"),
        (None, None) => None,
    };
    let default = field.default.as_ref().map(|default| format!("default `{}`", compact(&default.expr)));
    let null = field.optional.then_some("may be `NULL`");
    let references = field.references.as_ref().map(|references| foreign_key(references, field));
    let words = [key, null, index].into_iter().flatten().map(str::to_owned);
    words.chain(default).chain(references).collect::<Vec<_>>().join(", ")
}

fn foreign_key(references: &LitStr, field: &Field) -> String {
    let target = references.value();
    match field.on_delete.map_or(OnDelete::Refuse, |(on_delete, _)| on_delete) {
        OnDelete::Refuse => format!("references `{target}`, which it keeps from being deleted"),
        OnDelete::Cascade => format!("references `{target}`, deleted with it"),
        OnDelete::SetNull => format!("references `{target}`, `NULL` once that is deleted"),
    }
}

/// The indexes over several columns.
fn several(row: &Row) -> Option<String> {
    let listed = row.indexes.iter().map(|index| {
        let column = |ident: &Ident| row.field(ident).map(|field| format!("`{}`", field.column.name));
        let columns = index.fields.iter().filter_map(column).collect::<Vec<_>>().join(", ");
        format!("- {} ({columns})", if index.unique { "unique" } else { "index" })
    });
    let listed = listed.collect::<Vec<_>>().join("\n");
    (!listed.is_empty()).then(|| format!("On several columns:\n\n{listed}"))
}

/// A text in a table: a bar would end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// Selects in the order of the key.
pub(super) fn example(row: &Row) -> Option<Example> {
    let TableName::Given(_) = &row.table else { return None };
    let (facade, ident, key) = (&row.facade, &row.ident, &row.primary_key().next()?.ident);
    let private = quote!(#facade::__private);
    Some(Example {
        generics: quote!(<__S: #private::StoreContext>),
        bounds: quote!(where #ident: #private::TableOf<__S>),
        ..Example::new(
            format!(
                "// `select` is what the accessor of a table gives.\nlet rows = select.order_by(|columns| columns.{key}.desc()).limit(20).get()?;"
            ),
            quote!(select: #private::Select<__S, #ident>),
        )
    })
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse_quote;

    #[test]
    fn the_columns_of_a_table_are_listed_with_what_the_attributes_say() {
        let row: syn::DeriveInput = parse_quote! {
            #[row(table = "cards", unique(lane, position))]
            struct Card {
                #[row(primary_key)]
                id: String,
                #[row(references = "lanes.id", on_delete = "cascade")]
                lane: String,
                #[row(rename = "place", index)]
                position: Option<u32>,
                #[row(default = Status::Todo)]
                status: Status,
                #[row(json, default = "a|b")]
                labels: Vec<String>,
            }
        };
        let code = crate::row::derive(&row).to_string();
        let table = "\
            | column | stored as | |\n\
            | --- | --- | --- |\n\
            | [`id`](struct@Card#structfield.id) | `TEXT` | primary key |\n\
            | [`lane`](struct@Card#structfield.lane) | `TEXT` | references `lanes.id`, deleted with it |\n\
            | [`place`](struct@Card#structfield.position) | `INTEGER` | may be `NULL`, index |\n\
            | [`status`](struct@Card#structfield.status) | `Status` | default `Status::Todo` |\n\
            | [`labels`](struct@Card#structfield.labels) | JSON in `TEXT` | default `\"a\\|b\"` |";
        for text in [
            "The columns of the table `cards` of [`Card`](struct@Card) rows, for filters, orders and updates.",
            table,
            "On several columns:\n\n- unique (`lane`, `place`)",
            "The column `place`, declared as [`Card::position`](struct@Card#structfield.position).",
        ] {
            assert!(code.contains(&quote!(#[doc = #text]).to_string()), "{text}\n\nis not in\n\n{code}");
        }
    }
}
