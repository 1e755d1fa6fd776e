//! serde's attributes, as far as they say what is read back from JSON.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token};

/// The `#[serde(..)]` attributes of one item.
pub(crate) struct SerdeAttributes(Vec<Meta>);

impl SerdeAttributes {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
        // What does not parse is serde's to report.
        let metas = lists.filter_map(|list| list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok());
        Self(metas.flatten().collect())
    }

    pub(crate) fn metas(&self) -> &[Meta] {
        &self.0
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Meta> {
        self.0.iter().filter(move |meta| meta.path().is_ident(name))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// Whether a value is never read from JSON.
    pub(crate) fn is_skipped(&self) -> bool {
        self.has("skip") || self.has("skip_deserializing")
    }

    /// The texts of `name = ".."` and `name(deserialize = "..")`.
    fn texts(&self, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for meta in self.named(name) {
            if let Some(text) = text(meta) {
                texts.push(text);
            } else if let Meta::List(list) = meta {
                let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
                texts.extend(inner.iter().filter(|meta| meta.path().is_ident("deserialize")).filter_map(text));
            }
        }
        texts
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.texts(name).into_iter().next()
    }

    /// The names that are read: the one that is written too comes first, the others follow sorted.
    pub(crate) fn names(&self, derived: impl FnOnce() -> String) -> Vec<String> {
        let mut renamed = self.texts("rename").into_iter();
        let name = renamed.next().unwrap_or_else(derived);
        let mut aliases: Vec<String> = renamed.chain(self.texts("alias")).filter(|alias| *alias != name).collect();
        aliases.sort_unstable();
        aliases.dedup();
        std::iter::once(name).chain(aliases).collect()
    }

    /// The function that reads the value in place of its type's `Deserialize`.
    pub(crate) fn read_by(&self) -> Option<String> {
        let path = |text: String| text.split_whitespace().collect::<String>();
        let module = || self.text("with").map(|module| format!("{}::deserialize", path(module)));
        self.text("deserialize_with").map(path).or_else(module)
    }
}

fn text(meta: &Meta) -> Option<String> {
    match meta {
        Meta::NameValue(meta) => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(LitStr::value(text)),
            _ => None,
        },
        _ => None,
    }
}

/// What serde's `rename_all` makes of a variant's name.
pub(crate) fn renamed_variant(rule: Option<&str>, name: &str) -> String {
    match rule {
        Some("lowercase") => name.to_ascii_lowercase(),
        Some("UPPERCASE") => name.to_ascii_uppercase(),
        Some("camelCase") => decapitalized(name),
        Some("snake_case") => separated(name, '_'),
        Some("SCREAMING_SNAKE_CASE") => separated(name, '_').to_ascii_uppercase(),
        Some("kebab-case") => separated(name, '-'),
        Some("SCREAMING-KEBAB-CASE") => separated(name, '-').to_ascii_uppercase(),
        _ => name.to_owned(),
    }
}

/// What serde's `rename_all` makes of a field's name.
pub(crate) fn renamed_field(rule: Option<&str>, name: &str) -> String {
    match rule {
        Some("UPPERCASE" | "SCREAMING_SNAKE_CASE") => name.to_ascii_uppercase(),
        Some("PascalCase") => pascal(name),
        Some("camelCase") => decapitalized(&pascal(name)),
        Some("kebab-case") => name.replace('_', "-"),
        Some("SCREAMING-KEBAB-CASE") => name.to_ascii_uppercase().replace('_', "-"),
        _ => name.to_owned(),
    }
}

/// serde splits at every capital, where the names of this crate keep an acronym together.
fn separated(name: &str, separator: char) -> String {
    let mut text = String::new();
    for (index, c) in name.char_indices() {
        if index > 0 && c.is_uppercase() {
            text.push(separator);
        }
        text.push(if c == '_' { separator } else { c.to_ascii_lowercase() });
    }
    text
}

fn pascal(name: &str) -> String {
    name.split('_').map(|word| with_first(word, char::to_ascii_uppercase)).collect()
}

fn decapitalized(name: &str) -> String {
    with_first(name, char::to_ascii_lowercase)
}

fn with_first(word: &str, change: impl Fn(&char) -> char) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| change(&first)).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, MapDeserializer, StrDeserializer};
    use syn::{Attribute, parse_quote};

    use super::{SerdeAttributes, renamed_field, renamed_variant};

    #[test]
    fn names_are_those_that_serde_reads() {
        let read = |attribute: Attribute| SerdeAttributes::of(&[attribute]).names(|| "own".to_owned());
        assert_eq!(read(parse_quote!(#[serde(default)])), ["own"]);
        assert_eq!(read(parse_quote!(#[serde(alias = "b", rename = "x", alias = "a")])), ["x", "a", "b"]);
        assert_eq!(read(parse_quote!(#[serde(rename(serialize = "s"))])), ["own"]);
        assert_eq!(read(parse_quote!(#[serde(rename(serialize = "s", deserialize = "d"))])), ["d"]);
        assert_eq!(read(parse_quote!(#[serde(alias = "own")])), ["own"]);
    }

    #[test]
    fn rename_all_is_that_of_serde() {
        macro_rules! alike {
            ($($rule:literal),*) => {$({
                #[derive(Deserialize)]
                #[serde(rename_all = $rule, deny_unknown_fields)]
                struct Struct {
                    #[allow(dead_code)]
                    in_progress_2: (),
                }
                #[derive(Deserialize)]
                #[serde(rename_all = $rule)]
                #[allow(non_camel_case_types)]
                enum Enum {
                    InHTTPProgress_2,
                }
                let unknown = MapDeserializer::<_, Error>::new([("?", ())].into_iter());
                let Err(error) = Struct::deserialize(unknown) else { panic!() };
                let field = renamed_field(Some($rule), "in_progress_2");
                assert_eq!(error.to_string(), format!("unknown field `?`, expected `{field}`"));
                let unknown: StrDeserializer<'_, Error> = "?".into_deserializer();
                let Err(error) = Enum::deserialize(unknown) else { panic!() };
                let variant = renamed_variant(Some($rule), "InHTTPProgress_2");
                assert_eq!(error.to_string(), format!("unknown variant `?`, expected `{variant}`"));
            })*};
        }
        alike!(
            "lowercase",
            "UPPERCASE",
            "PascalCase",
            "camelCase",
            "snake_case",
            "SCREAMING_SNAKE_CASE",
            "kebab-case",
            "SCREAMING-KEBAB-CASE"
        );
    }
}
