//! [`Select`]: the typed builder on a table.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::row::cardinality::{Many, One, Optional};
use crate::row::changes::Changes;
use crate::row::row::{HasTable, TableOf, TableRow};
use crate::row::rows::Rows;
use crate::sql::filter::{IntoFilter, IntoOrders};
use crate::sql::key::IntoKey;
use crate::sql::plan::Plan;
use crate::store::context::StoreContext;
use crate::store::query::{AsQuery, BoundQuery};
use crate::store::store::Store;
use crate::store::watch::{OnChange, Watch};
use crate::store::watchable::Watchable;

/// Rows of one table, chosen and ordered.
///
/// Without [`order_by`](Self::order_by) the order is SQLite's own and may change.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> {
/// # let store = example();
/// let big = store
///     .issues()
///     .filter(|i| i.status.eq(Status::Todo) & !i.points.lt(3))
///     .order_by(|i| [i.points.desc(), i.title.asc()])
///     .limit(20)
///     .get()?;
/// assert_eq!(big[0].title, "First");
/// assert_eq!(store.issues().count().get()?, 1);
/// # Ok(()) }
/// ```
#[must_use = "a select does nothing until `get`, `subscribe` or another of its last methods"]
pub struct Select<S: StoreContext, R> {
    store: Store<S>,
    plan: Plan,
    row: PhantomData<fn() -> R>,
}

impl<S: StoreContext, R> Clone for Select<S, R> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), plan: self.plan.clone(), row: PhantomData }
    }
}

/// The same open store, table, filters, order and window.
impl<S: StoreContext, R> PartialEq for Select<S, R> {
    fn eq(&self, other: &Self) -> bool {
        self.store == other.store && self.plan == other.plan
    }
}

impl<S: StoreContext, R: TableOf<S>> AsQuery<S> for Select<S, R> {
    type Kind = Many<R>;
    fn as_query(&self) -> Cow<'_, BoundQuery<S, Many<R>>> {
        Cow::Owned(self.clone().query())
    }
}

impl<S: StoreContext, R> fmt::Debug for Select<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Select").field("store", self.store.name()).field("plan", &self.plan).finish()
    }
}

impl<S: StoreContext + HasTable<R>, R> Select<S, R> {
    /// What the accessors of `Table<..>` fields build.
    #[doc(hidden)]
    pub fn from_accessor(store: &Store<S>) -> Self {
        Self { store: store.clone(), plan: Plan::of(&S::TABLE), row: PhantomData }
    }
}

impl<S: StoreContext, R: TableOf<S>> Select<S, R> {
    pub(crate) fn of(store: &Store<S>) -> Self {
        Self { store: store.clone(), plan: Plan::of(&<R as TableRow>::TABLE), row: PhantomData }
    }

    /// Keeps the rows that the condition holds for; several filters must all hold.
    pub fn filter<F: IntoFilter<R>>(mut self, condition: impl FnOnce(R::Columns) -> F) -> Self {
        self.plan.filter(condition(R::COLUMNS).into_filter());
        self
    }

    /// Orders by one column or an array of them, the first first; a further call adds columns after these.
    pub fn order_by<O: IntoOrders<R>>(mut self, orders: impl FnOnce(R::Columns) -> O) -> Self {
        self.plan.order_by(orders(R::COLUMNS));
        self
    }

    /// At most this many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.plan.limit(rows);
        self
    }

    /// Leaves out this many rows at the start.
    pub fn offset(mut self, rows: u64) -> Self {
        self.plan.offset(rows);
        self
    }

    /// The query as it stands, for [`Snapshot::get`](crate::Snapshot::get) or to keep.
    pub fn query(self) -> BoundQuery<S, Many<R>> {
        let statement = self.plan.select();
        BoundQuery::new(self.store, statement)
    }

    /// The row with this primary key.
    pub fn by_key<K: IntoKey<R::Key>>(mut self, key: K) -> BoundQuery<S, Optional<R>> {
        self.plan.by_key(<R as TableRow>::TABLE.primary_key, key.into_key());
        let statement = self.plan.select();
        BoundQuery::new(self.store, statement)
    }

    /// The first row, if there is one.
    pub fn first(mut self) -> BoundQuery<S, Optional<R>> {
        self.plan.limit(1);
        let statement = self.plan.select();
        BoundQuery::new(self.store, statement)
    }

    /// How many rows there are.
    pub fn count(self) -> BoundQuery<S, One<i64>> {
        let statement = self.plan.count();
        BoundQuery::new(self.store, statement)
    }

    /// Whether there is a row.
    pub fn exists(self) -> BoundQuery<S, One<bool>> {
        let statement = self.plan.exists();
        BoundQuery::new(self.store, statement)
    }

    /// The rows as of the last commit.
    ///
    /// # Errors
    /// As [`BoundQuery::get`].
    pub fn get(self) -> Result<Rows<R>, StoreError> {
        self.query().get()
    }

    /// As [`BoundQuery::watch`].
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn watch(&self) -> Result<Watch<Result<Rows<R>, StoreError>>, StoreError> {
        Watchable::watch(self)
    }

    /// As [`BoundQuery::subscribe`].
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe(
        self,
        on_change: impl FnMut(Result<Rows<R>, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.query().subscribe(on_change)
    }

    /// As [`BoundQuery::subscribe_now`].
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe_now(
        self,
        on_change: impl FnMut(Result<Rows<R>, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.query().subscribe_now(on_change)
    }

    /// As [`BoundQuery::subscribe_changes`].
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe_changes(
        self,
        on_change: impl FnMut(Result<Changes<R>, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.query().subscribe_changes(on_change)
    }
}

impl<S: StoreContext, R: TableOf<S>> Watchable<S> for Select<S, R> {
    type Value = Rows<R>;

    fn subscribe_from(&self, on_change: OnChange<Rows<R>>) -> Result<(Rows<R>, Subscription), StoreError> {
        self.clone().query().subscribe_from(on_change)
    }
}
