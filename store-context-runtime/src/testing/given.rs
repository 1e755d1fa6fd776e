//! [`Given`]: given these events, when another is committed, then the store looks so.

use std::fmt;
use std::sync::Arc;

use futures::executor::block_on;

use super::ManualClock;
use crate::adapter::adapter::{Adapter, Replay, Replayed};
use crate::adapter::log::{LoggedEvent, NewEvent};
use crate::adapter::session::Verdict;
use crate::engine::durable::Receipt;
use crate::error::StoreError;
use crate::host::clock::Clock;
use crate::registry::provider::Provider;
use crate::registry::registry::StoreRegistry;
use crate::schema::event::IntoEvents;
use crate::store::context::StoreContext;
use crate::store::mounted::Mounted;
use crate::store::replay::Replayer;

/// A store with a past, for testing its materializers.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// use store_context::test::given;
///
/// # fn main() {
/// let created = || ProjectEvent::IssueCreated { id: "1".into(), title: "First".into() };
/// given::<Project>([created()])
///     .at(1_700_000_000_000)
///     .when(ProjectEvent::StatusChanged { id: "1".into(), status: Status::Done })
///     .then(|store| assert_eq!(store.issues().get().unwrap()[0].status, Status::Done))
///     .when(created())
///     .then_refused(|error| assert!(error.constraint().is_some()));
/// # }
/// ```
pub struct Given<S: StoreContext> {
    store: S::Handle,
    clock: ManualClock,
    _mounted: Mounted<S>,
}

impl<S: StoreContext> fmt::Debug for Given<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given")
    }
}

impl<S: StoreContext> Given<S> {
    /// A store of the adapter, in which these events were committed at the Unix epoch.
    ///
    /// # Panics
    /// When the store does not open or refuses the events.
    #[must_use = "nothing is tested before `when(..).then(..)`"]
    #[track_caller]
    pub fn new(adapter: impl Adapter, events: impl IntoEvents<S::Event>) -> Self {
        let clock = ManualClock::new();
        let registry = StoreRegistry::builder().clock(clock.clone()).build();
        let mounted = Provider::<S>::new().adapter(adapter).mount(&registry);
        let mounted = mounted.unwrap_or_else(|error| panic!("{error}"));
        let store = block_on(mounted.store()).unwrap_or_else(|error| panic!("{error}"));
        if let Err(error) = store.commit(events) {
            panic!("the given events were refused: {error}");
        }
        Self { store, clock, _mounted: mounted }
    }

    /// Events that an older program wrote, by name and JSON arguments, are in the log too, and are materialized as today's
    /// program reads them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() {
    /// store_context::test::given::<Project>([])
    ///     .and_written([("v1.IssueCreated", r#"{"id":"1","title":"From last year"}"#)])
    ///     .when(ProjectEvent::StatusChanged { id: "1".into(), status: Status::Done })
    ///     .then(|store| assert_eq!(store.issues().get().unwrap()[0].title, "From last year"));
    /// # }
    /// ```
    ///
    /// # Panics
    /// When the program leaves one out, or its materializer fails.
    #[must_use = "nothing is tested before `when(..).then(..)`"]
    #[track_caller]
    pub fn and_written<'a>(self, events: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let opened = self.store.opened().unwrap_or_else(|error| panic!("{error}"));
        let replayer = Replayer::<S>::new(self.store.name().clone(), Arc::default());
        for (name, arguments) in events {
            let mut failed = None;
            let committed = opened.engine.session.transaction(&mut |tx| {
                let new = NewEvent::at(Clock::unix_ms(&self.clock), name, arguments, None);
                let written = tx.append(new).map_err(|error| error.to_string()).and_then(|meta| {
                    let event = LoggedEvent { meta, name: name.to_owned(), arguments: arguments.to_owned() };
                    match replayer.apply(&event, tx) {
                        Ok(Replayed::Applied(_)) => Ok(()),
                        Ok(Replayed::Skipped(error)) => Err(error.to_string()),
                        Err(message) => Err(message.to_string()),
                    }
                });
                failed = written.err();
                if failed.is_none() { Verdict::Commit } else { Verdict::Rollback }
            });
            if let Some(error) = committed.err().map(|error| error.to_string()).or(failed) {
                panic!("the written event {name:?} is not read: {error}");
            }
        }
        self
    }

    /// What is committed from now on is committed at this time, in milliseconds since the Unix epoch.
    ///
    /// # Panics
    /// When that is before a time that was named already.
    #[must_use = "nothing is tested before `when(..).then(..)`"]
    #[track_caller]
    pub fn at(self, unix_ms: i64) -> Self {
        let since = unix_ms - Clock::unix_ms(&self.clock);
        match u64::try_from(since) {
            Ok(since) => self.clock.advance(std::time::Duration::from_millis(since)),
            Err(_) => panic!("the time of a store does not go back: name the earlier time first"),
        }
        self
    }

    /// Commits one event, an array or a `Vec`.
    pub fn when(self, events: impl IntoEvents<S::Event>) -> When<S> {
        let before = self.store.sequence();
        let committed = self.store.commit(events);
        When { given: self, before: before.unwrap_or_default(), committed }
    }
}

/// What came of a commit.
#[must_use = "nothing is tested before `then(..)`"]
pub struct When<S: StoreContext> {
    given: Given<S>,
    before: u64,
    committed: Result<Receipt, StoreError>,
}

impl<S: StoreContext> fmt::Debug for When<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("When").field("committed", &self.committed).finish_non_exhaustive()
    }
}

impl<S: StoreContext> When<S> {
    /// The commit was taken, and the store looks as `check` asserts.
    ///
    /// # Panics
    /// When it was refused, with the error; and where `check` does.
    #[track_caller]
    pub fn then(self, check: impl FnOnce(&S::Handle)) -> Given<S> {
        if let Err(error) = &self.committed {
            panic!("the commit was refused: {error}");
        }
        check(&self.given.store);
        self.given
    }

    /// The commit was refused with an error that `check` asserts, and nothing of it was kept.
    ///
    /// # Panics
    /// When it was taken; and where `check` does.
    #[track_caller]
    pub fn then_refused(self, check: impl FnOnce(&StoreError)) -> Given<S> {
        match &self.committed {
            Ok(receipt) => panic!("the commit was taken, as event {}", receipt.sequence()),
            Err(error) => check(error),
        }
        assert_eq!(self.given.store.sequence().ok(), Some(self.before), "a refused commit leaves nothing");
        self.given
    }
}
