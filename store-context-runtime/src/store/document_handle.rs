//! [`DocumentHandle`]: a client document, read and updated.

use std::fmt;
use std::marker::PhantomData;

use crate::adapter::footprint::WriteSet;
use crate::adapter::log::NewEvent;
use crate::adapter::session::Transaction;
use crate::engine::durable::Receipt;
use crate::engine::engine::{Abort, Engine};
use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::id::StoreName;
use crate::row::cardinality::Optional;
use crate::row::column::{Column, Operand};
use crate::row::json;
use crate::row::value::{SqlType, Value};
use crate::schema::document::{DOCUMENT_EVENT, Document, DocumentUpdated, Merged, fields};
use crate::sql::condition::{Condition, Gives, RowsOf, Types};
use crate::sql::filter::Operator;
use crate::sql::statement::Statement;
use crate::sql::text::identifier;
use crate::store::context::StoreContext;
use crate::store::document_change::DocumentChange;
use crate::store::query::BoundQuery;
use crate::store::store::Store;
use crate::store::watch::{OnChange, Watch};
use crate::store::watchable::Watchable;
use crate::tx::stored_document;

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
    key_type: SqlType,
    document: PhantomData<fn() -> T>,
}

impl<S: StoreContext, T> Clone for DocumentHandle<S, T> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), key: self.key.clone(), key_type: self.key_type, document: PhantomData }
    }
}

/// The same document of the same open store.
impl<S: StoreContext, T> PartialEq for DocumentHandle<S, T> {
    fn eq(&self, other: &Self) -> bool {
        self.store == other.store && self.key == other.key
    }
}

impl<S: StoreContext, T> Eq for DocumentHandle<S, T> {}

impl<S: StoreContext, T: Document> fmt::Debug for DocumentHandle<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentHandle").field("store", &self.store).field("document", &T::NAME).finish()
    }
}

/// What the accessors of `ClientDocument<T>` fields build. A function of its own, so that a type that is no document is
/// reported where it stands.
#[doc(hidden)]
#[must_use]
pub fn document_handle<S: StoreContext, T: Document>(store: &Store<S>) -> DocumentHandle<S, T> {
    DocumentHandle::new(store, Value::Text(String::new()), SqlType::Text)
}

/// What the accessors of `ClientDocument<T, K>` fields build.
#[doc(hidden)]
#[must_use]
pub fn keyed_document_handle<S: StoreContext, T: Document, K: Column>(
    store: &Store<S>,
    key: impl Operand<K>,
) -> DocumentHandle<S, T> {
    DocumentHandle::new(store, key.into_operand(), K::TYPE)
}

/// The stored form: changed fields, and fields taken away.
pub(crate) type Stored = Optional<(String, String)>;

impl<S: StoreContext, T: Document> DocumentHandle<S, T> {
    fn new(store: &Store<S>, key: Value, key_type: SqlType) -> Self {
        Self { store: store.clone(), key, key_type, document: PhantomData }
    }

    fn statement(&self) -> Statement {
        let mut sql = String::from("SELECT \"value\", \"unset\" FROM ");
        identifier(&mut sql, T::NAME);
        sql.push_str(" WHERE \"key\" = ?");
        let condition = Condition::Compare { column: "key", operator: Operator::Equal, value: 0 };
        let rows = RowsOf { table: T::NAME, types: Types::Key(self.key_type), condition, gives: Gives::Other };
        Statement::positional(sql, vec![self.key.clone()]).labelled(T::NAME).of_rows(Some(rows))
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
    /// Then nothing is kept. [`StoreError::OutcomeUnknown`] as from [`Store::commit`].
    pub fn update(&self, change: impl FnOnce(&mut T)) -> Result<Receipt, StoreError> {
        self.change(change).commit()
    }

    /// A change as [`update`](Self::update) makes it, for [`Store::commit_with`]: with events, or with changes of other
    /// documents, in one commit.
    pub fn change<'a>(&self, change: impl FnOnce(&mut T) + 'a) -> DocumentChange<'a, S>
    where
        T: 'a,
    {
        let handle = self.clone();
        DocumentChange::new(self.store.clone(), T::NAME, move |engine, tx, writes| {
            handle.write(engine, tx, writes, change)
        })
    }

    /// Replaces the document.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn set(&self, value: T) -> Result<Receipt, StoreError> {
        self.update(|document| *document = value)
    }

    /// Whether the document differs after.
    fn write(
        &self,
        engine: &Engine,
        tx: &mut dyn Transaction,
        writes: &mut WriteSet,
        change: impl FnOnce(&mut T),
    ) -> Result<bool, Abort> {
        let failed = |message| Abort::Failed(document_error::<T>(self.store.name(), message));
        let mut changes = stored_document::parse(engine.query_on::<Stored>(tx, &self.statement())?).map_err(failed)?;
        let mut document = changes.merge::<T>().map_err(failed)?.value;
        let before = fields(&document).map_err(failed)?;
        change(&mut document);
        let after = fields(&document).map_err(failed)?;
        if !changes.record(&before, &after) {
            return Ok(false);
        }
        let update =
            DocumentUpdated { document: T::NAME.to_owned(), key: stored_document::key_to_json(&self.key), changes };
        let json = json::encode(&update).map_err(|error| failed(error.to_string()))?;
        let read: DocumentUpdated = json::decode(&json).map_err(|error| failed(error.to_string()))?;
        read.changes.assert_read_as::<T>(&after).map_err(failed)?;
        if !T::SESSION {
            let slot = update.slot();
            let new = NewEvent::at(engine.host.clock.unix_ms(), DOCUMENT_EVENT, &json, Some(&slot));
            tx.append(new).map_err(|cause| engine.commit_error(cause))?;
        }
        stored_document::materialize(&update, T::NAME, tx, writes).map_err(|cause| engine.commit_error(cause))?;
        Ok(true)
    }

    /// The document, kept current. As [`BoundQuery::watch`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn watch(&self) -> Result<Watch<Result<T, StoreError>>, StoreError> {
        Watchable::watch(self)
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

impl<S: StoreContext, T: Document> Watchable<S> for DocumentHandle<S, T> {
    type Value = T;

    fn subscribe_from(&self, on_change: OnChange<T>) -> Result<(T, Subscription), StoreError> {
        let (stored, live) = self.query().subscribe_from(Box::new(self.merging(on_change)))?;
        Ok((self.merged(stored)?.value, live))
    }
}

fn merge_stored<T: Document>(store: &StoreName, stored: Option<(String, String)>) -> Result<Merged<T>, StoreError> {
    let merged = stored_document::parse(stored).and_then(|changes| changes.merge());
    merged.map_err(|message| document_error::<T>(store, message))
}

fn document_error<T: Document>(store: &StoreName, message: String) -> StoreError {
    StoreError::Document { store: store.clone(), document: T::NAME, message }
}
