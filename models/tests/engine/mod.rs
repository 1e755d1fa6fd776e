//! An engine that keeps a count, and a schema to go with it. Every query gives the count. Two openings of it at once fail the model.

pub mod spots;

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use shuttle::sync::Mutex;
use store_context_macros::{Event, Row, StoreContext};
use store_context_models::{
    Adapter, AdapterIdentity, BootReport, Cells, Committed, Done, EachRow, EventMeta, Executed, LoggedEvent,
    Materialize, MaterializeError, NewEvent, OpenError, OpenRequest, Opened, Persistence, ReadSet, Reader, Session,
    SessionError, Statement, Table, Transaction, Tx, Uuid, ValueRef, Verdict,
};

/// What the derives take for the facade.
pub mod facade {
    pub mod __private {
        pub use store_context_models::*;
    }
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
#[event(crate = crate::engine::facade)]
pub enum CounterEvent {
    Counted,
}

#[derive(Row, Clone)]
#[row(table = "counts", crate = crate::engine::facade)]
pub struct Count {
    #[row(primary_key)]
    pub id: i64,
}

#[derive(StoreContext)]
#[store(events = CounterEvent, crate = crate::engine::facade)]
pub struct Counter {
    pub counts: Table<Count>,
}

impl Materialize for Counter {
    fn materialize(_: CounterEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(tx.insert(Count { id: 0 })?)
    }
}

/// Clones are the same engine.
#[derive(Clone, Default)]
pub struct Engine {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    failures: u64,
    openings: u64,
    open: u64,
    kept: u64,
}

impl Engine {
    fn state(&self) -> shuttle::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn fail_next(&self, openings: u64) {
        self.state().failures = openings;
    }

    /// How many sessions are open.
    pub fn open(&self) -> u64 {
        self.state().open
    }

    pub fn openings(&self) -> u64 {
        self.state().openings
    }

    /// How many events are in the log.
    pub fn kept(&self) -> u64 {
        self.state().kept
    }
}

impl Adapter for Engine {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new("a count")
    }

    fn open(&self, _: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let engine = self.clone();
        async move {
            let mut state = engine.state();
            state.openings += 1;
            if state.failures > 0 {
                state.failures -= 1;
                return Err(OpenError::Session(SessionError::Other { message: "told to fail".to_owned() }));
            }
            assert_eq!(state.open, 0, "a generation opens only when the one before has closed");
            state.open += 1;
            drop(state);
            let session = Counting { engine, is_open: Mutex::new(true) };
            Ok(Opened {
                session: Box::new(session),
                report: BootReport::default(),
                persistence: Persistence::Persistent,
            })
        }
        .boxed()
    }
}

struct Counting {
    engine: Engine,
    /// Locked for the length of a transaction, as an engine's writer is.
    is_open: Mutex<bool>,
}

impl Session for Counting {
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError> {
        let is_open = self.is_open.lock().unwrap();
        if !*is_open {
            return Err(SessionError::Closed);
        }
        let mut appended = Appended(0);
        if body(&mut appended) == Verdict::Rollback {
            return Ok(None);
        }
        let mut state = self.engine.state();
        assert_eq!(state.open, 1, "only the open session commits");
        state.kept += appended.0;
        Ok(Some(Committed { sequence: state.kept, durable: false, flush_within: None, settlement: None }))
    }

    fn query(&self, _: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        if !*self.is_open.lock().unwrap() {
            return Err(SessionError::Closed);
        }
        let _ = each(&Counted(self.engine.kept()));
        let mut reads = ReadSet::default();
        reads.read("counts", "");
        Ok(Arc::new(reads))
    }

    fn snapshot(&self, _: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError> {
        Err(SessionError::Closed)
    }

    fn events(&self, _: u64, _: u64) -> Result<Vec<LoggedEvent>, SessionError> {
        Ok(Vec::new())
    }

    fn sequence(&self) -> u64 {
        self.engine.kept()
    }

    fn flush(&self, done: Done<u64>) {
        done(Ok(self.engine.kept()));
    }

    fn close(&self, done: Done<()>) {
        let mut is_open = self.is_open.lock().unwrap();
        if std::mem::replace(&mut *is_open, false) {
            self.engine.state().open -= 1;
        }
        drop(is_open);
        done(Ok(()));
    }
}

/// A row of the count.
struct Counted(u64);

impl Cells for Counted {
    fn count(&self) -> usize {
        1
    }

    fn name(&self, _: usize) -> &'static str {
        "count(*)"
    }

    fn value(&self, _: usize) -> ValueRef<'_> {
        ValueRef::Integer(self.0.cast_signed())
    }
}

/// How many events a transaction appended.
struct Appended(u64);

impl Reader for Appended {
    fn query(&mut self, _: &Statement, _: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        Err(SessionError::Closed)
    }
}

impl Transaction for Appended {
    fn append(&mut self, event: NewEvent<'_>) -> Result<EventMeta, SessionError> {
        self.0 += 1;
        let (client, session) = (Uuid::nil(), Uuid::nil());
        Ok(EventMeta { sequence: self.0, parent: 0, id: event.id, unix_ms: event.unix_ms, client, session })
    }

    fn execute(&mut self, _: &Statement) -> Result<Executed, SessionError> {
        Ok(Executed { rows: 1, changed: true, writes: Arc::default() })
    }
}
