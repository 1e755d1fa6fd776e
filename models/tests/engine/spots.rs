//! An engine that keeps one table of two columns as a map, and tells the rows that a transaction writes. It is read while
//! another thread commits, as a file is.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use shuttle::sync::Mutex;
use store_context_macros::{Event, Row, StoreContext};
use store_context_models::{
    Adapter, AdapterIdentity, BootReport, Cells, Committed, Done, EachRow, EventMeta, Executed, LoggedEvent,
    Materialize, MaterializeError, NewEvent, OpenError, OpenRequest, Opened, Persistence, ReadSet, Reader, RowChange,
    Session, SessionError, Statement, Table, TableChanges, Transaction, Tx, Uuid, Value, ValueRef, Verdict,
    WatchedTable, WriteSet,
};

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
#[event(crate = crate::engine::facade)]
pub enum SpotEvent {
    Placed { id: i64, place: i64 },
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "spots", crate = crate::engine::facade)]
pub struct Spot {
    #[row(primary_key)]
    pub id: i64,
    pub place: i64,
}

#[derive(StoreContext)]
#[store(events = SpotEvent, crate = crate::engine::facade)]
pub struct Spots {
    pub spots: Table<Spot>,
}

impl Materialize for Spots {
    fn materialize(SpotEvent::Placed { id, place }: SpotEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(tx.insert_or_replace(Spot { id, place })?)
    }
}

type Rows = BTreeMap<i64, i64>;

/// Clones are the same engine.
#[derive(Clone, Default)]
pub struct Map {
    /// As each commit left them.
    states: Arc<Mutex<Vec<Rows>>>,
}

impl Map {
    fn rows(&self) -> Rows {
        self.states.lock().unwrap().last().cloned().unwrap_or_default()
    }

    /// The rows that have a place, in its order, after each commit.
    pub fn lists(&self) -> Vec<Vec<Spot>> {
        self.states.lock().unwrap().iter().map(list).collect()
    }
}

fn list(rows: &Rows) -> Vec<Spot> {
    let mut list: Vec<_> = rows.iter().filter(|row| *row.1 > 0).map(|(&id, &place)| Spot { id, place }).collect();
    list.sort_by_key(|spot| (spot.place, spot.id));
    list
}

impl Adapter for Map {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new("a map")
    }

    fn open(&self, _: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let session = Mapped { map: self.clone(), writer: Mutex::new(()), watched: Mutex::default() };
        async move {
            Ok(Opened {
                session: Box::new(session),
                report: BootReport::default(),
                persistence: Persistence::Persistent,
            })
        }
        .boxed()
    }
}

struct Mapped {
    map: Map,
    writer: Mutex<()>,
    watched: Mutex<(u64, Vec<Arc<WatchedTable>>)>,
}

impl Session for Mapped {
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError> {
        let _writes = self.writer.lock().unwrap();
        let watched = self.watched.lock().unwrap().1.first().cloned();
        let mut placing = Placing { rows: self.map.rows(), watched, changes: Vec::new() };
        if body(&mut placing) == Verdict::Rollback {
            return Ok(None);
        }
        self.map.states.lock().unwrap().push(placing.rows);
        Ok(Some(Committed { sequence: 1, durable: false, flush_within: None, settlement: None }))
    }

    fn query(&self, _: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        for spot in list(&self.map.rows()) {
            let _ = each(&Columns([spot.id, spot.place]));
        }
        let mut reads = ReadSet::default();
        reads.read_whole("spots");
        Ok(Arc::new(reads))
    }

    fn snapshot(&self, _: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError> {
        Err(SessionError::Closed)
    }

    fn events(&self, _: u64, _: u64) -> Result<Vec<LoggedEvent>, SessionError> {
        Ok(Vec::new())
    }

    fn sequence(&self) -> u64 {
        1
    }

    fn watch(&self, version: u64, tables: Vec<Arc<WatchedTable>>) {
        let mut watched = self.watched.lock().unwrap();
        if version > watched.0 {
            *watched = (version, tables);
        }
    }

    fn flush(&self, done: Done<u64>) {
        done(Ok(1));
    }

    fn close(&self, done: Done<()>) {
        done(Ok(()));
    }
}

struct Columns([i64; 2]);

const NAMES: [&str; 2] = ["id", "place"];

impl Cells for Columns {
    fn count(&self) -> usize {
        2
    }

    fn name(&self, index: usize) -> &'static str {
        NAMES[index]
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        ValueRef::Integer(self.0[index])
    }
}

/// A running transaction.
struct Placing {
    rows: Rows,
    watched: Option<Arc<WatchedTable>>,
    changes: Vec<RowChange>,
}

impl Reader for Placing {
    fn query(&mut self, _: &Statement, _: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        Err(SessionError::Closed)
    }
}

impl Transaction for Placing {
    fn append(&mut self, event: NewEvent<'_>) -> Result<EventMeta, SessionError> {
        let (client, session) = (Uuid::nil(), Uuid::nil());
        Ok(EventMeta { sequence: 1, parent: 0, id: event.id, unix_ms: event.unix_ms, client, session })
    }

    /// Every statement is an insert that replaces.
    fn execute(&mut self, statement: &Statement) -> Result<Executed, SessionError> {
        let [Value::Integer(id), Value::Integer(place)] = statement.values[..] else { panic!("{statement:?}") };
        let before = self.rows.insert(id, place);
        if let Some(watched) = &self.watched {
            let state = |place: i64| {
                let value = |column: &&str| Value::Integer(if *column == "id" { id } else { place });
                watched.columns.iter().map(value).collect()
            };
            self.changes.push(RowChange { before: before.map(state), after: Some(state(place)) });
        }
        let mut writes = WriteSet::default();
        writes.rows("spots");
        Ok(Executed { rows: 1, changed: true, writes: Arc::new(writes) })
    }

    fn changes(&mut self) -> Vec<TableChanges> {
        let rows = std::mem::take(&mut self.changes);
        let of_table = |watched| TableChanges { watched, rows, some_undone: false };
        self.watched.clone().map(of_table).into_iter().collect()
    }
}
