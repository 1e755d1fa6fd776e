//! The lock of a column type: whether events that hold one still read.
//!
//! An event is JSON, so what counts is what serde reads; the column in the table is made anew from the events.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, Ident, LitStr};

use crate::errors::Errors;
use crate::lock::{self, Block, Field, Lock, Owner, Reader};
use crate::names::plain;
use crate::serde_attributes::{SerdeAttributes, renamed_variant};

pub(super) fn hold(input: &DeriveInput, at: &LitStr, errors: &mut Errors) -> TokenStream {
    let owner = Owner::Column(plain(&input.ident));
    lock::hold(
        at,
        &owner,
        errors,
        |_| vec![record(input)],
        |recorded, lock, errors| {
            for block in recorded {
                compare(input, block, lock, errors);
            }
        },
    )
}

fn record(input: &DeriveInput) -> Block {
    let (names, read_from) = (vec![plain(&input.ident)], read_from(input));
    match &input.data {
        _ if read_from.is_some() => Block { names, read_by: read_from, ..Block::default() },
        Data::Struct(data) => reader(input, &data.fields).record(names),
        _ => {
            let fields = variants(input).into_iter().map(|(_, names)| Field { names, ..Field::default() });
            Block { names, fields: fields.collect(), ..Block::default() }
        }
    }
}

/// The type that serde makes it of, whatever the type's own form is.
fn read_from(input: &DeriveInput) -> Option<String> {
    let serde = SerdeAttributes::of(&input.attrs);
    let ty = serde.text("from").or_else(|| serde.text("try_from"))?;
    Some(ty.split_whitespace().collect())
}

fn reader<'a>(input: &'a DeriveInput, fields: &'a Fields) -> Reader<'a> {
    Reader::new(&input.ident, fields, &SerdeAttributes::of(&input.attrs), None, false)
}

/// The variants and the names that serde reads them by.
fn variants(input: &DeriveInput) -> Vec<(&Ident, Vec<String>)> {
    let Data::Enum(data) = &input.data else { return Vec::new() };
    let rule = SerdeAttributes::of(&input.attrs).text("rename_all");
    let read = data.variants.iter().map(|variant| (&variant.ident, SerdeAttributes::of(&variant.attrs)));
    let read = read.filter(|(_, serde)| !serde.is_skipped());
    read.map(|(ident, serde)| (ident, serde.names(|| renamed_variant(rule.as_deref(), &plain(ident))))).collect()
}

fn compare(input: &DeriveInput, recorded: &Block, lock: &Lock<'_>, errors: &mut Errors) {
    let (ident, today, Lock { file, command, .. }) = (&input.ident, record(input), lock);
    if (today.form, &today.read_by) != (recorded.form, &recorded.read_by) {
        let way_out = lock.upcast(recorded);
        errors.push(ident, format!("serde reads `{ident}` from another form than `{file}` records; {way_out}"));
        return;
    }
    if let (Data::Struct(data), None) = (&input.data, &today.read_by) {
        reader(input, &data.fields).compare(recorded, lock, errors);
        return;
    }
    let variants = variants(input);
    for value in &recorded.fields {
        let heir = variants.iter().find(|(_, names)| names.iter().any(|name| value.names.contains(name)));
        for name in value.names.iter().filter(|name| !variants.iter().any(|(_, names)| names.contains(name))) {
            let message = format!(
                "{name:?} is recorded in `{file}` and serde reads no variant by it; write `#[serde(alias = {name:?})]` \
                 on the one that took its place, or, where no log holds it, record that it is gone with `{command}`"
            );
            errors.push(heir.map_or(ident, |(ident, _)| *ident), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::{DeriveInput, parse_quote};

    use super::{compare, record};
    use crate::errors::Errors;
    use crate::lock::{Lock, Owner, Text};

    fn refused(before: &DeriveInput, after: &DeriveInput) -> Vec<String> {
        let (mut text, owner, mut errors) = (Text::default(), Owner::Column("C".to_owned()), Errors::default());
        text.replace(owner.clone(), vec![record(before)]);
        let text = Text::parse(&text.to_string()).unwrap();
        let lock = Lock { file: "l".to_owned(), command: "c".to_owned(), owner: &owner };
        compare(after, &text.blocks(&owner).unwrap()[0], &lock, &mut errors);
        errors.messages()
    }

    #[test]
    fn a_column_type_reads_what_serde_wrote() {
        let status: DeriveInput = parse_quote!(
            enum C {
                Todo,
                Done,
            }
        );
        let id: DeriveInput = parse_quote!(
            struct C(String);
        );
        let checked: DeriveInput = parse_quote!(
            #[serde(try_from = "String")]
            struct C(String);
        );
        let taken: [(&DeriveInput, DeriveInput); 6] = [
            (
                &status,
                parse_quote!(
                    enum C {
                        Done,
                        #[column(rename = "other")]
                        Todo,
                        New,
                    }
                ),
            ),
            (
                &status,
                parse_quote!(
                    enum C {
                        Done,
                        #[serde(alias = "Todo")]
                        Open,
                    }
                ),
            ),
            (
                &status,
                parse_quote!(
                    #[serde(rename_all = "lowercase")]
                    enum C {
                        #[serde(alias = "Done")]
                        Done,
                        #[serde(rename = "Todo")]
                        Open,
                    }
                ),
            ),
            (
                &id,
                parse_quote!(
                    #[serde(transparent)]
                    struct C(String);
                ),
            ),
            (
                &id,
                parse_quote!(
                    struct C(Option<String>);
                ),
            ),
            (
                &checked,
                parse_quote!(
                    #[serde(try_from = "String")]
                    struct C(Uuid);
                ),
            ),
        ];
        for (before, after) in taken {
            assert_eq!(refused(before, &after), [""; 0]);
        }
        let no_variant = "is recorded in `l` and serde reads no variant by it; write `#[serde(alias = \"Todo\")]`";
        let refusals: [(&DeriveInput, DeriveInput, &str); 6] = [
            (
                &status,
                parse_quote!(
                    enum C {
                        Done,
                    }
                ),
                no_variant,
            ),
            (
                &status,
                parse_quote!(
                    enum C {
                        Done,
                        #[column(rename = "Todo")]
                        Open,
                    }
                ),
                no_variant,
            ),
            (
                &status,
                parse_quote!(
                    enum C {
                        Done,
                        #[serde(rename = "todo")]
                        Todo,
                    }
                ),
                no_variant,
            ),
            (
                &status,
                parse_quote!(
                    struct C(String);
                ),
                "serde reads `C` from another form than `l` records; upcast the events",
            ),
            (
                &id,
                parse_quote!(
                    struct C(i64);
                ),
                "`0` is recorded as `String` in `l` and is `i64` now; upcast the events",
            ),
            (
                &checked,
                parse_quote!(
                    #[serde(from = "i64")]
                    struct C(String);
                ),
                "from another form",
            ),
        ];
        for (before, after, expected) in refusals {
            let messages = refused(before, &after);
            assert!(messages.len() == 1 && messages[0].contains(expected), "{messages:#?}");
        }
    }
}
