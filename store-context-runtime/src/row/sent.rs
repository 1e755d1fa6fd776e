//! What a server sends with a page: a result as text, which the page's code reads back.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::json;

/// The text of a result: for the crates of user interfaces, which send it with a page that a server renders.
///
/// `None` where the value has no JSON form. The page is sent without it then, and waits for its store.
pub fn result_to_text(result: &impl Serialize) -> Option<String> {
    json::encode(result).inspect_err(not_sent).ok()
}

/// The result whose text [`result_to_text`] gave; `None` where the type reads less than it writes.
pub fn result_from_text<V: DeserializeOwned>(text: &str) -> Option<V> {
    json::decode(text).inspect_err(not_sent).ok()
}

fn not_sent(error: &serde_json::Error) {
    tracing::warn!(target: "store_context", %error, "a result is not sent with its page, which waits for its store instead");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::rows::Rows;

    #[test]
    fn a_result_reads_back_and_what_has_no_form_is_left_out() {
        let rows: Rows<(String, Option<f64>)> =
            [("a".to_owned(), Some(0.1)), ("b".to_owned(), None)].into_iter().collect();
        let text = result_to_text(&rows).expect("it has a form");
        assert_eq!(text, r#"[["a",0.1],["b",null]]"#);
        assert_eq!(result_from_text::<Rows<(String, Option<f64>)>>(&text), Some(rows));
        assert_eq!(result_to_text(&f64::NAN), None);
        assert_eq!(result_from_text::<i64>("no number"), None);
    }
}
