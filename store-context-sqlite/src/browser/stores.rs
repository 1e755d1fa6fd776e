//! The stores of an application that are in the browser, open or not: list, ask, delete, import.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::PathBuf;

use foldhash::{HashMap, HashSet};
use store_context_runtime::{LoggedEvent, StoreContext, StoreId, StoreKey, StoreName, Uuid};

use crate::browser::database::{self, Missing, New};
use crate::browser::logs::{BrowserLogs, open_error};
use crate::settings::Place;
use crate::sqlite::Sqlite;
use crate::stores_error::StoresError;

impl Sqlite {
    fn logs(&self) -> Result<&BrowserLogs, StoresError> {
        match &self.place {
            Place::Browser(logs) => Ok(logs),
            _ => Err(StoresError::InMemory),
        }
    }

    /// The ids of the stores of a schema that the browser has of this application, sorted.
    ///
    /// # Errors
    /// When the browser has no storage for this page.
    pub async fn stores<S: StoreContext>(&self) -> Result<Vec<StoreId>, StoresError> {
        let prefix = self.logs()?.database(&StoreName { schema: S::SCHEMA.name, id: StoreId::default() });
        let prefix = prefix.strip_suffix(StoreId::default().as_str()).unwrap_or(&prefix);
        let names = database::names().await.map_err(|missing| StoresError::Io {
            path: PathBuf::from(prefix),
            message: open_error(prefix.to_owned(), missing).to_string(),
        })?;
        let id = |name: &String| name.strip_prefix(prefix)?.parse::<StoreId>().ok();
        let mut ids: Vec<_> = names.iter().filter_map(id).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Whether the browser has this store.
    ///
    /// # Errors
    /// When the browser has no storage for this page.
    pub async fn has<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<bool, StoresError> {
        Ok(self.stores::<S>().await?.contains(&key.name().id))
    }

    /// Deletes a store. One that is open, in this tab or another, ends first.
    ///
    /// # Errors
    /// When there is no such store, or the browser does not delete it.
    pub async fn delete<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<(), StoresError> {
        let name = self.logs()?.database(&key.name());
        if !self.has(key).await? {
            return Err(StoresError::NotFound { store: key.name(), directory: name.into() });
        }
        database::delete(&name).await.map_err(|missing| opened(key, name, missing))
    }

    /// Makes a store of the log that `Store::export` wrote: opening it materializes the events. Returns how many there are.
    ///
    /// # Errors
    /// When the store is there already, or a line is not an event. Events that the schema does not know are kept, as ever.
    pub async fn import<S: StoreContext>(&self, key: &StoreKey<S>, from: impl BufRead) -> Result<u64, StoresError> {
        let name = self.logs()?.database(&key.name());
        let (count, events) = read_lines(from)?;
        // Said before it is tried: a database that is there would be opened.
        if self.has(key).await? {
            return Err(StoresError::Exists { path: name.into() });
        }
        let now = uuid::Timestamp::from_unix(uuid::NoContext, (js_sys::Date::now() / 1000.0) as u64, 0);
        let new = New { schema: S::SCHEMA.name, client: Uuid::new_v7(now), events };
        let made = database::open(&name, Some(new)).await.map_err(|missing| opened(key, name.clone(), missing))?;
        made.connection.close();
        // Somebody may have made it meanwhile.
        if made.is_new { Ok(count) } else { Err(StoresError::Exists { path: name.into() }) }
    }
}

/// The events of an exported log, and how many lines it has.
fn read_lines(from: impl BufRead) -> Result<(u64, Vec<LoggedEvent>), StoresError> {
    let (mut events, mut ids, mut slots) = (BTreeMap::new(), HashSet::default(), HashMap::default());
    let mut count = 0;
    for line in from.lines() {
        count += 1;
        let wrong = |message: String| StoresError::Line { line: count, message };
        let event = LoggedEvent::from_line(&line.map_err(|error| wrong(error.to_string()))?).map_err(wrong)?;
        let sequence = event.meta.sequence;
        // As the log of a file has it: of a slot the latest.
        if let Some(older) = event.slot().and_then(|slot| slots.insert(slot, sequence)) {
            events.remove(&older);
        }
        if !ids.insert(event.meta.id) || events.insert(sequence, event).is_some() {
            return Err(wrong(format!("the event {sequence}, or one of its id, was there already")));
        }
    }
    Ok((count, events.into_values().collect()))
}

fn opened<S: StoreContext>(key: &StoreKey<S>, name: String, missing: Missing) -> StoresError {
    StoresError::Open { store: key.name(), cause: open_error(name, missing) }
}
