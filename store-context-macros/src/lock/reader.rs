//! What today's code reads the arguments of an event with, and whether it reads what was recorded.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, Ident, Type};

use super::{Block, Field, Form, Lock, Owner};
use crate::errors::Errors;
use crate::input::option_inner;
use crate::names::plain;
use crate::serde_attributes::{SerdeAttributes, renamed_field};

pub(crate) struct Reader<'a> {
    ident: &'a Ident,
    form: Form,
    read_by: Option<String>,
    fields: Vec<FieldReader<'a>>,
    denies_unknown_fields: bool,
}

struct FieldReader<'a> {
    field: Field,
    ty: &'a Type,
    /// The field's name, or its type where it has none.
    at: TokenStream,
    optional: bool,
}

impl<'a> Reader<'a> {
    /// Of an event or of a struct around one column; `serde` is its own, `rule` the `rename_all` of its fields.
    pub(crate) fn new(
        ident: &'a Ident,
        fields: &'a Fields,
        serde: &SerdeAttributes,
        rule: Option<&str>,
        denies_unknown_fields: bool,
    ) -> Self {
        let read = fields.iter().map(|field| (field, SerdeAttributes::of(&field.attrs)));
        let read: Vec<_> = read.filter(|(_, serde)| !serde.is_skipped()).collect();
        let form = match fields {
            Fields::Named(_) => Form::Struct,
            Fields::Unnamed(fields) if fields.unnamed.len() != 1 => Form::Tuple,
            Fields::Unnamed(_) if !read.is_empty() => Form::Newtype,
            _ => Form::Unit,
        };
        let fields = read.into_iter().enumerate().map(|(position, (field, serde))| {
            let names = match &field.ident {
                Some(ident) => serde.names(|| renamed_field(rule, &plain(ident))),
                None => vec![position.to_string()],
            };
            let (read_by, default) = (serde.read_by(), serde.has("default"));
            FieldReader {
                // serde reads a missing field as `None`, but not with a function, and not in an array.
                optional: default || form == Form::Struct && read_by.is_none() && option_inner(&field.ty).is_some(),
                field: Field {
                    names,
                    ty: text(field.ty.to_token_stream()),
                    flatten: serde.has("flatten"),
                    read_by,
                    default,
                },
                ty: &field.ty,
                at: field.ident.as_ref().map_or_else(|| field.ty.to_token_stream(), ToTokens::to_token_stream),
            }
        });
        Self { ident, form, read_by: serde.read_by(), fields: fields.collect(), denies_unknown_fields }
    }

    pub(crate) fn record(&self, names: Vec<String>) -> Block {
        let fields = self.fields.iter().map(|field| field.field.clone()).collect();
        Block { names, form: self.form, read_by: self.read_by.clone(), fields, upcast: false }
    }

    /// Refuses what could not read the recorded form.
    pub(crate) fn compare(&self, recorded: &Block, lock: &Lock<'_>, errors: &mut Errors) {
        let (ident, file) = (self.ident, &lock.file);
        // Nothing reads `null` but a unit; a unit reads anything.
        if self.form != recorded.form && self.form != Form::Unit || self.read_by != recorded.read_by {
            let (was, is) = (recorded.reading(), self.record(Vec::new()).reading());
            let way_out = lock.upcast(recorded);
            errors.push(ident, format!("`{ident}` is recorded as {was} in `{file}` and is {is} now; {way_out}"));
            return;
        }
        let reads =
            |reader: &FieldReader<'_>, field: &Field| reader.field.names.iter().any(|name| field.names.contains(name));
        let is_new = |reader: &&FieldReader<'_>| !recorded.fields.iter().any(|field| reads(reader, field));
        let mut new: Vec<&FieldReader<'_>> = self.fields.iter().filter(is_new).collect();
        let is_lost = |field: &&Field| !self.fields.iter().any(|reader| reads(reader, field));
        let lost: Vec<&Field> = recorded.fields.iter().filter(is_lost).collect();
        let is_remade = self.is_remade(&lost, &new);
        if is_remade {
            for field in &lost {
                self.remade(field, &new, recorded, lock, errors);
            }
            // A function from the older form fills every field.
            new.clear();
        }
        for field in recorded.fields.iter().filter(|field| !(is_remade && lost.contains(field))) {
            let readers: Vec<_> = self.fields.iter().filter(|reader| reads(reader, field)).collect();
            for reader in &readers {
                reader.compare(field, recorded, lock, errors);
            }
            let lost =
                field.names.iter().filter(|name| !readers.iter().any(|reader| reader.field.names.contains(name)));
            for name in lost {
                let renamed = readers.first().copied().or_else(|| self.renamed(field, &mut new));
                self.lost(name, renamed, lock, errors);
            }
        }
        for reader in new.into_iter().filter(|reader| !reader.optional) {
            let or = if self.form == Form::Struct { ", or make it an `Option`" } else { "" };
            errors.push(
                &reader.at,
                format!("`{}` records events without this field; write `#[serde(default)]` on it{or}", lock.file),
            );
        }
    }

    /// Whether fields were made into others, not only called otherwise: an alias or a default on each of the new ones
    /// would lose what the log holds.
    fn is_remade(&self, lost: &[&Field], new: &[&FieldReader<'_>]) -> bool {
        let is_renamed =
            |field: &&Field| new.iter().filter(|reader| reader.field.value() == field.value()).count() == 1;
        let are_renamed = lost.len() == new.len() && lost.iter().all(is_renamed);
        self.form == Form::Struct && !lost.is_empty() && !new.is_empty() && !are_renamed
    }

    fn remade(&self, field: &Field, new: &[&FieldReader<'_>], recorded: &Block, lock: &Lock<'_>, errors: &mut Errors) {
        let (ident, Lock { file, command, .. }) = (self.ident, lock);
        let quoted = |name: &String| format!("`{name}`");
        let lost = field.names.first().map(quoted).unwrap_or_default();
        let names: Vec<_> = new.iter().filter_map(|reader| reader.field.names.first()).map(quoted).collect();
        let are = if names.len() == 1 { "is" } else { "are" };
        let upcast = match (lock.owner, recorded.names.first()) {
            (Owner::Enum(_), Some(name)) => format!(
                "give today's form another name, such as {:?}, and write `upcast_from = ({name:?}, ..)` with a \
                 function that makes them of the older one",
                newer(name)
            ),
            _ => "upcast the events that hold the older one with `upcast_from`".to_owned(),
        };
        let names = names.join(", ");
        errors.push(
            ident,
            format!(
                "{lost} of `{ident}` is recorded in `{file}` and no field reads it, and {names} {are} new; where {lost} \
                 became {names}, {upcast}; otherwise put {lost} back, or, where nobody needs what the log holds, record \
                 that it is gone with `{command}`"
            ),
        );
    }

    /// The field that is probably the recorded one under a new name.
    fn renamed<'r>(&self, field: &Field, new: &mut Vec<&'r FieldReader<'a>>) -> Option<&'r FieldReader<'a>> {
        let mut alike = new.iter().enumerate().filter(|(_, reader)| reader.field.value() == field.value());
        match (self.form, alike.next(), alike.next()) {
            (Form::Struct, Some((index, _)), None) => Some(new.remove(index)),
            _ => None,
        }
    }

    fn lost(&self, name: &str, reader: Option<&FieldReader<'_>>, lock: &Lock<'_>, errors: &mut Errors) {
        let (ident, Lock { file, command, .. }) = (self.ident, lock);
        let recorded = format!("`{name}` of `{ident}` is recorded in `{file}` and no field reads it");
        if let Some(reader) = reader {
            let alias = format!("write `#[serde(alias = {name:?})]` on the field that took its place");
            errors.push(&reader.at, format!("{recorded}; {alias}, or, where nobody needs what the log holds, record that it is gone with `{command}`"));
        } else if self.denies_unknown_fields || self.form == Form::Tuple {
            errors.push(ident, format!("{recorded}, so that its events would not read; put it back"));
        } else {
            errors.push(ident, format!("{recorded}; put it back, or, where nobody needs what the log holds, record that it is gone with `{command}`"));
        }
    }
}

impl FieldReader<'_> {
    fn compare(&self, recorded: &Field, of: &Block, lock: &Lock<'_>, errors: &mut Errors) {
        let (was, is, file) = (recorded.value(), self.field.value(), &lock.file);
        let name = self.field.names.first().map(|name| format!("`{name}`")).unwrap_or_default();
        let plain = !self.field.flatten && self.field.read_by.is_none();
        let widened = || plain && option_inner(self.ty).is_some_and(|inner| text(inner.to_token_stream()) == was);
        if was != is && !widened() {
            let way_out = lock.upcast(of);
            errors.push(self.ty, format!("{name} is recorded as `{was}` in `{file}` and is `{is}` now; {way_out}"));
        } else if recorded.default && !self.optional {
            let message = format!("`{file}` records events that may lack this field; put `#[serde(default)]` back");
            errors.push(&self.at, message);
        }
    }
}

/// A name for the form after the one of this name: `v2.A` after `v1.A`, and also after `A`.
fn newer(name: &str) -> String {
    let versioned = name.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    match versioned.and_then(|(version, rest)| Some((version.parse::<u32>().ok()?.checked_add(1)?, rest))) {
        Some((version, rest)) => format!("v{version}.{rest}"),
        None => format!("v2.{name}"),
    }
}

impl Block {
    /// How its form reads in a sentence.
    fn reading(&self) -> String {
        let read_by = self.read_by.as_ref().map(|path| format!(" read by `{path}`")).unwrap_or_default();
        format!("`{}`{read_by}", self.form.word())
    }
}

impl Lock<'_> {
    /// What to do about another form.
    pub(crate) fn upcast(&self, recorded: &Block) -> String {
        let record = format!("or where both read alike record it with `{}`", self.command);
        match (self.owner, recorded.names.first()) {
            (Owner::Enum(_), Some(name)) => format!(
                "give today's form another name and write `upcast_from = ({name:?}, ..)` with a function from the \
                 older one, {record}"
            ),
            _ => format!("upcast the events that hold the older one with `upcast_from`, {record}"),
        }
    }
}

/// Tokens as text whose spaces depend on the tokens alone, and that rustfmt's commas at the end of lines do not change.
pub(crate) fn text(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                let mut inside = String::new();
                write(group.stream(), &mut inside);
                let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
                // In a tuple of one it means something.
                let keeps_comma = open == "(" && group.stream().into_iter().filter(is_comma).count() == 1;
                let inside = inside.trim_end();
                let inside = if keeps_comma { inside } else { inside.trim_end_matches(',') };
                push(text, &format!("{open}{inside}{close}"));
            }
            TokenTree::Punct(punct) => {
                if punct.as_char() == '>' {
                    text.truncate(text.trim_end().trim_end_matches(',').len());
                }
                text.push(punct.as_char());
                text.push_str(if matches!(punct.as_char(), ',' | ';') { " " } else { "" });
            }
            word => push(text, &word.to_string()),
        }
    }
}

/// Appends a piece, apart from the word before it.
fn push(text: &mut String, piece: &str) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if text.ends_with(is_word) && piece.starts_with(is_word) {
        text.push(' ');
    }
    text.push_str(piece);
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_type_is_one_text_however_it_is_laid_out() {
        for (written, expected) in [
            ("Vec < String >", "Vec<String>"),
            ("HashMap<\n    String,\n    (u8, u8,),\n>", "HashMap<String, (u8, u8)>"),
            ("(A , )", "(A,)"),
            ("& 'static   str", "&'static str"),
            ("Box<dyn  Foo + 'static>", "Box<dyn Foo+'static>"),
            ("[u8 ;4]", "[u8; 4]"),
            ("fn(A,B) -> ::c :: C", "fn(A, B)->::c::C"),
            ("r#type", "r#type"),
        ] {
            assert_eq!(text(written.parse().unwrap()), expected);
        }
    }
}
