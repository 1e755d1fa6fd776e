//! Names: from Rust's to SQL's, and how close two of them are.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Ident, Path};

/// The longest store id and schema name; the runtime has the same limit.
const MAX_STORE_NAME: usize = 120;

/// An identifier without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// `BoardView` becomes `board_view`, `HTTPServer` becomes `http_server`.
pub(crate) fn snake_case(name: &str) -> String {
    words(name).join("_")
}

/// The words of a `PascalCase` or `snake_case` name, in lower case.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (index, c) in chars.iter().enumerate() {
        if *c == '_' {
            continue;
        }
        let before = index.checked_sub(1).map(|before| chars[before]);
        let after_lower = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        let ends_acronym =
            before.is_some_and(char::is_uppercase) && chars.get(index + 1).is_some_and(|c| c.is_lowercase());
        let starts = c.is_uppercase() && (after_lower || ends_acronym) || before.is_none_or(|before| before == '_');
        if starts || words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words
}

/// `rename_all` of `#[column(..)]`.
#[derive(Clone, Copy, Debug, darling::FromMeta)]
pub(crate) enum RenameRule {
    #[darling(rename = "snake_case")]
    Snake,
    #[darling(rename = "kebab-case")]
    Kebab,
    #[darling(rename = "lowercase")]
    Lower,
    #[darling(rename = "camelCase")]
    Camel,
    #[darling(rename = "SCREAMING_SNAKE_CASE")]
    ScreamingSnake,
}

impl RenameRule {
    pub(crate) const NAMES: [&str; 5] = ["snake_case", "kebab-case", "lowercase", "camelCase", "SCREAMING_SNAKE_CASE"];

    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Snake => snake_case(name),
            Self::Kebab => words(name).join("-"),
            Self::Lower => name.to_lowercase(),
            Self::ScreamingSnake => snake_case(name).to_uppercase(),
            Self::Camel => {
                let words = words(name).into_iter().enumerate();
                words.map(|(index, word)| if index == 0 { word } else { capitalized(&word) }).collect()
            }
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Why a text is neither a store id nor a schema name.
pub(crate) fn store_name_error(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("is empty".to_owned());
    }
    if name.len() > MAX_STORE_NAME {
        return Some(format!("has {} bytes", name.len()));
    }
    let foreign = name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))?;
    Some(format!("holds {foreign:?}"))
}

/// Why a text is no name of a table or client document.
pub(crate) fn table_name_error(name: &str, example: &str) -> Option<String> {
    if name.is_empty() {
        return Some(format!("the name is empty; write one such as {example:?}"));
    }
    if let Some(message) = nul_error(name) {
        return Some(message);
    }
    let lower = name.to_ascii_lowercase();
    let prefix = ["store_context_", "sqlite_"].into_iter().find(|prefix| lower.starts_with(prefix))?;
    Some(format!("names beginning with `{prefix}` are reserved; choose another name"))
}

/// Why a text is no name of a column.
pub(crate) fn column_name_error(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("a column's name is empty; write one, or leave `rename` out".to_owned());
    }
    // A query's `AS "points!"` says that the column `points` is never `NULL`.
    if let Some(without) = name.strip_suffix('!') {
        let without = without.trim_end_matches('!');
        let write = if without.is_empty() { "another name".to_owned() } else { format!("`rename = {without:?}`") };
        return Some(format!(
            "the `!` at the end of {name:?} is read as `AS \"..!\"` in a query, not as part of a name; write {write}"
        ));
    }
    nul_error(name)
}

/// SQLite reads no further than this character.
fn nul_error(name: &str) -> Option<String> {
    name.contains('\0').then(|| {
        let without = name.replace('\0', "");
        let write = if without.is_empty() { "another one".to_owned() } else { format!("{without:?}") };
        format!("a name in SQLite ends where the character `\\0` is; write {write}")
    })
}

/// The candidate that was probably meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count().div_ceil(3);
    let distances = candidates.into_iter().map(|candidate| (distance(name, candidate), candidate));
    distances.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}

/// Whether a name is another one with a slip: a character too many, too few or wrong, or two that changed places.
pub(crate) fn is_misspelt(name: &str, meant: &str) -> bool {
    let sorted = |name: &str| {
        let mut chars: Vec<char> = name.chars().collect();
        chars.sort_unstable();
        chars
    };
    name != meant && (distance(name, meant) == 1 || sorted(name) == sorted(meant))
}

/// The number of edits between two names, a swap of neighbours counting as two.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, l) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, r) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(l != *r);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

/// A span that shows the user's tokens and resolves names as the derive does.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// Tokens as the derive resolves them, all shown at the user's: an error about them underlines those.
pub(crate) fn shown_at(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), shown_at(span, group.stream())).into();
        }
        token.set_span(token.span().located_at(span));
        token
    });
    moved.collect()
}

/// The tokens of a text that is known to be code. `proc_macro2` would first read it by itself, which takes far longer.
pub(crate) fn tokens(text: &str) -> TokenStream {
    if !proc_macro::is_available() {
        return text.parse().unwrap_or_default();
    }
    text.parse::<proc_macro::TokenStream>().unwrap_or_default().into()
}

/// The 64-bit FNV-1a hash of a name without case; the runtime has the same.
pub(crate) fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The facade's path when none is given.
pub(crate) fn default_facade() -> Path {
    syn::parse_quote!(::store_context)
}

#[cfg(test)]
mod tests {
    use super::{RenameRule, is_misspelt, nearest, snake_case};

    #[test]
    fn names_are_split_into_words() {
        for (name, expected) in [
            ("BoardView", "board_view"),
            ("HTTPServer", "http_server"),
            ("already_snake", "already_snake"),
            ("V2Row", "v2_row"),
        ] {
            assert_eq!(snake_case(name), expected);
        }
        assert_eq!(RenameRule::Camel.apply("InProgress"), "inProgress");
        assert_eq!(RenameRule::Kebab.apply("InProgress"), "in-progress");
        assert_eq!(RenameRule::Lower.apply("InProgress"), "inprogress");
        assert_eq!(RenameRule::ScreamingSnake.apply("InProgress"), "IN_PROGRESS");
    }

    #[test]
    fn a_misspelt_name_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("titel", ["id", "title"]), Some("title"));
        assert_eq!(nearest("colour", ["id", "title"]), None);
        assert!(is_misspelt("rows", "row") && is_misspelt("rwo", "row"));
        assert!(!is_misspelt("row", "row") && !is_misspelt("from", "row"));
    }
}
