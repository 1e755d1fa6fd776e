//! Images of the state in IndexedDB, each a Blob beside what says whether it is whole.

use std::hash::BuildHasher;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, IdbDatabase, IdbTransactionMode};

use crate::browser::database::{IMAGES, transaction};
use crate::browser::event_row::{number, read_number};
use crate::browser::failure::Failure;
use crate::browser::requests::{done, when_done};
use crate::replica::shared_log::{Image, TakeImage};

/// How many images are kept: of an application's last two versions, say.
const KEPT: usize = 2;

/// The key of a schema's image.
fn key(schema_hash: u64) -> JsValue {
    format!("{schema_hash:016x}").into()
}

/// Of one program alone: an image of another is thrown away as a damaged one is.
fn checksum(bytes: &[u8]) -> JsValue {
    format!("{:016x}", foldhash::quality::FixedState::default().hash_one(bytes)).into()
}

fn head(record: &JsValue) -> Option<u64> {
    read_number(&Reflect::get(record, &"head".into()).ok()?)
}

/// The image under a schema's hash; `Ok(None)` where there is none, or not a whole one.
pub(super) async fn read(connection: &IdbDatabase, schema_hash: u64) -> Result<Option<Image>, Failure> {
    let store = transaction(connection, IMAGES, IdbTransactionMode::Readonly)?.object_store(IMAGES)?;
    let record = done(store.get(&key(schema_hash))).await?;
    if record.is_undefined() {
        return Ok(None);
    }
    let (Some(head), Ok(blob)) = (head(&record), Reflect::get(&record, &"state".into())?.dyn_into::<Blob>()) else {
        return Ok(None);
    };
    let bytes = Uint8Array::new(&JsFuture::from(Promise::from(blob.array_buffer())).await?).to_vec();
    let is_whole = Reflect::get(&record, &"checksum".into())? == checksum(&bytes);
    Ok(is_whole.then_some(Image { head, bytes }))
}

/// Takes and keeps an image when the page has time.
pub(super) async fn keep(
    connection: impl AsyncFnOnce() -> Option<IdbDatabase>,
    schema_hash: u64,
    take: TakeImage,
) -> Result<(), Failure> {
    idle().await?;
    let Some(connection) = connection().await else { return Ok(()) };
    let store = transaction(&connection, IMAGES, IdbTransactionMode::Readonly)?.object_store(IMAGES)?;
    let kept = head(&done(store.get(&key(schema_hash))).await?);
    let Some(Image { head, bytes }) = take(kept) else { return Ok(()) };
    let record = Object::new();
    let state = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(&*bytes)))?;
    let entries = [
        ("schema", key(schema_hash)),
        ("head", number(head)),
        ("written", js_sys::Date::now().into()),
        ("checksum", checksum(&bytes)),
        ("state", state.into()),
    ];
    for (name, value) in entries {
        Reflect::set(&record, &name.into(), &value)?;
    }
    let store = transaction(&connection, IMAGES, IdbTransactionMode::Readwrite)?.object_store(IMAGES)?;
    let written = store.put(&record)?;
    // Only the newest are worth their room.
    let all = store.get_all()?;
    when_done(&all, move |records| {
        let Ok(records) = records else { return };
        let written = |record: &JsValue| Reflect::get(record, &"written".into()).ok().and_then(|at| at.as_f64());
        let mut records = Array::from(&records).to_vec();
        records.sort_by(|one, other| written(other).partial_cmp(&written(one)).unwrap_or(std::cmp::Ordering::Equal));
        for old in records.iter().skip(KEPT) {
            if let Ok(key) = Reflect::get(old, &"schema".into()) {
                _ = store.delete(&key);
            }
        }
    });
    done(Ok(written)).await.map(|_| ())
}

pub(super) async fn delete(connection: &IdbDatabase, schema_hash: u64) -> Result<(), Failure> {
    let store = transaction(connection, IMAGES, IdbTransactionMode::Readwrite)?.object_store(IMAGES)?;
    done(store.delete(&key(schema_hash))).await.map(|_| ())
}

/// Waits until the page has nothing better to do. Where the browser does not tell, until its events had their turn.
async fn idle() -> Result<(), JsValue> {
    let resolved = Rc::new(js_sys::global());
    let promise = Promise::new(&mut |resolve, _| {
        let call = |name: &str| Reflect::get(&resolved, &name.into()).and_then(JsCast::dyn_into::<Function>);
        let asked = call("requestIdleCallback").and_then(|ask| ask.call1(&resolved, &resolve));
        if asked.or_else(|_| call("setTimeout")?.call1(&resolved, &resolve)).is_err() {
            _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(promise).await.map(|_| ())
}
