//! [`RegistrySnapshot`]: what a registry has, each store as one moment has it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::adapter::boot::{BootStatus, MemoryReason, Persistence};
use crate::host::usage::LiveQuerySnapshot;
use crate::id::StoreName;
use crate::slot::slot::{Look, Slot};
use crate::slot::transition::State;

/// The stores of a registry: for a debug view, a log line, or a look at what keeps a store open.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RegistrySnapshot {
    /// The stores that are not shut down, in the order in which they were mounted.
    pub stores: Vec<StoreSnapshot>,
}

/// One store of a [`RegistrySnapshot`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoreSnapshot {
    /// Its schema and id.
    pub name: StoreName,
    /// Each time it loads is one generation, counted from 1.
    pub generation: u64,
    /// Where it is in its life.
    pub state: State,
    /// Whether what it keeps stays, once it is open.
    pub persistence: Option<Persistence>,
    /// Mount guards, handles, bound queries and suspended readers.
    pub holders: usize,
    /// What is left of its cache time, where nobody holds it.
    pub closes_in: Option<Duration>,
    /// How often it was loaded.
    pub loads: u64,
    /// How long the last load took, from mounting or retrying on: waiting for a thread and for the file included.
    pub load_time: Duration,
    /// Commits that wrote something.
    pub commits: u64,
    /// How often a live query ran again.
    pub reruns: u64,
    /// How often a live query did not run again, since the commit could not have changed its result.
    pub skipped_reruns: u64,
    /// Its live queries, in the order in which they were first subscribed to.
    pub live: Vec<LiveQuerySnapshot>,
}

impl RegistrySnapshot {
    pub(crate) fn of<'a>(slots: impl Iterator<Item = (Look, &'a Arc<Slot>)>) -> Self {
        let mut stores: Vec<_> = slots
            .filter_map(|(look, slot)| {
                let state = look.generation.state();
                let usage = slot.usage();
                (!matches!(state, State::Shutdown(_))).then(|| {
                    let snapshot = StoreSnapshot {
                        name: slot.store().clone(),
                        generation: look.generation.number,
                        state,
                        persistence: look.generation.opened().ok().map(|opened| opened.persistence),
                        holders: look.holders,
                        closes_in: look.closes_in.filter(|_| look.holders == 0),
                        loads: usage.loads.get(),
                        load_time: Duration::from_micros(usage.load_time.get()),
                        commits: usage.commits.get(),
                        reruns: usage.reruns.get(),
                        skipped_reruns: usage.skipped_reruns.get(),
                        live: look.generation.live_queries(),
                    };
                    (look.order, snapshot)
                })
            })
            .collect();
        stores.sort_by_key(|(order, _)| *order);
        Self { stores: stores.into_iter().map(|(_, store)| store).collect() }
    }
}

impl StoreSnapshot {
    fn phase(&self) -> String {
        match &self.state {
            State::Loading(BootStatus::Replaying { done, total }) => format!("loading {done}/{total}"),
            state => state.phase().to_string(),
        }
    }

    fn cells(&self) -> [String; 9] {
        [
            self.name.to_string(),
            self.phase(),
            self.generation.to_string(),
            self.closes_in.map_or_else(
                || self.holders.to_string(),
                |left| format!("0, closes in {} s", left.as_millis().div_ceil(1000)),
            ),
            self.loads.to_string(),
            format!("{:.1}", self.load_time.as_secs_f64() * 1000.0),
            self.commits.to_string(),
            self.reruns.to_string(),
            self.skipped_reruns.to_string(),
        ]
    }
}

impl fmt::Display for RegistrySnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEADER: [&str; 9] =
            ["store", "phase", "generation", "holders", "loads", "load ms", "commits", "re-runs", "skipped"];
        let mut rows = vec![HEADER.map(str::to_owned)];
        rows.extend(self.stores.iter().map(StoreSnapshot::cells));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; 9] = std::array::from_fn(width);
        for (index, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            let end = if index + 1 == rows.len() { "" } else { "\n" };
            write!(f, "{}{end}", line.trim_end())?;
        }
        for (store, live) in self.stores.iter().flat_map(|store| store.live.iter().map(move |live| (store, live))) {
            let LiveQuerySnapshot { label, subscribers, runs, .. } = live;
            write!(f, "\n{}: live query `{label}`, subscribers: {subscribers}, runs: {runs}", store.name)?;
        }
        // What may be lost is not left to be guessed.
        for StoreSnapshot { name, persistence, .. } in &self.stores {
            let chosen = Persistence::Memory { reason: MemoryReason::Chosen };
            if let Some(persistence) = persistence.filter(|kept| ![Persistence::Persistent, chosen].contains(kept)) {
                write!(f, "\n{name}: {persistence}")?;
            }
        }
        // A failed store says why.
        for store in &self.stores {
            if let State::Error(error) = &store.state {
                write!(f, "\n{error}")?;
            }
        }
        Ok(())
    }
}
