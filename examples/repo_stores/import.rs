//! [`import`]: brings a store up to date with its repository.

use std::collections::HashSet;
use std::error::Error;

use crate::git::{Asking, Git, GitError};
use crate::progress::Bar;
use crate::repository::{CommitRead, RepositoryEvent, RepositoryStore};

type ImportError = Box<dyn Error + Send + Sync>;

/// How many ids are compared with the store's at once.
const IDS: usize = 1000;

/// Makes the store's commits those of the repository's history: reads what is missing, drops what was rewritten.
///
/// It may end anywhere. What was committed stays, and the next import reads what is still missing.
pub(crate) fn import(store: &RepositoryStore, git: &Git, bar: &Bar) -> Result<(), ImportError> {
    let Some(head) = git.head()? else {
        return drop_commits(store, store.ids().get()?.to_vec());
    };
    let History { length, missing } = compare(store, git, &head)?;
    if let Some(Missing { log, commits }) = missing {
        bar.reading(commits);
        for batch in batches(log.answer()) {
            let batch = batch?;
            let read = batch.len();
            store.commit(batch.into_iter().map(RepositoryEvent::CommitRead).collect::<Vec<_>>())?;
            bar.read(read);
        }
    }
    // The store has all of the history now. Whatever else it has was in it once.
    if store.commits().count().get()? > length { drop_rewritten(store, git, &head) } else { Ok(()) }
}

/// The history that leads to a commit, as compared with a store.
struct History {
    /// How many commits it has.
    length: i64,
    /// Those of them that the store does not have.
    missing: Option<Missing>,
}

/// Commits that git was asked for.
struct Missing {
    log: Asking,
    commits: usize,
}

/// Goes through the ids of a history, which is quick, and asks git for the commits that the store does not have. They
/// are not held here: git gets the ids as they come.
fn compare(store: &RepositoryStore, git: &Git, head: &str) -> Result<History, ImportError> {
    let mut history = History { length: 0, missing: None };
    let mut ids = git.ids(head)?;
    loop {
        let mut chunk = ids.next_chunk(IDS)?;
        if chunk.is_empty() {
            return Ok(history);
        }
        history.length += i64::try_from(chunk.len())?;
        let known = store.known(&serde_json::to_string(&chunk)?).get()?;
        let known: HashSet<&str> = known.iter().map(|id| id.as_str()).collect();
        chunk.retain(|id| !known.contains(id.as_str()));
        if chunk.is_empty() {
            continue;
        }
        let missing = match &mut history.missing {
            Some(missing) => missing,
            None => history.missing.insert(Missing { log: git.log()?, commits: 0 }),
        };
        missing.log.ask(&chunk)?;
        missing.commits += chunk.len();
    }
}

/// Commits in groups that are committed at once: large enough to be fast, small enough to fit into memory.
fn batches(
    mut commits: impl Iterator<Item = Result<CommitRead, GitError>>,
) -> impl Iterator<Item = Result<Vec<CommitRead>, GitError>> {
    const COMMITS: usize = 500;
    const CHANGES: usize = 5000;
    std::iter::from_fn(move || {
        let (mut batch, mut changes) = (Vec::new(), 0);
        while batch.len() < COMMITS && changes < CHANGES {
            match commits.next() {
                Some(Ok(commit)) => {
                    changes += commit.changes.len();
                    batch.push(commit);
                }
                Some(Err(error)) => return Some(Err(error)),
                None => break,
            }
        }
        (!batch.is_empty()).then_some(Ok(batch))
    })
}

/// Drops the commits that no longer lead to `head`.
fn drop_rewritten(store: &RepositoryStore, git: &Git, head: &str) -> Result<(), ImportError> {
    let known = store.ids().get()?;
    let mut gone: HashSet<&str> = known.iter().map(|id| id.as_str()).collect();
    let mut ids = git.ids(head)?;
    loop {
        let chunk = ids.next_chunk(IDS)?;
        if chunk.is_empty() {
            break;
        }
        for id in &chunk {
            gone.remove(id.as_str());
        }
    }
    let mut gone: Vec<_> = gone.into_iter().map(str::to_owned).collect();
    gone.sort_unstable();
    drop_commits(store, gone)
}

fn drop_commits(store: &RepositoryStore, ids: Vec<String>) -> Result<(), ImportError> {
    if !ids.is_empty() {
        store.commit(RepositoryEvent::CommitsDropped { ids })?;
    }
    Ok(())
}
