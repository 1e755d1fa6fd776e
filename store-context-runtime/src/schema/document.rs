//! Client documents as data: defaults, changed fields, and merging an older document into today's type.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::row::json::{self, JsonValue, unread};
use crate::row::table::DocumentDef;

/// A client document: implemented by `#[derive(Document)]` next to `Default`, `Clone` and serde's two derives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a client document",
    label = "this type has no `#[derive(Document)]`",
    note = "a document is a struct or an enum with `#[derive(Document, Clone, Default, Serialize, Deserialize)]`"
)]
pub trait Document: Clone + Default + Send + Sync + 'static {
    /// The name of the table that holds it.
    const NAME: &'static str;
    /// Whether it begins with its default whenever the store opens: `#[document(session)]`.
    const SESSION: bool = false;
    /// How serde writes and reads it.
    #[doc(hidden)]
    const FORM: DocumentForm<Self>;
}

/// How serde writes and reads a document: taken by one call, so that a type without serde's derives is one error.
#[doc(hidden)]
#[derive(Debug)]
pub struct DocumentForm<T> {
    write: fn(&T) -> Result<Json, serde_json::Error>,
    read: fn(Json) -> Result<T, serde_json::Error>,
}

impl<T> DocumentForm<T> {
    /// That of a type whose derive has mistakes.
    #[must_use]
    pub const fn unread() -> Self {
        Self { write: |_| Err(unread("Document")), read: |_| Err(unread("Document")) }
    }
}

/// The form of a document that serde writes and reads.
#[doc(hidden)]
#[must_use]
pub const fn document_form<T: JsonValue>() -> DocumentForm<T> {
    DocumentForm { write: |document| json::decode(&json::encode(document)?), read: |json| serde_json::from_value(json) }
}

/// The form of a document without fields of its own, an enum or a struct around a value: it is kept as one.
#[doc(hidden)]
#[must_use]
pub const fn whole_document_form<T: JsonValue>() -> DocumentForm<T> {
    DocumentForm {
        write: |document| Ok(Json::from_iter([(WHOLE, json::decode::<Json>(&json::encode(document)?)?)])),
        read: |mut fields| serde_json::from_value(fields.get_mut(WHOLE).map_or(Json::Null, Json::take)),
    }
}

/// The one field of a document that is kept as a whole.
const WHOLE: &str = "value";

/// A document of a schema. Asked for so, a type that lacks another derive is not reported again.
#[doc(hidden)]
#[must_use]
pub const fn document_def<T: Document>() -> DocumentDef {
    DocumentDef { name: T::NAME, key: None, session: T::SESSION }
}

/// The event that a document's table is derived from.
pub(crate) const DOCUMENT_EVENT: &str = "store_context.DocumentUpdated";

/// The fields of a document that ever differed from the default, as the log and the table keep them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Changes {
    /// Fields and their values; `null` is a value.
    pub(crate) set: Map<String, Json>,
    /// Fields that the default has and the document has not.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) unset: BTreeSet<String>,
}

/// The arguments of [`DOCUMENT_EVENT`].
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DocumentUpdated {
    pub(crate) document: String,
    pub(crate) key: Json,
    #[serde(flatten)]
    pub(crate) changes: Changes,
}

impl DocumentUpdated {
    /// What the event is the latest of.
    pub(crate) fn slot(&self) -> String {
        format!("{}:{}", self.document, self.key)
    }
}

/// What a logged event is the latest of, where it is one of a document.
pub(crate) fn slot_of(name: &str, arguments: &str) -> Option<String> {
    let update = || serde_json::from_str::<DocumentUpdated>(arguments).ok();
    (name == DOCUMENT_EVENT).then(update).flatten().map(|update| update.slot())
}

/// A document as read: its value, and the stored fields that today's type has no room for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Merged<T> {
    pub(crate) value: T,
    pub(crate) dropped: Vec<String>,
}

/// The fields of a value.
pub(crate) fn fields<T: Document>(value: &T) -> Result<Map<String, Json>, String> {
    match (T::FORM.write)(value) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(other) => Err(format!("a document is a JSON object, this one serializes as {other}")),
        Err(error) => Err(format!("the document has no JSON form: {error}")),
    }
}

impl Changes {
    /// Merges the stored fields into the default, one by one where they do not fit together.
    pub(crate) fn merge<T: Document>(&self) -> Result<Merged<T>, String> {
        let default = T::default();
        if self.set.is_empty() && self.unset.is_empty() {
            // Read as it is after a change, so that a field that serde skips has one value before and after.
            let read = fields(&default).map(|fields| (T::FORM.read)(Json::Object(fields)));
            let value = read.ok().and_then(Result::ok).unwrap_or(default);
            return Ok(Merged { value, dropped: Vec::new() });
        }
        let mut merged = fields(&default)?;
        let mut all = merged.clone();
        all.retain(|field, _| !self.unset.contains(field));
        all.extend(self.set.clone());
        let mut dropped = BTreeSet::new();
        let value = match (T::FORM.read)(Json::Object(all)) {
            Ok(value) => value,
            Err(_) => {
                let mut value = default;
                let unset = self.unset.iter().map(|field| (field, None));
                for (field, change) in unset.chain(self.set.iter().map(|(field, json)| (field, Some(json)))) {
                    let mut candidate = merged.clone();
                    match change {
                        Some(json) => candidate.insert(field.clone(), json.clone()),
                        None => candidate.remove(field),
                    };
                    match (T::FORM.read)(Json::Object(candidate.clone())) {
                        Ok(fitting) => {
                            value = fitting;
                            merged = candidate;
                        }
                        Err(_) => {
                            dropped.insert(field.clone());
                        }
                    }
                }
                value
            }
        };
        let kept = fields(&value)?;
        dropped.extend(self.set.keys().filter(|field| !kept.contains_key(*field)).cloned());
        Ok(Merged { value, dropped: dropped.into_iter().collect() })
    }

    /// Refuses changes after which a document would not be read as these fields.
    pub(crate) fn assert_read_as<T: Document>(&self, written: &Map<String, Json>) -> Result<(), String> {
        let read = fields(&self.merge::<T>()?.value)?;
        let differs = |field: &&String| written.get(*field) != read.get(*field);
        let Some(field) = written.keys().chain(read.keys()).find(differs) else { return Ok(()) };
        let shown = |fields: &Map<String, Json>| fields.get(field).map_or("nothing".to_owned(), ToString::to_string);
        let (written, read) = (shown(written), shown(&read));
        Err(format!(
            "the field `{field}` was {written} and would be read as {read}, nothing was kept; correct its serde attributes"
        ))
    }

    /// Takes over what differs between two versions of the document; `false` when nothing does.
    pub(crate) fn record(&mut self, before: &Map<String, Json>, after: &Map<String, Json>) -> bool {
        let mut changed = false;
        for (field, value) in after {
            if before.get(field) != Some(value) {
                self.unset.remove(field);
                self.set.insert(field.clone(), value.clone());
                changed = true;
            }
        }
        for field in before.keys().filter(|field| !after.contains_key(*field)) {
            self.set.remove(field);
            self.unset.insert(field.clone());
            changed = true;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::{Changes, Document, DocumentForm, document_form, fields};

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    struct View {
        draft: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        filter: Option<String>,
        size: u8,
    }

    impl Document for View {
        const NAME: &'static str = "view";
        const FORM: DocumentForm<Self> = document_form::<Self>();
    }

    #[test]
    fn only_changed_fields_are_recorded_and_a_removed_one_is_not_null() {
        let mut changes = Changes::default();
        let (before, mut after) = (View::default(), View { filter: Some("x".into()), ..View::default() });
        assert!(changes.record(&fields(&before).unwrap(), &fields(&after).unwrap()));
        assert_eq!(json!(changes.set), json!({ "filter": "x" }));
        let filtered = after.clone();
        after.filter = None;
        assert!(changes.record(&fields(&filtered).unwrap(), &fields(&after).unwrap()));
        assert!(changes.set.is_empty() && changes.unset.contains("filter"));
        assert!(!changes.record(&fields(&after).unwrap(), &fields(&after).unwrap()));
    }

    #[test]
    fn an_older_document_merges_field_by_field_and_says_what_it_dropped() {
        let stored = json!({ "set": { "draft": "kept", "size": 300, "gone": true } });
        let changes: Changes = serde_json::from_value(stored).unwrap();
        let merged = changes.merge::<View>().unwrap();
        assert_eq!(merged.value, View { draft: "kept".into(), ..View::default() });
        assert_eq!(merged.dropped, ["gone", "size"]);
    }
}
