//! A shared log in memory, whose exchanges run when they are told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use store_context::adapter::{
    AdapterIdentity, Done, LoggedEvent, OpenError, Rebase, SessionError, SharedLog, SharedLogs,
};
use store_context::registry::StoreName;

/// Clones are the same log.
#[derive(Clone, Default)]
pub(crate) struct FakeLog {
    state: Arc<Mutex<State>>,
}

impl std::fmt::Debug for FakeLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeLog")
    }
}

#[derive(Default)]
struct State {
    events: Vec<LoggedEvent>,
    waiting: VecDeque<Exchange>,
    hints: Vec<(u64, Arc<dyn Fn() + Send + Sync>)>,
    opened: u64,
    exchanges: u64,
}

struct Exchange {
    after: u64,
    rebase: Rebase,
    done: Done<()>,
}

/// What becomes of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Taken,
    /// What others appended was read, and nothing could be written.
    Aborted,
    /// Not even that.
    Failed,
}

impl FakeLog {
    pub(crate) fn events(&self) -> Vec<LoggedEvent> {
        self.state.lock().unwrap().events.clone()
    }

    pub(crate) fn exchanges(&self) -> u64 {
        self.state.lock().unwrap().exchanges
    }

    pub(crate) fn waiting(&self) -> usize {
        self.state.lock().unwrap().waiting.len()
    }

    /// Runs one of the exchanges that wait.
    pub(crate) fn step(&self, which: usize, outcome: Outcome) {
        let Some(Exchange { after, rebase, done }) = self.state.lock().unwrap().waiting.remove(which) else {
            return;
        };
        self.run(after, rebase, done, outcome);
    }

    fn run(&self, after: u64, rebase: Rebase, done: Done<()>, outcome: Outcome) {
        let failed = || Err(SessionError::Disk { message: "the log is full".to_owned() });
        self.state.lock().unwrap().exchanges += 1;
        if outcome == Outcome::Failed {
            return done(failed());
        }
        let others = self.events().into_iter().filter(|event| event.meta.sequence > after).collect();
        let appended = rebase(others);
        if outcome == Outcome::Aborted {
            return done(failed());
        }
        {
            let mut state = self.state.lock().unwrap();
            for event in appended {
                let last = state.events.last().map_or(0, |last| last.meta.sequence);
                assert!(event.meta.sequence > last, "{} comes after {last}", event.meta.sequence);
                if let Some(slot) = event.slot() {
                    state.events.retain(|before| before.slot().as_ref() != Some(&slot));
                }
                state.events.push(event);
            }
        }
        done(Ok(()));
    }

    /// Tells everybody that there may be more.
    pub(crate) fn hint(&self) {
        let hints: Vec<_> = self.state.lock().unwrap().hints.iter().map(|(_, hint)| Arc::clone(hint)).collect();
        hints.iter().for_each(|hint| hint());
    }
}

impl SharedLogs for FakeLog {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new(format!("a fake log at {:p}", Arc::as_ptr(&self.state)))
    }

    fn open(&self, _: StoreName) -> BoxFuture<'static, Result<Arc<dyn SharedLog>, OpenError>> {
        let replica = {
            let mut state = self.state.lock().unwrap();
            state.opened += 1;
            state.opened
        };
        let handle = Handle { log: self.clone(), replica, is_booted: Mutex::new(false) };
        async move { Ok(Arc::new(handle) as Arc<dyn SharedLog>) }.boxed()
    }
}

/// The log as one replica has it.
struct Handle {
    log: FakeLog,
    replica: u64,
    is_booted: Mutex<bool>,
}

impl SharedLog for Handle {
    /// The first one, which opening waits for, runs at once.
    fn exchange(&self, after: u64, rebase: Rebase, done: Done<()>) {
        if !std::mem::replace(&mut *self.is_booted.lock().unwrap(), true) {
            return self.log.run(after, rebase, done, Outcome::Taken);
        }
        let exchange = Exchange { after, rebase, done };
        self.log.state.lock().unwrap().waiting.push_back(exchange);
    }

    fn listen(&self, hint: Arc<dyn Fn() + Send + Sync>) {
        self.log.state.lock().unwrap().hints.push((self.replica, hint));
    }

    fn close(&self, done: Done<()>) {
        self.log.state.lock().unwrap().hints.retain(|(replica, _)| *replica != self.replica);
        done(Ok(()));
    }
}
