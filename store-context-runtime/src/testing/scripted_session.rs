//! The session of a [`Scripted`](super::Scripted) adapter: commits, flushes and reads that fail when told to.

use std::path::Path;
use std::sync::Arc;

use crate::adapter::footprint::{ReadSet, WatchedTable};
use crate::adapter::log::LoggedEvent;
use crate::adapter::session::{Committed, Done, EachRow, Reader, Session, SessionError, Transaction, Verdict};
use crate::host::threads::{AtomicUsize, Ordering};
use crate::sql::statement::Statement;

/// How many operations of each kind fail from now on.
#[derive(Debug, Default)]
pub(super) struct Failures {
    pub(super) commits: AtomicUsize,
    pub(super) flushes: AtomicUsize,
    pub(super) reads: AtomicUsize,
}

/// Takes one failure, if one is left.
fn fail(failures: &AtomicUsize) -> Result<(), SessionError> {
    let taken = failures.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1));
    match taken {
        Ok(_) => Err(SessionError::Disk { message: "the test told it to fail".to_owned() }),
        Err(_) => Ok(()),
    }
}

pub(super) struct ScriptedSession {
    pub(super) session: Box<dyn Session>,
    pub(super) failures: Arc<Failures>,
}

impl Session for ScriptedSession {
    fn transaction(
        &self,
        body: &mut dyn FnMut(&mut dyn Transaction) -> Verdict,
    ) -> Result<Option<Committed>, SessionError> {
        let mut failed = Ok(());
        let committed = self.session.transaction(&mut |tx| {
            let verdict = body(tx);
            if verdict == Verdict::Commit {
                failed = fail(&self.failures.commits);
            }
            if failed.is_ok() { verdict } else { Verdict::Rollback }
        });
        failed.and(committed)
    }

    fn query(&self, statement: &Statement, each: EachRow<'_>) -> Result<Arc<ReadSet>, SessionError> {
        fail(&self.failures.reads)?;
        self.session.query(statement, each)
    }

    fn snapshot(&self, body: &mut dyn FnMut(&mut dyn Reader)) -> Result<(), SessionError> {
        fail(&self.failures.reads)?;
        self.session.snapshot(body)
    }

    fn events(&self, from: u64, to: u64) -> Result<Vec<LoggedEvent>, SessionError> {
        fail(&self.failures.reads)?;
        self.session.events(from, to)
    }

    fn sequence(&self) -> u64 {
        self.session.sequence()
    }

    fn watch(&self, version: u64, tables: Vec<Arc<WatchedTable>>) {
        self.session.watch(version, tables);
    }

    fn will_close(&self) {
        self.session.will_close();
    }

    fn backup(&self, to: &Path) -> Result<(), SessionError> {
        self.session.backup(to)
    }

    fn flush(&self, done: Done<u64>) {
        match fail(&self.failures.flushes) {
            Ok(()) => self.session.flush(done),
            Err(error) => done(Err(error)),
        }
    }

    fn close(&self, done: Done<()>) {
        self.session.close(done);
    }
}
