//! [`Summary`]: what `--json` prints of one repository.

use serde::Serialize;
use store_context::prelude::*;

use crate::loaded::Loaded;

/// One line. The numbers of a store that did not open are not known.
#[derive(Serialize)]
pub(crate) struct Summary<'a> {
    store_id: &'a str,
    state: &'static str,
    commits: Option<i64>,
    authors: Option<i64>,
    events_total: Option<u64>,
    events_new: u64,
    load_ms: f64,
    error: Option<String>,
}

impl<'a> Summary<'a> {
    pub(crate) fn of(loaded: &'a Loaded) -> Self {
        let numbers = loaded.store.as_ref().map_err(StoreError::clone).and_then(|store| {
            let count = store.read(|snap| -> Result<_, StoreError> {
                Ok((snap.get(&store.commits().count())?, snap.get(&store.authors().count())?))
            })??;
            Ok((count, store.sequence()?))
        });
        let (state, numbers, error) = match numbers {
            Ok(numbers) => ("running", Some(numbers), None),
            Err(error) => ("error", None, Some(error.to_string())),
        };
        Self {
            store_id: &loaded.target.store_id,
            state,
            commits: numbers.map(|((commits, _), _)| commits),
            authors: numbers.map(|((_, authors), _)| authors),
            events_total: numbers.map(|(_, events)| events),
            events_new: loaded.new_events,
            load_ms: (loaded.load_time.as_secs_f64() * 1e6).round() / 1e3,
            error,
        }
    }
}
