//! [`BoundQuery`]: a query with its values, ready to read or to subscribe to.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::adapter::session::SessionError;
use crate::engine::live::query::Callback;
use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::refuse;
use crate::row::cardinality::{Cardinality, Many};
use crate::row::changes::{Changes, differences};
use crate::row::row::{Row, TableRow};
use crate::row::rows::Rows;
use crate::row::table::TableDef;
use crate::schema::checked::{BoundColumn, Comparison, Dependency};
use crate::schema::def::SchemaDef;
use crate::sql::condition::{Condition, Gives, RowsOf, Types};
use crate::sql::filter::Operator;
use crate::sql::statement::Statement;
use crate::store::context::StoreContext;
use crate::store::results::Results;
use crate::store::store::Store;
use crate::store::watch::{OnChange, Watch};
use crate::store::watchable::Watchable;

/// A query of the store `S` with its values. `K` says how many rows of which type it gives.
///
/// Two bound queries with the same statement, the same values of the same types and the same row type are one live
/// query: it runs once for all its subscribers. A bound query is a holder of its store.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> {
/// # let store = example();
/// let total = store.total();
/// assert_eq!(total.get()?, 1);
/// let live = total.subscribe(|total| println!("now {total:?}"))?;
/// store.commit(ProjectEvent::IssueCreated { id: "2".into(), title: "Second".into() })?;
/// assert_eq!(total.get()?, 2);
/// # drop(live);
/// # Ok(()) }
/// ```
pub struct BoundQuery<S: StoreContext, K> {
    store: Store<S>,
    statement: Result<Statement, String>,
    kind: PhantomData<fn() -> K>,
}

/// What [`Snapshot::get`](crate::Snapshot::get) reads: a query, or the rows of a table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query of the store `{S}`",
    label = "expected a query or a table of `{S}`, such as `&store.issues()`",
    note = "a client document is read with `.document(..)`"
)]
pub trait AsQuery<S: StoreContext> {
    /// How many rows of which type it gives.
    type Kind: Cardinality;
    /// The query.
    #[doc(hidden)]
    fn as_query(&self) -> Cow<'_, BoundQuery<S, Self::Kind>>;
}

impl<S: StoreContext, K: Cardinality> AsQuery<S> for BoundQuery<S, K> {
    type Kind = K;
    fn as_query(&self) -> Cow<'_, Self> {
        Cow::Borrowed(self)
    }
}

impl<S: StoreContext, K> Clone for BoundQuery<S, K> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), statement: self.statement.clone(), kind: PhantomData }
    }
}

/// The same open store, statement and values, values by type.
impl<S: StoreContext, K> PartialEq for BoundQuery<S, K> {
    fn eq(&self, other: &Self) -> bool {
        self.store == other.store && self.statement == other.statement
    }
}

impl<S: StoreContext, K> Eq for BoundQuery<S, K> {}

impl<S: StoreContext, K> fmt::Debug for BoundQuery<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundQuery").field("store", self.store.name()).field("statement", &self.statement).finish()
    }
}

impl<S: StoreContext, K> BoundQuery<S, K> {
    pub(crate) fn new(store: Store<S>, statement: Result<Statement, String>) -> Self {
        Self { store, statement, kind: PhantomData }
    }

    /// What the accessors of `#[query(..)]` fields build.
    #[doc(hidden)]
    #[must_use]
    pub fn from_accessor(store: &Store<S>, field: &'static str, statement: Statement) -> Self {
        Self::new(store.clone(), Ok(statement.labelled(field)))
    }

    /// What spans, snapshots and warnings call the query, in place of the accessor that it comes from.
    ///
    /// Two bound queries that differ in their labels alone are one live query, which has the label of the first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// let _live = store.by_status(Status::Todo, 20).label("the left column").subscribe(|_| {})?;
    /// # Ok(()) }
    /// ```
    pub fn label(mut self, label: &'static str) -> Self {
        self.statement = self.statement.map(|statement| statement.labelled(label));
        self
    }
}

impl<S: StoreContext, K: Cardinality> BoundQuery<S, K> {
    pub(crate) fn store(&self) -> &Store<S> {
        &self.store
    }

    pub(crate) fn statement(&self) -> Result<&Statement, StoreError> {
        self.statement.as_ref().map_err(|message| StoreError::Query {
            store: self.store.name().clone(),
            sql: "none: a filter has no SQL form".into(),
            cause: SessionError::Parameter { message: message.clone() },
        })
    }

    /// The result as of the last commit.
    ///
    /// # Errors
    /// When the statement fails, the result does not fit the declared type, or the caller is inside a materializer,
    /// an `update` closure or a `read` closure.
    pub fn get(&self) -> Result<K::Output, StoreError> {
        let statement = self.statement()?;
        let opened = self.store.opened()?;
        refuse::reentrant(&opened.engine.store, "a query")?;
        match opened.live.cached::<K>(statement) {
            Some(result) => Ok(result),
            None => opened.engine.query::<K>(statement),
        }
    }

    /// The result, kept current until the store ends: the last value is [`StoreError::Shutdown`] then.
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn watch(&self) -> Result<Watch<Result<K::Output, StoreError>>, StoreError> {
        Watchable::watch(self)
    }

    /// The present result, then each that differs, as a stream that ends with the store.
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn results(&self) -> Result<Results<K>, StoreError> {
        self.watch().map(Results::new)
    }

    /// Calls `on_change` whenever a commit has changed the result; not now, and not for commits that leave it as it is.
    ///
    /// The call is made after the commit, with no lock held, on the committing thread, or on the thread that makes such
    /// calls already. It may commit itself: the round that this causes runs after the present one. Of several commits in
    /// quick succession only the last state may be told. Different queries are told in the order of their first
    /// subscription. A subscriber that panics is removed.
    ///
    /// When the store ends, because it was shut down, was not held for its cache time, or its engine broke, the last call
    /// gives [`StoreError::Shutdown`] with the cause, and the subscriber is dropped. That call may not wait for a store.
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe(
        &self,
        on_change: impl FnMut(Result<K::Output, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.subscribe_to(callback::<K>(on_change), false).map(|(_, live)| live)
    }

    /// As [`subscribe`](Self::subscribe), and calls `on_change` with the present result first.
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe_now(
        &self,
        on_change: impl FnMut(Result<K::Output, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        self.subscribe_to(callback::<K>(on_change), true).map(|(_, live)| live)
    }

    fn subscribe_to(&self, on_change: Callback<K>, now: bool) -> Result<(K::Output, Subscription), StoreError> {
        let statement = self.statement()?;
        let rows = || match statement.rows() {
            Some(rows) => vec![rows.clone()],
            None => rows_of_query(S::SCHEMA, &statement.sql),
        };
        self.store.opened()?.live.subscribe::<K>(statement, rows, on_change, now)
    }
}

impl<S: StoreContext, R: Row + TableRow> BoundQuery<S, Many<R>> {
    /// Calls `on_change` with what differs in the list, as [`subscribe_now`](BoundQuery::subscribe_now) does with the whole
    /// of it: for a user interface that has an element for each row. It begins with an empty list, so the first call
    /// inserts the rows that there are.
    ///
    /// Rows are known by their primary key. A row that occurs twice in a list, as a join may give it, is told apart by how
    /// often it came before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// use store_context::query::Change;
    ///
    /// # fn main() -> Result<(), StoreError> {
    /// # let store = example();
    /// let issues = store.issues().order_by(|issue| issue.title.asc());
    /// let _live = issues.subscribe_changes(|changes| {
    ///     let Ok(changes) = changes else { return };
    ///     for change in changes.changes {
    ///         match change {
    ///             Change::Inserted { index, row } => println!("{index}: {}", row.title),
    ///             other => println!("{other:?}"),
    ///         }
    ///     }
    /// })?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the query cannot run.
    pub fn subscribe_changes(
        &self,
        mut on_change: impl FnMut(Result<Changes<R>, StoreError>) + Send + 'static,
    ) -> Result<Subscription, StoreError> {
        let mut before = Rows::default();
        let told: Callback<Many<R>> = Box::new(move |rows, known| match rows {
            Ok(rows) => {
                let changes = known.map_or_else(|| differences(&before, &rows), |known| known.to_vec());
                before = rows.clone();
                if !changes.is_empty() {
                    on_change(Ok(Changes { rows, changes }));
                }
            }
            Err(error) => on_change(Err(error)),
        });
        self.subscribe_to(told, true).map(|(_, live)| live)
    }
}

/// For whom the result alone is enough.
fn callback<K: Cardinality>(mut on_change: impl FnMut(Result<K::Output, StoreError>) + Send + 'static) -> Callback<K> {
    Box::new(move |result, _| on_change(result))
}

/// The rows that can matter to a `#[query(..)]`, of the tables of which not all can, as the compiler found them.
fn rows_of_query(schema: &SchemaDef, sql: &str) -> Vec<RowsOf> {
    let query = schema.queries.iter().find(|query| query.sql == sql);
    let read = query.and_then(|query| query.dependencies?.of(schema.tables, schema.documents)).unwrap_or_default();
    let of_table = |table: &'static TableDef| {
        let mut mentions = read.iter().filter(|dependency| dependency.table == table.name).peekable();
        mentions.peek()?;
        // A row matters where one of the mentions of its table may have it.
        let condition = Condition::Any(mentions.map(|mention| Condition::All(bounds(mention))).collect());
        let types = Types::Columns(table.columns);
        Some(RowsOf { table: table.name, types, condition: condition.simple(), gives: Gives::Other })
    };
    schema.tables.iter().filter_map(of_table).filter(|rows| !rows.asked().is_empty()).collect()
}

fn bounds(dependency: &Dependency) -> Vec<Condition> {
    let compare = |bound: &BoundColumn| Condition::Compare {
        column: bound.column,
        operator: match bound.comparison {
            Comparison::Equal => Operator::Equal,
            Comparison::Less => Operator::Less,
            Comparison::LessOrEqual => Operator::LessOrEqual,
            Comparison::Greater => Operator::Greater,
            Comparison::GreaterOrEqual => Operator::GreaterOrEqual,
        },
        value: bound.parameter,
    };
    dependency.bounds.iter().map(compare).collect()
}

impl<S: StoreContext, K: Cardinality> Watchable<S> for BoundQuery<S, K> {
    type Value = K::Output;

    fn subscribe_from(&self, on_change: OnChange<K::Output>) -> Result<(K::Output, Subscription), StoreError> {
        self.subscribe_to(callback::<K>(on_change), false)
    }
}
