//! [`Scripted`]: an adapter that can be told to be slow, to fail, to hang.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::BoxFuture;

use crate::adapter::adapter::{Adapter, AdapterIdentity, OpenRequest, Opened};
use crate::adapter::boot::OpenError;
use crate::adapter::session::SessionError;
use crate::host::threads::{Mutex, Ordering, lock};
use crate::host::timer::{SystemTimer, Timer};
use crate::testing::scripted_session::{Failures, ScriptedSession};

/// Another adapter, which opens, commits, flushes and reads as the test says. Clones are the same adapter.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// use store_context::test::{Scripted, TestHost};
///
/// # fn main() -> Result<(), StoreError> {
/// let host = TestHost::new();
/// let data = Scripted::new(Sqlite::in_memory()).fail_times(1);
/// let registry = host.registry().build();
/// let mounted = ProjectProvider::new().adapter(data).mount(&registry)?;
/// host.run();
/// assert!(matches!(mounted.state(), StoreState::Error(_)));
/// mounted.retry()?;
/// host.run();
/// assert!(matches!(mounted.state(), StoreState::Running(_)));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Scripted {
    adapter: Arc<dyn Adapter>,
    timer: Arc<dyn Timer>,
    script: Arc<Mutex<Script>>,
    failures: Arc<Failures>,
}

#[derive(Default)]
struct Script {
    time: Duration,
    failures: u32,
    hangs: bool,
    hanging: Vec<oneshot::Sender<()>>,
    openings: u64,
    under_way: usize,
    most_under_way: usize,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scripted").field(&self.adapter.identity()).finish()
    }
}

impl Scripted {
    /// An adapter that opens as the given one does.
    pub fn new(adapter: impl Adapter) -> Self {
        Self {
            adapter: Arc::new(adapter),
            timer: Arc::new(SystemTimer),
            script: Arc::default(),
            failures: Arc::default(),
        }
    }

    /// Every opening takes at least this long, measured by `timer`, such as a [`ManualClock`](super::ManualClock).
    #[must_use]
    pub fn slow_by(mut self, time: Duration, timer: impl Timer) -> Self {
        self.timer = Arc::new(timer);
        lock(&self.script).time = time;
        self
    }

    /// Every opening takes at least this long.
    #[must_use]
    pub fn slow(self, time: Duration) -> Self {
        self.slow_by(time, SystemTimer)
    }

    /// The next openings fail, so many of them.
    #[must_use]
    pub fn fail_times(self, times: u32) -> Self {
        lock(&self.script).failures = times;
        self
    }

    /// The next commits fail at their end, so many of them: nothing of them is kept. Open stores are meant too.
    pub fn fail_commits(&self, times: usize) {
        self.failures.commits.store(times, Ordering::Release);
    }

    /// The next flushes fail, so many of them: `Receipt::durable` says so.
    pub fn fail_flushes(&self, times: usize) {
        self.failures.flushes.store(times, Ordering::Release);
    }

    /// The next reads fail, so many of them: queries, runs of live queries, snapshots, reading the log.
    pub fn fail_reads(&self, times: usize) {
        self.failures.reads.store(times, Ordering::Release);
    }

    /// Openings hang until [`resume`](Self::resume).
    pub fn hang(&self) {
        lock(&self.script).hangs = true;
    }

    /// Openings go on, those that hang too.
    pub fn resume(&self) {
        let hanging = {
            let mut script = lock(&self.script);
            script.hangs = false;
            std::mem::take(&mut script.hanging)
        };
        for opening in hanging {
            let _ = opening.send(());
        }
    }

    /// How many openings were begun.
    #[must_use]
    pub fn openings(&self) -> u64 {
        lock(&self.script).openings
    }

    /// How many openings are under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        lock(&self.script).under_way
    }

    /// How many openings were under way at once, at the most.
    #[must_use]
    pub fn most_under_way(&self) -> usize {
        lock(&self.script).most_under_way
    }
}

/// Counts an opening for as long as it lasts, abandoned ones too.
struct UnderWay(Arc<Mutex<Script>>);

impl UnderWay {
    fn begin(script: Arc<Mutex<Script>>) -> Self {
        let mut counts = lock(&script);
        counts.openings += 1;
        counts.under_way += 1;
        counts.most_under_way = counts.most_under_way.max(counts.under_way);
        drop(counts);
        Self(script)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        lock(&self.0).under_way -= 1;
    }
}

impl Adapter for Scripted {
    fn identity(&self) -> AdapterIdentity {
        self.adapter.identity()
    }

    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let Self { adapter, timer, script, failures } = self.clone();
        async move {
            let _under_way = UnderWay::begin(Arc::clone(&script));
            let (time, hanging) = {
                let mut script = lock(&script);
                let hangs = script.hangs;
                let hanging = hangs.then(|| {
                    let (opening, resumed) = oneshot::channel();
                    script.hanging.push(opening);
                    resumed
                });
                (script.time, hanging)
            };
            if let Some(resumed) = hanging {
                let _ = resumed.await;
            }
            if !time.is_zero() {
                timer.sleep(time).await;
            }
            let fails = {
                let mut script = lock(&script);
                let fails = script.failures > 0;
                script.failures = script.failures.saturating_sub(1);
                fails
            };
            if fails {
                let message = "the test told it to fail".to_owned();
                return Err(OpenError::Session(SessionError::Disk { message }));
            }
            let Opened { session, report, persistence } = adapter.open(request).await?;
            Ok(Opened { session: Box::new(ScriptedSession { session, failures }), report, persistence })
        }
        .boxed()
    }
}
