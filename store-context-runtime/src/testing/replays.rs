//! Whether a replay of the log gives the same tables again.

use std::ops::ControlFlow;
use std::sync::Arc;

use futures::executor::block_on;

use crate::adapter::adapter::{Adapter, Replay, Replayed};
use crate::adapter::session::Verdict;
use crate::error::StoreError;
use crate::registry::provider::open;
use crate::schema::def::SchemaDef;
use crate::sql::statement::Statement;
use crate::sql::text::{identifier, identifiers};
use crate::store::context::StoreContext;
use crate::store::replay::Replayer;
use crate::store::store::Store;

/// Replays the log of a store twice, into fresh stores of the adapters that `fresh` makes, and compares all tables with
/// the store's own. They differ where a materializer reads more than its event, the transaction and `tx.meta()`.
///
/// # Panics
/// When a table differs, with its first rows that do; when a store cannot be read, opened or replayed.
#[track_caller]
pub fn assert_replays_alike<S: StoreContext, A: Adapter>(store: &Store<S>, fresh: impl Fn() -> A) {
    let own = dump(store).unwrap_or_else(|error| panic!("{error}"));
    for round in ["first", "second"] {
        let replayed = replayed(store, fresh()).unwrap_or_else(|error| panic!("the {round} replay failed: {error}"));
        for ((table, own), (_, replayed)) in own.iter().zip(&replayed) {
            let longest = own.len().max(replayed.len());
            if let Some(row) = (0..longest).find(|row| own.get(*row) != replayed.get(*row)) {
                let (own, replayed) = (own.get(row), replayed.get(row));
                panic!(
                    "store `{}`: the {round} replay gives another row {row} of `{table}`: {own:?} was {replayed:?}; \
                     a materializer may read only its event, the transaction and `tx.meta()`",
                    store.name()
                );
            }
        }
    }
}

type Tables = Vec<(&'static str, Vec<Vec<String>>)>;

fn replayed<S: StoreContext>(store: &Store<S>, adapter: impl Adapter) -> Result<Tables, String> {
    let events = store.events(..).map_err(|error| error.to_string())?;
    let fresh = block_on(open::<S>(adapter)).map_err(|error| error.to_string())?;
    let engine = &fresh.opened().map_err(|error| error.to_string())?.engine;
    let replayer = Replayer::<S>::new(store.name().clone(), Arc::default());
    let mut failed = None;
    let committed = engine.session.transaction(&mut |tx| {
        for event in &events {
            match replayer.apply(event, tx) {
                Ok(Replayed::Applied(_) | Replayed::Skipped(_)) => {}
                Err(message) => {
                    failed = Some(format!("event {}: {message}", event.meta.sequence));
                    return Verdict::Rollback;
                }
            }
        }
        Verdict::Commit
    });
    if let Some(failed) = failed {
        return Err(failed);
    }
    committed.map_err(|error| error.to_string())?;
    dump(&fresh).map_err(|error| error.to_string())
}

/// Every table's rows in the order of their keys, as text that differs when a value or its type does.
fn dump<S: StoreContext>(store: &Store<S>) -> Result<Tables, StoreError> {
    let engine = &store.opened()?.engine;
    let mut tables = Vec::new();
    for (table, key) in tables_of(S::SCHEMA) {
        let mut sql = String::from("SELECT * FROM ");
        identifier(&mut sql, table);
        sql.push_str(" ORDER BY ");
        identifiers(&mut sql, key.iter().copied());
        let mut rows = Vec::new();
        let statement = Statement::positional(sql, Vec::new());
        let read = engine.session.query(&statement, &mut |cells| {
            let cell = |index| format!("{} = {:?}", cells.name(index), cells.value(index));
            rows.push((0..cells.count()).map(cell).collect());
            ControlFlow::Continue(())
        });
        let sql = Arc::clone(&statement.sql);
        read.map_err(|cause| engine.session_error(cause, |store, cause| StoreError::Query { store, sql, cause }))?;
        tables.push((table, rows));
    }
    Ok(tables)
}

fn tables_of(schema: &'static SchemaDef) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let logged = schema.documents.iter().filter(|document| !document.session);
    let documents = logged.map(|document| (document.name, &["key"][..]));
    schema.tables.iter().map(|table| (table.name, table.primary_key)).chain(documents)
}
