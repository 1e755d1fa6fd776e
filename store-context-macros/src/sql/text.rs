//! The text of a statement: its tokens and where they stand. The parser's tree has no positions, so it is given a text
//! in which each name is the number of its token.

use std::fmt::Write as _;

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::{Error, Tokenizer};

use super::Mistake;

/// What stands before the number of a token in a marked name; no statement has it in a name of its own.
const MARK: char = '\u{1}';

/// The words that are no names without quotes, after a dot neither.
const RESERVED: [&str; 55] = [
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "case",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "exists",
    "foreign",
    "from",
    "group",
    "having",
    "in",
    "index",
    "insert",
    "into",
    "is",
    "isnull",
    "limit",
    "not",
    "nothing",
    "notnull",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "returning",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
];

/// Whether a word is one of those.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word.to_ascii_lowercase().as_str())
}

/// Bytes of the statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) length: usize,
}

/// A name as the statement means it, without quotes.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) place: Place,
}

impl Name {
    pub(crate) fn is(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

struct Token {
    kind: TokenType,
    place: Place,
}

pub(crate) struct Text<'s> {
    pub(crate) sql: &'s str,
    tokens: Vec<Token>,
}

impl<'s> Text<'s> {
    pub(crate) fn scan(sql: &'s str) -> Result<Self, Mistake> {
        let mut scanner = Scanner::new(Tokenizer::new());
        let mut tokens: Vec<Token> = Vec::new();
        loop {
            match scanner.scan(sql.as_bytes()) {
                Ok((start, Some((_, kind)), end)) => {
                    tokens.push(Token { kind, place: Place { start, length: end - start } });
                }
                Ok((_, None, _)) => return Ok(Self { sql, tokens }),
                // SQLite reads a comment that is not closed to the end.
                Err(Error::UnterminatedBlockComment(_)) => {
                    let end = tokens.last().map_or(0, |token| token.place.start + token.place.length);
                    return Ok(Self { sql: &sql[..end], tokens });
                }
                Err(error) => {
                    let start = tokens.last().map_or(0, |token| token.place.start + token.place.length);
                    return Err(Mistake::at(rest(sql, start), unreadable(&error)));
                }
            }
        }
    }

    pub(crate) fn slice(&self, place: Place) -> &'s str {
        self.sql.get(place.start..place.start + place.length).unwrap_or("")
    }

    /// The statement with the number of its token for each name.
    pub(crate) fn marked(&self) -> String {
        let mut marked = String::new();
        for (index, token) in self.tokens.iter().enumerate() {
            let after_dot = index.checked_sub(1).is_some_and(|before| self.tokens[before].kind == TokenType::TK_DOT);
            let is_name = match token.kind {
                TokenType::TK_ID | TokenType::TK_KEY => true,
                TokenType::TK_STAR | TokenType::TK_STRING => false,
                _ => after_dot && !is_reserved(self.slice(token.place)),
            };
            if is_name {
                let _ = write!(marked, "\"{MARK}{index}\" ");
            } else {
                // An integer and a word after it must not become one number.
                let _ = write!(marked, "{} ", self.slice(token.place));
            }
        }
        marked
    }

    /// The name that the tree of the marked text has.
    pub(crate) fn name(&self, in_tree: &str) -> Name {
        let marked = in_tree.strip_prefix('"').and_then(|rest| rest.strip_prefix(MARK));
        let token = match marked.and_then(|rest| rest.strip_suffix('"')?.parse::<usize>().ok()) {
            Some(index) => self.tokens.get(index),
            // A keyword or a string in the place of a name has no number.
            None => self.tokens.iter().find(|token| self.slice(token.place).eq_ignore_ascii_case(in_tree)),
        };
        let place = token.map(|token| token.place).unwrap_or_default();
        let text = if place.length == 0 { in_tree } else { self.slice(place) };
        Name { text: unquoted(text), place }
    }

    /// Whether the name is in double quotes, in which many write a string.
    pub(crate) fn is_double_quoted(&self, name: &Name) -> bool {
        self.slice(name.place).starts_with('"')
    }

    /// The parameters, without their first character, in the order in which they stand; and that character.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (char, Name)> {
        let variables = self.tokens.iter().filter(|token| token.kind == TokenType::TK_VARIABLE);
        variables.filter_map(|token| {
            // The parser's token of `?1` and `:name` alike leaves its sign out or not; the text has it.
            let text = self.slice(token.place);
            let sign = text.chars().next()?;
            Some((sign, Name { text: text[sign.len_utf8()..].to_owned(), place: token.place }))
        })
    }

    /// The parameters that stand first in the list of an IN.
    pub(crate) fn listed(&self) -> impl Iterator<Item = Name> {
        self.tokens.windows(3).filter_map(|tokens| match tokens {
            [first, second, variable]
                if first.kind == TokenType::TK_IN
                    && second.kind == TokenType::TK_LP
                    && variable.kind == TokenType::TK_VARIABLE =>
            {
                let text = self.slice(variable.place).get(1..).unwrap_or("").to_owned();
                Some(Name { text, place: variable.place })
            }
            _ => None,
        })
    }

    /// The first word that the statement has in this place or after it.
    pub(crate) fn token_from(&self, start: usize) -> Place {
        let token = self.tokens.iter().find(|token| token.place.start >= start);
        token.map_or_else(|| rest(self.sql, start), |token| token.place)
    }

    /// The word before the one in this place.
    pub(crate) fn before(&self, place: Place) -> Option<Place> {
        self.tokens.iter().rev().map(|token| token.place).find(|token| token.start < place.start)
    }

    /// The last word.
    pub(crate) fn last(&self) -> Place {
        self.tokens.last().map(|token| token.place).unwrap_or_default()
    }

    /// The first keyword of this kind.
    pub(crate) fn word(&self, word: &str) -> Place {
        let token = self.tokens.iter().find(|token| self.slice(token.place).eq_ignore_ascii_case(word));
        token.map_or_else(|| self.token_from(0), |token| token.place)
    }

    /// The last term of an ORDER BY or GROUP BY that is this number.
    pub(crate) fn term(&self, number: &str) -> Place {
        let begins = |token: &Token| matches!(token.kind, TokenType::TK_BY | TokenType::TK_COMMA);
        let mut pairs = self.tokens.windows(2).rev();
        let term = pairs.find(|pair| begins(&pair[0]) && self.slice(pair[1].place) == number);
        term.map_or_else(|| self.last(), |pair| pair[1].place)
    }

    /// Where the result columns of the statement's first SELECT stand.
    pub(crate) fn result_columns(&self) -> Vec<Place> {
        use TokenType::{
            TK_ALL, TK_AS, TK_COMMA, TK_DISTINCT, TK_EXCEPT, TK_FROM, TK_GROUP, TK_HAVING, TK_INTERSECT, TK_LIMIT,
            TK_LP, TK_ORDER, TK_RP, TK_SELECT, TK_SEMI, TK_UNION, TK_WHERE, TK_WINDOW,
        };
        let (mut depth, mut started) = (0_usize, false);
        let mut columns: Vec<Option<Place>> = vec![None];
        let mut aliased = false;
        for token in &self.tokens {
            match token.kind {
                TK_AS if started && depth == 0 => aliased = true,
                TK_SELECT if depth == 0 && !started => {
                    started = true;
                    continue;
                }
                TK_DISTINCT | TK_ALL if started && depth == 0 && columns == [None] => continue,
                TK_FROM | TK_WHERE | TK_GROUP | TK_HAVING | TK_ORDER | TK_LIMIT | TK_UNION | TK_EXCEPT
                | TK_INTERSECT | TK_SEMI | TK_WINDOW
                    if started && depth == 0 =>
                {
                    break;
                }
                TK_COMMA if started && depth == 0 => {
                    aliased = false;
                    columns.push(None);
                    continue;
                }
                TK_LP => depth += 1,
                TK_RP => depth = depth.saturating_sub(1),
                _ => {}
            }
            if let Some(last) = columns.last_mut().filter(|_| started && !aliased) {
                let start = last.map_or(token.place.start, |place| place.start);
                *last = Some(Place { start, length: token.place.start + token.place.length - start });
            }
        }
        columns.into_iter().flatten().collect()
    }
}

/// One character, or the end of the statement.
fn rest(sql: &str, start: usize) -> Place {
    let rest = sql.get(start..).unwrap_or("");
    let skipped = rest.len() - rest.trim_start().len();
    Place { start: start + skipped, length: rest.trim_start().chars().next().map_or(0, char::len_utf8) }
}

fn unreadable(error: &Error) -> &'static str {
    match error {
        Error::UnterminatedLiteral(_) => "this quote is not closed",
        Error::UnterminatedBracket(_) => "this bracket is not closed",
        Error::BadVariableName(_) => "a parameter has a name; write `:name`",
        Error::BadNumber(_) => "this is not a number",
        Error::ExpectedEqualsSign(_) => "after `!` comes `=`; write `!=`",
        Error::MalformedBlobLiteral(_) => "bytes are written as pairs of hexadecimal digits: `x'c0ffee'`",
        Error::MalformedHexInteger(_) => "after `0x` come hexadecimal digits",
        _ => "SQLite has no such character here",
    }
}

pub(super) fn unquoted(text: &str) -> String {
    let quote = match text.chars().next() {
        Some(quote @ ('"' | '`' | '\'')) => quote,
        Some('[') => ']',
        _ => return text.to_owned(),
    };
    let inside = text.get(1..text.len() - 1).unwrap_or("");
    if quote == ']' { inside.to_owned() } else { inside.replace(&format!("{quote}{quote}"), &quote.to_string()) }
}
