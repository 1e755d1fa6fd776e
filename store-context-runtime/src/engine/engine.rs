//! [`Engine`]: the session of an open store, and what its queries and commits have in common.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::adapter::footprint::ReadSet;
use crate::adapter::session::{EachRow, Reader, Session, SessionError};
use crate::error::StoreError;
use crate::host::host::Host;
use crate::host::inside::{self, Inside};
use crate::host::panics::panic_message;
use crate::host::usage::Usage;
use crate::id::StoreName;
use crate::phase::ShutdownCause;
use crate::row::cardinality::{Cardinality, Collector};
use crate::sql::statement::Statement;
use crate::{refuse, trace};

/// What an open store runs on. It stays in memory for those who have it still when the session is closed.
pub(crate) struct Engine {
    pub(crate) store: StoreName,
    pub(crate) session: Box<dyn Session>,
    pub(crate) host: Arc<Host>,
    pub(crate) usage: Arc<Usage>,
    /// Told when the engine cannot go on. It may be called inside a transaction.
    pub(crate) broke: Box<dyn Fn(StoreError) + Send + Sync>,
    /// Why the store was shut down, once it is.
    pub(crate) ended: Arc<OnceCell<ShutdownCause>>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("store", &self.store).finish_non_exhaustive()
    }
}

/// Why a transaction's body gave up.
pub(crate) enum Abort {
    /// Nothing is to be written, which is no failure.
    Unchanged,
    Failed(StoreError),
}

impl From<StoreError> for Abort {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl Engine {
    /// Runs user code inside a transaction. While it runs, no store can be used on this thread; a panic is an error.
    pub(crate) fn run_foreign<T>(&self, inside: Inside, code: impl FnOnce() -> Result<T, Abort>) -> Result<T, Abort> {
        let _entered = inside::enter(inside);
        catch_unwind(AssertUnwindSafe(code)).unwrap_or_else(|panic| {
            let (store, message) = (self.store.clone(), panic_message(&*panic));
            Err(Abort::Failed(StoreError::Panicked { store, what: inside.what(), message }))
        })
    }

    /// Makes everything committed so far survive power loss.
    pub(crate) fn flush(&self) {
        let store = self.store.clone();
        self.session.flush(Box::new(move |flushed| {
            if let Err(error) = flushed
                && !matches!(error, SessionError::InMemory | SessionError::Closed)
            {
                tracing::error!(%store, %error, "flushing a store failed");
            }
        }));
    }

    /// Runs one query on the last committed state.
    pub(crate) fn query<K: Cardinality>(&self, statement: &Statement) -> Result<K::Output, StoreError> {
        refuse::reentrant(&self.store, "a query")?;
        self.run::<K>(statement, |each| self.session.query(statement, each))
    }

    /// Runs one query on a given state.
    pub(crate) fn query_on<K: Cardinality>(
        &self,
        reader: &mut dyn Reader,
        statement: &Statement,
    ) -> Result<K::Output, StoreError> {
        self.run::<K>(statement, |each| reader.query(statement, each))
    }

    fn run<K: Cardinality>(
        &self,
        statement: &Statement,
        run: impl FnOnce(EachRow<'_>) -> Result<Arc<ReadSet>, SessionError>,
    ) -> Result<K::Output, StoreError> {
        let _span = trace::query(&self.store, statement.label(), &statement.sql).entered();
        let mut rows = Collector::<K>::new(statement.is_in_order(), statement.is_single());
        let entered = inside::enter(Inside::Decoding);
        let ran = run(&mut |cells| rows.take(cells));
        drop(entered);
        self.finish(statement, ran.map(|_| ()), rows)
    }

    pub(crate) fn finish<K: Cardinality>(
        &self,
        statement: &Statement,
        run: Result<(), SessionError>,
        rows: Collector<K>,
    ) -> Result<K::Output, StoreError> {
        run.map_err(|cause| {
            let sql = Arc::clone(&statement.sql);
            self.session_error(cause, |store, cause| StoreError::Query { store, sql, cause })
        })?;
        rows.finish().map_err(|cause| StoreError::Decode {
            store: self.store.clone(),
            sql: Arc::clone(&statement.sql),
            cause,
        })
    }

    pub(crate) fn shutdown_error(&self) -> StoreError {
        StoreError::shutdown(&self.store, &self.ended)
    }

    pub(crate) fn session_error(
        &self,
        cause: SessionError,
        wrap: impl FnOnce(StoreName, SessionError) -> StoreError,
    ) -> StoreError {
        if cause == SessionError::Closed {
            return self.shutdown_error();
        }
        self.looked_at(wrap(self.store.clone(), cause))
    }

    /// Ends the store where this is an error after which the engine cannot go on.
    pub(crate) fn looked_at(&self, error: StoreError) -> StoreError {
        if matches!(&error, StoreError::OutcomeUnknown { .. }) || error.session().is_some_and(SessionError::is_fatal) {
            // Here, and not where it is closed, which is elsewhere and later: whoever has the error may open it again.
            self.session.will_close();
            (self.broke)(error.clone());
        }
        error
    }

    pub(crate) fn commit_error(&self, cause: SessionError) -> StoreError {
        self.session_error(cause, |store, cause| match cause {
            SessionError::OutcomeUnknown { from, to, event, message } => {
                StoreError::OutcomeUnknown { store, from, to, event, message }
            }
            cause => StoreError::Commit { store, cause },
        })
    }
}
