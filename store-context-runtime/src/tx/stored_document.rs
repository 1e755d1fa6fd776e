//! The stored form of a client document, in its table and in the log.

use serde_json::Value as Json;

use crate::adapter::footprint::WriteSet;
use crate::adapter::session::{SessionError, Transaction};
use crate::row::value::{SqlType, Value};
use crate::schema::document::{Changes, DocumentUpdated};
use crate::sql::statement::Statement;
use crate::sql::text::identifier;

pub(crate) fn parse(stored: Option<(String, String)>) -> Result<Changes, String> {
    let Some((set, unset)) = stored else { return Ok(Changes::default()) };
    let parsed = serde_json::from_str(&set).and_then(|set| Ok(Changes { set, unset: serde_json::from_str(&unset)? }));
    parsed.map_err(|error| format!("the stored form is damaged: {error}"))
}

/// Writes a document's stored form.
pub(crate) fn materialize(
    update: &DocumentUpdated,
    table: &'static str,
    tx: &mut dyn Transaction,
    writes: &mut WriteSet,
) -> Result<(), SessionError> {
    let mut sql = String::from("INSERT OR REPLACE INTO ");
    identifier(&mut sql, table);
    sql.push_str(" (\"key\", \"value\", \"unset\") VALUES (?, ?, ?)");
    let mut set = Json::Object(update.changes.set.clone());
    // Equal documents have one text, whatever order their maps have.
    set.sort_all_objects();
    let unset = Json::from_iter(update.changes.unset.iter().cloned()).to_string();
    tx.execute(&Statement::positional(
        sql,
        vec![key_from_json(&update.key), Value::Text(set.to_string()), Value::Text(unset)],
    ))?;
    writes.rows(table);
    Ok(())
}

/// The storage class of a document's key in the log.
pub(crate) fn key_type(update: &DocumentUpdated) -> Option<SqlType> {
    match key_from_json(&update.key) {
        Value::Null => None,
        Value::Integer(_) => Some(SqlType::Integer),
        Value::Real(_) => Some(SqlType::Real),
        Value::Text(_) => Some(SqlType::Text),
        Value::Blob(_) => Some(SqlType::Blob),
    }
}

/// A key in the log: `{"blob":[..]}` for bytes, plain JSON for the rest.
pub(crate) fn key_to_json(key: &Value) -> Json {
    match key {
        Value::Null => Json::Null,
        Value::Integer(key) => Json::from(*key),
        // Bits, since JSON has no infinities.
        Value::Real(key) => serde_json::json!({ "real": key.to_bits() }),
        Value::Text(key) => Json::from(key.as_str()),
        Value::Blob(key) => serde_json::json!({ "blob": key }),
    }
}

fn key_from_json(key: &Json) -> Value {
    match key {
        Json::Number(key) => key.as_i64().map_or(Value::Null, Value::Integer),
        Json::String(key) => Value::Text(key.clone()),
        Json::Object(tagged) => match (tagged.get("real").and_then(Json::as_u64), tagged.get("blob")) {
            (Some(bits), _) => Value::Real(f64::from_bits(bits)),
            (None, Some(blob)) => serde_json::from_value(blob.clone()).map_or(Value::Null, Value::Blob),
            (None, None) => Value::Null,
        },
        _ => Value::Null,
    }
}
