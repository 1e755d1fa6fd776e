//! A shared log in memory, whose exchanges run when they are told to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use store_context::adapter::{
    AdapterIdentity, Done, Image, LogPage, LoggedEvent, OpenError, OpenRequest, OpenedLog, Rebase, SessionError,
    SharedLog, SharedLogs, TakeImage,
};

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
    waiting: VecDeque<Step>,
    hints: Vec<(u64, Hint)>,
    /// By the hash of their schema.
    images: BTreeMap<u64, Image>,
    opened: u64,
    exchanges: u64,
    pages: u64,
}

type Hint = Arc<dyn Fn(u64) + Send + Sync>;

enum Step {
    Read { after: u64, count: usize, done: Done<LogPage> },
    Exchange { after: u64, rebase: Rebase, done: Done<()> },
    KeepImage { schema_hash: u64, take: TakeImage },
}

/// How many events are read at a time.
const PAGE: usize = 3;

/// How many while a store opens.
const BOOT_PAGE: usize = 256;

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Taken,
    /// What others appended was read, and nothing could be written.
    Aborted,
    /// Not even that.
    Failed,
    /// What was to be written was, and nobody knows.
    Unknown,
}

impl FakeLog {
    pub(crate) fn events(&self) -> Vec<LoggedEvent> {
        self.state.lock().unwrap().events.clone()
    }

    pub(crate) fn exchanges(&self) -> u64 {
        self.state.lock().unwrap().exchanges
    }

    pub(crate) fn pages(&self) -> u64 {
        self.state.lock().unwrap().pages
    }

    pub(crate) fn images(&self) -> BTreeMap<u64, Image> {
        self.state.lock().unwrap().images.clone()
    }

    pub(crate) fn set_images(&self, images: BTreeMap<u64, Image>) {
        self.state.lock().unwrap().images = images;
    }

    /// What others wrote without a replica.
    pub(crate) fn append(&self, events: impl IntoIterator<Item = LoggedEvent>) {
        self.state.lock().unwrap().events.extend(events);
    }

    pub(crate) fn waiting(&self) -> usize {
        self.state.lock().unwrap().waiting.len()
    }

    /// Runs one of the steps that wait.
    pub(crate) fn step(&self, which: usize, outcome: Outcome) {
        let step = self.state.lock().unwrap().waiting.remove(which);
        if let Some(step) = step {
            self.run(step, outcome);
        }
    }

    /// Runs what waits, however often that is, until the future ends.
    pub(crate) fn until<T>(&self, outcome: Outcome, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        loop {
            if let Some(value) = (&mut future).now_or_never() {
                return value;
            }
            self.step(0, outcome);
            std::thread::yield_now();
        }
    }

    fn run(&self, step: Step, outcome: Outcome) {
        match step {
            Step::Read { after, count, done } => {
                self.state.lock().unwrap().pages += 1;
                done(if outcome == Outcome::Failed { Err(full()) } else { Ok(self.page(after, count)) });
            }
            Step::Exchange { after, rebase, done } => {
                self.state.lock().unwrap().exchanges += 1;
                done(self.exchange(after, rebase, outcome));
            }
            Step::KeepImage { schema_hash, take } => {
                let kept = self.images().get(&schema_hash).map(|image| image.head);
                if let Some(image) = take(kept) {
                    self.state.lock().unwrap().images.insert(schema_hash, image);
                }
            }
        }
    }

    fn page(&self, after: u64, count: usize) -> LogPage {
        let events = self.events();
        let head = events.last().map_or(0, |last| last.meta.sequence);
        LogPage { events: events.into_iter().filter(|event| event.meta.sequence > after).take(count).collect(), head }
    }

    fn exchange(&self, after: u64, rebase: Rebase, outcome: Outcome) -> Result<(), SessionError> {
        if outcome == Outcome::Failed {
            return Err(full());
        }
        let others = self.events().into_iter().filter(|event| event.meta.sequence > after).collect();
        let appended = rebase(others);
        if outcome == Outcome::Aborted {
            return Err(full());
        }
        let mut state = self.state.lock().unwrap();
        for event in appended {
            let last = state.events.last().map_or(0, |last| last.meta.sequence);
            assert!(event.meta.sequence > last, "{} comes after {last}", event.meta.sequence);
            assert!(state.events.iter().all(|other| other.meta.id != event.meta.id), "an event is there once");
            if let Some(slot) = event.slot() {
                state.events.retain(|before| before.slot().as_ref() != Some(&slot));
            }
            state.events.push(event);
        }
        if outcome == Outcome::Unknown { Err(full()) } else { Ok(()) }
    }

    /// Tells everybody how far the log is.
    pub(crate) fn hint(&self) {
        let hints: Vec<_> = self.state.lock().unwrap().hints.iter().map(|(_, hint)| Arc::clone(hint)).collect();
        let head = self.page(0, 0).head;
        hints.iter().for_each(|hint| hint(head));
    }
}

fn full() -> SessionError {
    SessionError::Disk { message: "the log is full".to_owned() }
}

impl SharedLogs for FakeLog {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new(format!("a fake log at {:p}", Arc::as_ptr(&self.state)))
    }

    fn open(&self, _: OpenRequest) -> BoxFuture<'static, Result<OpenedLog, OpenError>> {
        let replica = {
            let mut state = self.state.lock().unwrap();
            state.opened += 1;
            state.opened
        };
        let handle = Handle { log: self.clone(), replica, is_booted: Mutex::new(false) };
        async move { Ok(OpenedLog::Found(Arc::new(handle))) }.boxed()
    }
}

/// The log as one replica has it.
struct Handle {
    log: FakeLog,
    replica: u64,
    is_booted: Mutex<bool>,
}

impl Handle {
    fn later(&self, step: Step) {
        self.log.state.lock().unwrap().waiting.push_back(step);
    }
}

impl SharedLog for Handle {
    /// At once while a store opens, which waits for it.
    fn read(&self, after: u64, done: Done<LogPage>) {
        match *self.is_booted.lock().unwrap() {
            true => self.later(Step::Read { after, count: PAGE, done }),
            false => self.log.run(Step::Read { after, count: BOOT_PAGE, done }, Outcome::Taken),
        }
    }

    fn exchange(&self, after: u64, rebase: Rebase, done: Done<()>) {
        self.later(Step::Exchange { after, rebase, done });
    }

    fn listen(&self, hint: Hint) {
        *self.is_booted.lock().unwrap() = true;
        self.log.state.lock().unwrap().hints.push((self.replica, hint));
    }

    fn image(&self, schema_hash: u64) -> BoxFuture<'static, Option<Image>> {
        let image = self.log.state.lock().unwrap().images.get(&schema_hash).cloned();
        async { image }.boxed()
    }

    fn keep_image(&self, schema_hash: u64, take: TakeImage) {
        self.later(Step::KeepImage { schema_hash, take });
    }

    fn drop_image(&self, schema_hash: u64) {
        self.log.state.lock().unwrap().images.remove(&schema_hash);
    }

    fn close(&self, done: Done<()>) {
        self.log.state.lock().unwrap().hints.retain(|(replica, _)| *replica != self.replica);
        done(Ok(()));
    }
}
