//! The database of a store: opened, made, and looked at before it is used.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use store_context_runtime::{LoggedEvent, MemoryReason, Uuid};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbIndexParameters, IdbObjectStoreParameters, IdbOpenDbRequest, IdbTransaction,
    IdbTransactionMode, IdbVersionChangeEvent,
};

use crate::browser::event_row;
use crate::browser::failure::Failure;
use crate::browser::requests::done;

/// The form of the object stores: the version of the database.
pub(super) const FORMAT: u32 = 1;

/// The log, by sequence number.
pub(super) const EVENTS: &str = "events";
/// Images of the state, by the hash of their schema.
pub(super) const IMAGES: &str = "images";
/// Of what the log is.
const META: &str = "meta";

/// An open connection to the log of a store.
pub(super) struct Database {
    pub(super) connection: IdbDatabase,
    pub(super) schema: String,
    /// Made with the database, so that it tells this one from another of its name.
    pub(super) client: Uuid,
    /// Whether it was made just now.
    pub(super) is_new: bool,
}

/// What a database is made with where there is none.
pub(super) struct New<'n> {
    pub(super) schema: &'n str,
    pub(super) client: Uuid,
    /// The log that it begins with.
    pub(super) events: Vec<LoggedEvent>,
}

/// Why there is no connection.
pub(super) enum Missing {
    /// The database is not there, and was not to be made.
    Absent,
    /// There are no databases.
    Nowhere(MemoryReason),
    /// It has the form of a newer version of this library.
    Newer(i64),
    Failed(Failure),
}

impl From<JsValue> for Missing {
    fn from(thrown: JsValue) -> Self {
        Failure::from(thrown).into()
    }
}

impl From<Failure> for Missing {
    fn from(failure: Failure) -> Self {
        match &*failure.name {
            "SecurityError" => Self::Nowhere(MemoryReason::Blocked),
            // Private windows of older browsers.
            "InvalidStateError" if failure.message.contains("mutation") => Self::Nowhere(MemoryReason::Blocked),
            _ => Self::Failed(failure),
        }
    }
}

/// The browser's databases.
pub(super) fn factory() -> Result<IdbFactory, Missing> {
    match Reflect::get(&js_sys::global(), &"indexedDB".into()) {
        Ok(factory) if factory.is_object() => Ok(factory.unchecked_into()),
        Ok(_) => Err(Missing::Nowhere(MemoryReason::NoStorage)),
        Err(_) => Err(Missing::Nowhere(MemoryReason::Blocked)),
    }
}

/// Opens a database, and makes it where it is missing if it is told with what.
pub(super) async fn open(name: &str, new: Option<New<'_>>) -> Result<Database, Missing> {
    let factory = factory()?;
    let request = factory.open_with_u32(name, FORMAT)?;
    let is_absent = Rc::new(Cell::new(false));
    let absent = Rc::clone(&is_absent);
    let makes = new.is_some();
    let written = new.map(|new| Contents::of(new).map_err(Missing::from)).transpose()?;
    let asked = request.clone();
    let upgrade = Closure::once(move |event: IdbVersionChangeEvent| {
        absent.set(event.old_version() == 0.0);
        let made = written.ok_or(JsValue::NULL).and_then(|contents| contents.write(&asked));
        if let (Err(_), Some(transaction)) = (made, asked.transaction()) {
            // The request fails with it, and the database is not made.
            _ = transaction.abort();
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = done(Ok(request.into())).await;
    drop(upgrade);
    let connection: IdbDatabase = match opened {
        Ok(connection) => connection.unchecked_into(),
        Err(_) if is_absent.get() && !makes => return Err(Missing::Absent),
        Err(failure) if failure.name == "VersionError" => return Err(Missing::Newer(version(&factory, name).await?)),
        Err(failure) => return Err(failure.into()),
    };
    let read = async |key: &str| -> Result<JsValue, Failure> {
        let store = connection.transaction_with_str(META)?.object_store(META)?;
        done(store.get(&key.into())).await
    };
    let (schema, client) = (read("schema").await?, read("client").await?);
    let client = client.as_string().and_then(|client| client.parse().ok());
    match (schema.as_string(), client) {
        (Some(schema), Some(client)) => Ok(Database { connection, schema, client, is_new: is_absent.get() }),
        _ => {
            connection.close();
            let message = "it does not say of which schema and client it is".to_owned();
            Err(Missing::Failed(Failure { name: "DataError".to_owned(), message }))
        }
    }
}

/// The version of a database that is newer than this library.
async fn version(factory: &IdbFactory, name: &str) -> Result<i64, Missing> {
    let connection: IdbDatabase = done(Ok(factory.open(name)?.into())).await?.unchecked_into();
    let version = connection.version();
    connection.close();
    Ok(version as i64)
}

/// What is written to a database that is made.
struct Contents {
    schema: String,
    client: String,
    events: Vec<JsValue>,
}

impl Contents {
    fn of(new: New<'_>) -> Result<Self, JsValue> {
        let encode = |event: &LoggedEvent| event_row::encode(event, event.slot().as_deref());
        let events = new.events.iter().map(encode).collect::<Result<_, _>>()?;
        Ok(Self { schema: new.schema.to_owned(), client: new.client.to_string(), events })
    }

    /// Inside the transaction that makes the database, so that it is made with all of it or not at all.
    fn write(self, request: &IdbOpenDbRequest) -> Result<(), JsValue> {
        let database: IdbDatabase = request.result()?.unchecked_into();
        let keyed = |path: &str| {
            let parameters = IdbObjectStoreParameters::new();
            parameters.set_key_path(&path.into());
            parameters
        };
        let unique = IdbIndexParameters::new();
        unique.set_unique(true);
        let events = database.create_object_store_with_optional_parameters(EVENTS, &keyed("sequence"))?;
        events.create_index_with_str_and_optional_parameters("id", "id", &unique)?;
        events.create_index_with_str_and_optional_parameters("slot", "slot", &unique)?;
        database.create_object_store_with_optional_parameters(IMAGES, &keyed("schema"))?;
        let meta = database.create_object_store(META)?;
        meta.put_with_key(&self.schema.into(), &"schema".into())?;
        meta.put_with_key(&self.client.into(), &"client".into())?;
        self.events.iter().try_for_each(|event| events.add(event).map(|_| ()))
    }
}

/// The names of the databases that there are.
pub(super) async fn names() -> Result<Vec<String>, Missing> {
    let factory = factory()?;
    // Not yet in the bindings.
    let databases = Reflect::get(&factory, &"databases".into())?.dyn_into::<Function>()?;
    let listed = JsFuture::from(Promise::from(databases.call0(&factory)?)).await?;
    let name = |database: JsValue| Reflect::get(&database, &"name".into()).ok()?.as_string();
    Ok(Array::from(&listed).iter().filter_map(name).collect())
}

/// Deletes a database. Whoever has it open is told to close it first.
pub(super) async fn delete(name: &str) -> Result<(), Missing> {
    done(Ok(factory()?.delete_database(name)?.into())).await?;
    Ok(())
}

/// Begins a transaction, whose changes are on the disk when it is over: Chromium's own choice would acknowledge what a power
/// loss takes.
pub(super) fn transaction(
    connection: &IdbDatabase,
    store: &str,
    mode: IdbTransactionMode,
) -> Result<IdbTransaction, JsValue> {
    // The bindings have no options yet.
    let begin = Reflect::get(connection, &"transaction".into())?.dyn_into::<Function>()?;
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    Ok(begin.call3(connection, &store.into(), &mode.into(), &options)?.unchecked_into())
}
