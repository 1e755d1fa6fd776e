//! A mistake in a statement, and how it is shown: the line of the statement, and carets under the mistake.

use super::text::Place;

/// What is wrong, where, and what to write.
#[derive(Clone, Debug)]
pub(crate) struct Mistake {
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
}

impl Mistake {
    pub(crate) fn at(place: Place, message: impl Into<String>) -> Self {
        Self { message: message.into(), place: Some(place) }
    }

    /// The message with the statement under it.
    pub(crate) fn drawn(&self, sql: &str) -> String {
        match self.place {
            Some(place) => format!("{}\n{}", self.message, drawing(sql, place)),
            None => self.message.clone(),
        }
    }
}

/// The line in which the place begins, and carets under it. The runtime draws the same in constants.
fn drawing(sql: &str, place: Place) -> String {
    let at = place.start.min(sql.len());
    let start = sql[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = sql[at..].find('\n').map_or(sql.len(), |newline| at + newline);
    let line = sql[start..end].trim_end();
    let indented = line.len() - line.trim_start().len();
    let before = sql[start + indented..at.max(start + indented)].chars().count();
    let length = place.length.min(end.saturating_sub(at));
    let carets = sql[at..at + length].chars().count().max(1);
    format!("  {}\n  {}{}", line.trim_start(), " ".repeat(before), "^".repeat(carets))
}

/// `; did you mean ..?` where a candidate is close.
pub(crate) fn meant<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let lower = name.to_ascii_lowercase();
    let nearest = crate::names::nearest(&lower, candidates);
    nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"))
}
