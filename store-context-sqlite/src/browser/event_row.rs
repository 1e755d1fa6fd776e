//! An event as a row of IndexedDB: the columns of the event log in a file.

use js_sys::{Object, Reflect};
use store_context_runtime::{EventMeta, LoggedEvent, Uuid};
use wasm_bindgen::JsValue;

/// The columns, of which `slot` is missing where an event is in none.
const COLUMNS: [&str; 9] = ["sequence", "parent", "id", "name", "arguments", "client", "session", "unix_ms", "slot"];

thread_local! {
    /// As JavaScript has them, so that they are made once.
    static KEYS: [JsValue; 9] = COLUMNS.map(JsValue::from_str);
}

/// A number as JavaScript has it: exact up to 2⁵³.
pub(super) fn number(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

/// A number that was written by [`number`].
pub(super) fn read_number(value: &JsValue) -> Option<u64> {
    value.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0).map(|number| number as u64)
}

pub(super) fn encode(event: &LoggedEvent, slot: Option<&str>) -> Result<JsValue, JsValue> {
    let LoggedEvent { meta, name, arguments } = event;
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let mut id = |id: Uuid| JsValue::from_str(id.hyphenated().encode_lower(&mut text));
    let values = [
        number(meta.sequence),
        number(meta.parent),
        id(meta.id),
        name.into(),
        arguments.into(),
        id(meta.client),
        id(meta.session),
        JsValue::from_f64(meta.unix_ms as f64),
    ];
    let row = Object::new();
    KEYS.with(|keys| {
        for (key, value) in keys.iter().zip(&values) {
            Reflect::set(&row, key, value)?;
        }
        if let Some(slot) = slot {
            Reflect::set(&row, &keys[8], &slot.into())?;
        }
        Ok(row.into())
    })
}

/// The event of a row, or which of its columns is wrong.
pub(super) fn decode(row: &JsValue) -> Result<LoggedEvent, String> {
    KEYS.with(|keys| {
        let get = |index: usize| Reflect::get(row, &keys[index]).unwrap_or(JsValue::UNDEFINED);
        let wrong = |index: usize| format!("a row of its log has no `{}`", COLUMNS[index]);
        let count = |index: usize| read_number(&get(index)).ok_or_else(|| wrong(index));
        let text = |index: usize| get(index).as_string().ok_or_else(|| wrong(index));
        let id = |index: usize| text(index)?.parse::<Uuid>().map_err(|_| wrong(index));
        let meta = EventMeta {
            sequence: count(0)?,
            parent: count(1)?,
            id: id(2)?,
            client: id(5)?,
            session: id(6)?,
            unix_ms: get(7).as_f64().ok_or_else(|| wrong(7))? as i64,
        };
        Ok(LoggedEvent { meta, name: text(3)?, arguments: text(4)? })
    })
}
