//! [`DocumentHandle`]: a client document, read and updated.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value as Json;

use crate::core::{Abort, Core};
use crate::document::{Changes, DOCUMENT_EVENT, Document, DocumentUpdated, Merged, fields};
use crate::error::StoreError;
use crate::footprint::WriteSet;
use crate::id::StoreName;
use crate::live_query::Subscription;
use crate::query::BoundQuery;
use crate::receipt::Receipt;
use crate::reentrancy::Inside;
use crate::result::Optional;
use crate::schema::StoreContext;
use crate::session::{NewEvent, SessionError, Transaction};
use crate::sql::identifier;
use crate::statement::Statement;
use crate::store::{Store, commit_error};
use crate::value::{SqlType, Value};

/// A client document of the store `S`: state of this client alone, such as what a view filters or a draft says.
///
/// Reading never writes: fields that were never changed come from `T::default()`, as the program has it today.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> {
/// # let store = example();
/// store.view().update(|view| view.draft = "Next".into())?;
/// assert_eq!(store.view().get()?.draft, "Next");
/// store.drafts("1").update(|draft| draft.text.push('x'))?; // one document for each key
/// # Ok(()) }
/// ```
pub struct DocumentHandle<S: StoreContext, T> {
    store: Store<S>,
    key: Value,
    document: PhantomData<fn() -> T>,
}

impl<S: StoreContext, T> Clone for DocumentHandle<S, T> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), key: self.key.clone(), document: PhantomData }
    }
}

impl<S: StoreContext, T: Document> fmt::Debug for DocumentHandle<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentHandle").field("store", &self.store).field("document", &T::NAME).finish()
    }
}

/// The stored form: changed fields, and fields taken away.
pub(crate) type Stored = Optional<(String, String)>;

impl<S: StoreContext, T: Document> DocumentHandle<S, T> {
    pub(crate) fn new(store: Store<S>, key: Value) -> Self {
        Self { store, key, document: PhantomData }
    }

    fn statement(&self) -> Statement {
        let mut sql = String::from("SELECT \"value\", \"unset\" FROM ");
        identifier(&mut sql, T::NAME);
        sql.push_str(" WHERE \"key\" = ?");
        Statement::positional(sql, vec![self.key.clone()])
    }

    pub(crate) fn query(&self) -> BoundQuery<S, Stored> {
        BoundQuery::new(self.store.clone(), Ok(self.statement()))
    }

    pub(crate) fn merged(&self, stored: Option<(String, String)>) -> Result<Merged<T>, StoreError> {
        merge_stored(self.store.name(), stored)
    }

    /// The document as of the last commit.
    ///
    /// # Errors
    /// When the store cannot be read, or the caller is inside a materializer, an `update` closure or a `read` closure.
    pub fn get(&self) -> Result<T, StoreError> {
        let merged = self.merged(self.query().get()?)?;
        if !merged.dropped.is_empty() {
            tracing::warn!(store = %self.store.name(), document = T::NAME, fields = ?merged.dropped, "stored fields that the document has no room for are left out");
        }
        Ok(merged.value)
    }

    /// The stored fields that today's type has no room for: unknown ones, and ones of another type. They stay stored.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn dropped_fields(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.merged(self.query().get()?)?.dropped)
    }

    /// Changes the document: reads it, runs `change`, and commits the fields that differ, as one step.
    ///
    /// An update that changes nothing commits nothing.
    ///
    /// # Errors
    /// When the engine refuses, `change` panics, or the caller is inside a materializer or another closure of a store.
    /// Then nothing is kept.
    pub fn update(&self, change: impl FnOnce(&mut T)) -> Result<Receipt, StoreError> {
        let core = self.store.core()?;
        core.write("an update of a client document", Inside::UpdateClosure, |tx, writes| {
            self.update_in(core, tx, writes, change)
        })
    }

    /// Replaces the document.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn set(&self, value: T) -> Result<Receipt, StoreError> {
        self.update(|document| *document = value)
    }

    fn update_in(
        &self,
        core: &Core,
        tx: &mut dyn Transaction,
        writes: &mut WriteSet,
        change: impl FnOnce(&mut T),
    ) -> Result<(), Abort> {
        let failed = |message| Abort::Failed(document_error::<T>(self.store.name(), message));
        let mut changes = parse_stored(core.query_on::<Stored>(tx, &self.statement())?).map_err(failed)?;
        let mut document = changes.merge::<T>().map_err(failed)?.value;
        let before = fields(&document).map_err(failed)?;
        change(&mut document);
        if !changes.record(&before, &fields(&document).map_err(failed)?) {
            return Err(Abort::Unchanged);
        }
        let update = DocumentUpdated { document: T::NAME.to_owned(), key: key_to_json(&self.key), changes };
        let json = serde_json::to_string(&update).map_err(|error| failed(error.to_string()))?;
        let slot = format!("{}:{}", T::NAME, update.key);
        let new = NewEvent::at(core.host.clock.unix_ms(), DOCUMENT_EVENT, &json, Some(&slot));
        tx.append(new).map_err(|cause| commit_error(core, cause))?;
        materialize(&update, T::NAME, tx, writes).map_err(|cause| commit_error(core, cause))?;
        Ok(())
    }

    /// Calls `on_change` whenever the document changed. As [`BoundQuery::subscribe`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn subscribe(
        &self,
        on_change: impl FnMut(Result<T, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.query().subscribe(self.merging(on_change))
    }

    /// As [`subscribe`](Self::subscribe), and calls `on_change` with the present document first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn subscribe_now(
        &self,
        on_change: impl FnMut(Result<T, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.query().subscribe_now(self.merging(on_change))
    }

    fn merging(
        &self,
        mut on_change: impl FnMut(Result<T, StoreError>) + Send + 'static,
    ) -> impl FnMut(Result<Option<(String, String)>, StoreError>) + Send + 'static {
        // Neither a holder nor a way to one: it would close the store where it is dropped.
        let name = self.store.name().clone();
        move |stored| on_change(stored.and_then(|stored| Ok(merge_stored::<T>(&name, stored)?.value)))
    }
}

fn parse_stored(stored: Option<(String, String)>) -> Result<Changes, String> {
    let Some((set, unset)) = stored else { return Ok(Changes::default()) };
    let parsed = serde_json::from_str(&set).and_then(|set| Ok(Changes { set, unset: serde_json::from_str(&unset)? }));
    parsed.map_err(|error| format!("the stored form is damaged: {error}"))
}

fn merge_stored<T: Document>(store: &StoreName, stored: Option<(String, String)>) -> Result<Merged<T>, StoreError> {
    let merged = parse_stored(stored).and_then(|changes| changes.merge());
    merged.map_err(|message| document_error::<T>(store, message))
}

fn document_error<T: Document>(store: &StoreName, message: String) -> StoreError {
    StoreError::Document { store: store.clone(), document: T::NAME, message }
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
    let set = Json::Object(update.changes.set.clone()).to_string();
    let unset = Json::from_iter(update.changes.unset.iter().cloned()).to_string();
    tx.execute(&Statement::positional(sql, vec![key_from_json(&update.key), Value::Text(set), Value::Text(unset)]))?;
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
fn key_to_json(key: &Value) -> Json {
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
