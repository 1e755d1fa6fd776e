//! The SQL of `#[query(..)]`: read with SQLite's grammar and resolved as far as names alone allow.

mod calls;
mod condition;
mod emit;
mod expression;
mod facts;
mod from;
mod functions;
mod mistake;
mod model;
#[cfg(test)]
mod oracle;
mod resolver;
mod select;
mod term;
mod text;

use std::panic::{AssertUnwindSafe, catch_unwind};

use sqlite3_parser::ast::{Cmd, Stmt};
use sqlite3_parser::lexer::sql::{Error, Parser, ParserError};
use sqlite3_parser::{Bump, FallibleIterator};

pub(crate) use emit::emit;
pub(crate) use mistake::Mistake;
use mistake::meant;
pub(crate) use model::Sql;
use text::Text;

/// Words that a statement that does not parse may have misspelt.
const KEYWORDS: [&str; 20] = [
    "select", "from", "where", "group", "by", "order", "limit", "offset", "having", "join", "left", "inner", "union",
    "distinct", "and", "between", "exists", "values", "with", "using",
];

/// What reading a statement gives.
#[derive(Default)]
pub(crate) struct Reading {
    /// The statement; `None` of one with mistakes, and of one that is checked when the store opens only.
    pub(crate) sql: Option<Sql>,
    pub(crate) mistakes: Vec<Mistake>,
    /// The declared parameters that the statement does not use, where it uses no others in their place.
    pub(crate) unused: Vec<String>,
}

/// Reads a statement.
///
/// `lists` are the parameters that are bound as JSON.
pub(crate) fn read(sql: &str, parameters: &[String], lists: &[String]) -> Reading {
    // A panic of the parser is no reason to refuse a statement.
    catch_unwind(AssertUnwindSafe(|| read_text(sql, parameters, lists))).unwrap_or_default()
}

fn read_text(sql: &str, parameters: &[String], lists: &[String]) -> Reading {
    let text = match Text::scan(sql) {
        Ok(text) => text,
        Err(mistake) => return Reading { mistakes: vec![mistake], ..Reading::default() },
    };
    if let Some(list) = text.listed().find(|list| lists.contains(&list.text)) {
        let message = format!("a list is bound as JSON; write `IN (SELECT value FROM json_each(:{}))`", list.text);
        return Reading { mistakes: vec![Mistake::at(list.place, message)], ..Reading::default() };
    }
    let unused = unused(&text, parameters);
    match statement(&text, parameters) {
        Ok(sql) => Reading { sql, mistakes: Vec::new(), unused },
        Err(mistakes) => Reading { sql: None, mistakes, unused },
    }
}

fn statement(text: &Text<'_>, parameters: &[String]) -> Result<Option<Sql>, Vec<Mistake>> {
    let bump = Bump::new();
    let marked = text.marked();
    let Ok(statement) = parse(text, &bump, &marked) else {
        // Where the mistake is, only the text without marks tells.
        return parse(text, &bump, text.sql).map(|_| None).map_err(|mistake| vec![mistake]);
    };
    let mut mistakes = self::parameters(text, parameters);
    let mut resolver = resolver::Resolver::new(text);
    resolver.statement(statement);
    mistakes.append(&mut resolver.mistakes);
    if mistakes.is_empty() { Ok(Some(resolver.sql)) } else { Err(mistakes) }
}

/// The one reading statement of a text. `sql` is the text, or the text with marks.
fn parse<'b>(text: &Text<'_>, bump: &'b Bump, sql: &'b str) -> Result<&'b sqlite3_parser::ast::Select<'b>, Mistake> {
    let mut parser = Parser::new(bump, sql.as_bytes());
    let first = match parser.next() {
        Ok(Some(first)) => first,
        Ok(None) => return Err(Mistake { message: "the query's SQL is empty; write `SELECT ..`".into(), place: None }),
        Err(error) => return Err(syntax(text, &error)),
    };
    let after = parser.position();
    let after = offset(sql, after.line, after.column);
    match parser.next() {
        Ok(None) => {}
        Ok(Some(_)) | Err(_) => {
            let place = text.token_from(after);
            return Err(Mistake::at(place, "a query is one statement; write a `#[query(..)]` field for each"));
        }
    }
    let statement = match first {
        Cmd::Stmt(statement) => statement,
        Cmd::Explain(_) | Cmd::ExplainQueryPlan(_) => {
            let message = "EXPLAIN tells how SQLite runs a statement, and nothing of the store; remove it";
            return Err(Mistake::at(text.token_from(0), message));
        }
    };
    let message = match statement {
        Stmt::Select(select) => return Ok(select),
        Stmt::Insert { .. } | Stmt::Update { .. } | Stmt::Delete { .. } => {
            "a query only reads; rows are written in the materializer, from events: `tx.insert(..)`"
        }
        Stmt::Pragma(..) => "a query only reads the store's tables; PRAGMA is not for it",
        Stmt::Attach { .. } | Stmt::Detach(..) => "a query only reads the store's own file",
        Stmt::Begin(..) | Stmt::Commit(..) | Stmt::Rollback { .. } | Stmt::Savepoint(..) | Stmt::Release(..) => {
            "a query only reads; several on one state run in `store.read(..)`"
        }
        _ => "a query only reads; the store's tables are made from the schema",
    };
    Err(Mistake::at(text.token_from(0), message))
}

/// A position of the parser, which counts from 1, in bytes.
fn offset(sql: &str, line: usize, column: usize) -> usize {
    let before: usize = sql.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before + column.saturating_sub(1)
}

fn syntax(text: &Text<'_>, error: &Error) -> Mistake {
    let (parser, position) = match error {
        Error::ParserError(parser, Some(position)) => (parser, position),
        other => return Mistake { message: other.to_string(), place: None },
    };
    let place = text.token_from(offset(text.sql, position.line, position.column));
    match parser {
        ParserError::SyntaxError(_) if text.slice(place).is_empty() => ended(text),
        ParserError::UnexpectedEof => ended(text),
        ParserError::SyntaxError(_) => {
            let (word, before) = (text.slice(place), text.before(place).map_or("", |place| text.slice(place)));
            if before == "." {
                let message = format!("`{word}` is a keyword; as a name it is written `\\\"{word}\\\"`");
                return Mistake::at(place, message);
            }
            if before.eq_ignore_ascii_case("in") && word.starts_with(':') {
                let message = format!("a list is bound as JSON; write `IN (SELECT value FROM json_each({word}))`");
                return Mistake::at(place, message);
            }
            if before == "," && text::is_reserved(word) {
                return Mistake::at(place, format!("SQLite does not expect `{word}` after a comma; remove the comma"));
            }
            // A misspelt keyword is often read as an alias, so that the word after it is the first unexpected one.
            for place in [text.before(place), Some(place)].into_iter().flatten() {
                let word = text.slice(place);
                let nearest = crate::names::nearest(&word.to_lowercase(), KEYWORDS);
                if let Some(meant) = nearest.filter(|_| word.len() > 2 && !text::is_reserved(word)) {
                    let meant = meant.to_uppercase();
                    return Mistake::at(place, format!("SQLite does not expect this here; did you mean `{meant}`?"));
                }
            }
            Mistake::at(place, format!("SQLite does not expect `{}` here", text.slice(place)))
        }
        ParserError::Custom(message) => Mistake::at(place, message.clone()),
    }
}

fn ended(text: &Text<'_>) -> Mistake {
    Mistake::at(text.last(), "the statement ends too early, after this")
}

/// Where the statement's parameters and the function type's differ.
fn parameters(text: &Text<'_>, declared: &[String]) -> Vec<Mistake> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    let mut seen = Vec::new();
    for (sign, name) in text.parameters() {
        if seen.contains(&name.text) {
            continue;
        }
        if sign != ':' {
            let written = text.slice(name.place);
            let named = declared.first().map_or("name", String::as_str);
            let message = format!("`{written}` is not a named parameter; write it as `:{named}`");
            mistakes.push(Mistake::at(name.place, message));
        } else if !declared.contains(&name.text) {
            let message = match crate::names::nearest(&name.text, declared.iter().map(String::as_str)) {
                Some(meant) => format!("the function type has no parameter `{}`; did you mean `:{meant}`?", name.text),
                None => format!("the function type has no parameter `{0}`; write `fn({0}: ..)`", name.text),
            };
            mistakes.push(Mistake::at(name.place, message));
        }
        seen.push(name.text);
    }
    mistakes
}

fn unused(text: &Text<'_>, declared: &[String]) -> Vec<String> {
    let used: Vec<_> = text.parameters().map(|(_, name)| name.text).collect();
    if used.iter().any(|used| !declared.contains(used)) {
        return Vec::new();
    }
    declared.iter().filter(|declared| !used.contains(declared)).cloned().collect()
}
