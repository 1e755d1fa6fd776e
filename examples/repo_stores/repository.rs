//! [`Repository`]: the store of one git repository.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// A commit as git tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CommitRead {
    pub(crate) id: String,
    pub(crate) author_name: String,
    pub(crate) author_email: String,
    /// When it was written, in seconds since the Unix epoch.
    pub(crate) unix_s: i64,
    pub(crate) subject: String,
    /// None for a merge.
    pub(crate) changes: Vec<Change>,
}

/// What a commit did to one file. A binary file has no lines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) added: i64,
    pub(crate) removed: i64,
}

/// What happens to a history, as seen from here.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub(crate) enum RepositoryEvent {
    /// A commit was found.
    #[event(name = "v1.CommitRead")]
    CommitRead(CommitRead),
    /// History was rewritten: these commits are no longer in it.
    #[event(name = "v1.CommitsDropped")]
    CommitsDropped { ids: Vec<String> },
}

/// Whoever wrote a commit, one for each address. The name is the one used last.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "authors")]
pub(crate) struct Author {
    #[row(primary_key)]
    pub(crate) email: String,
    pub(crate) name: String,
}

/// A commit of the history.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "commits")]
pub(crate) struct Commit {
    #[row(primary_key)]
    pub(crate) id: String,
    #[row(index, references = "authors.email")]
    pub(crate) author: String,
    #[row(index)]
    pub(crate) unix_s: i64,
    pub(crate) subject: String,
    pub(crate) added: i64,
    pub(crate) removed: i64,
}

/// A file that a commit changed.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "file_changes")]
pub(crate) struct FileChange {
    #[row(primary_key, references = "commits.id", on_delete = "cascade")]
    pub(crate) commit_id: String,
    #[row(primary_key, index)]
    pub(crate) path: String,
    pub(crate) added: i64,
    pub(crate) removed: i64,
}

/// The size of a history.
#[derive(Row, Clone, Debug, PartialEq)]
pub(crate) struct Totals {
    pub(crate) commits: i64,
    pub(crate) authors: i64,
    pub(crate) files: i64,
    pub(crate) added: i64,
    pub(crate) removed: i64,
}

/// How much one author, or what happened to one file.
#[derive(Row, Clone, Debug, PartialEq)]
pub(crate) struct Share {
    pub(crate) name: String,
    pub(crate) commits: i64,
    pub(crate) added: i64,
    pub(crate) removed: i64,
}

/// How many commits a month had.
#[derive(Row, Clone, Debug, PartialEq)]
pub(crate) struct Month {
    /// `2026-01`.
    pub(crate) month: String,
    pub(crate) commits: i64,
}

/// The history of one repository.
///
/// It keeps no note of how far an import came: the commits that are there are the note.
#[derive(StoreContext)]
#[store(name = "repository", events = RepositoryEvent)]
pub(crate) struct Repository {
    /// The commits of the history.
    pub(crate) commits: Table<Commit>,
    /// Whoever wrote one of them.
    pub(crate) authors: Table<Author>,
    /// The files that each of them changed.
    pub(crate) file_changes: Table<FileChange>,

    /// The size of the history.
    #[query(
        "SELECT count(*) AS commits, (SELECT count(*) FROM authors) AS authors,
                (SELECT count(DISTINCT path) FROM file_changes) AS files,
                coalesce(sum(added), 0) AS added, coalesce(sum(removed), 0) AS removed
         FROM commits"
    )]
    pub(crate) totals: Query<fn() -> Totals>,

    /// Whoever wrote the most commits.
    #[query(
        "SELECT CASE name WHEN '' THEN email ELSE name || ' <' || email || '>' END AS name,
                count(*) AS commits, sum(added) AS added, sum(removed) AS removed
         FROM commits JOIN authors ON authors.email = commits.author
         GROUP BY author ORDER BY count(*) DESC, author LIMIT :limit"
    )]
    pub(crate) top_authors: Query<fn(limit: u32) -> Vec<Share>>,

    /// The files that changed in most commits.
    #[query(
        "WITH top AS (SELECT path, count(*) AS commits FROM file_changes
                      GROUP BY path ORDER BY commits DESC, path LIMIT :limit)
         SELECT path AS name, commits,
                (SELECT sum(added) FROM file_changes WHERE path = top.path) AS added,
                (SELECT sum(removed) FROM file_changes WHERE path = top.path) AS removed
         FROM top ORDER BY commits DESC, path"
    )]
    pub(crate) top_files: Query<fn(limit: u32) -> Vec<Share>>,

    /// The months up to the one in which `until` lies, also those without a commit.
    #[query(
        "WITH RECURSIVE months (start, number) AS (
             SELECT date(:until, 'unixepoch', 'start of month'), 1
             UNION ALL SELECT date(start, '-1 month'), number + 1 FROM months WHERE number < :months)
         SELECT strftime('%Y-%m', start) AS month,
                (SELECT count(*) FROM commits
                 WHERE unix_s >= unixepoch(start) AND unix_s < unixepoch(start, '+1 month')) AS commits
         FROM months ORDER BY start"
    )]
    pub(crate) by_month: Query<fn(until: i64, months: u32) -> Vec<Month>>,

    /// When the newest commit was written that is not from the future: clocks may be wrong.
    #[query("SELECT unix_s FROM commits WHERE unix_s BETWEEN 0 AND :now ORDER BY unix_s DESC LIMIT 1")]
    pub(crate) newest: Query<fn(now: i64) -> Option<i64>>,

    /// Those of these ids, a JSON array, that the store has.
    #[query("SELECT id FROM commits WHERE id IN (SELECT value FROM json_each(:ids))")]
    pub(crate) known: Query<fn(ids: &str) -> Vec<String>>,

    /// The ids of all commits.
    #[query("SELECT id FROM commits")]
    pub(crate) ids: Query<fn() -> Vec<String>>,
}

impl Materialize for Repository {
    fn materialize(event: RepositoryEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            RepositoryEvent::CommitRead(commit) => add(commit, tx),
            RepositoryEvent::CommitsDropped { ids } => ids.iter().try_for_each(|id| drop_commit(id, tx)),
        }
    }
}

fn add(commit: CommitRead, tx: &mut Tx<'_, Repository>) -> Result<(), MaterializeError> {
    let CommitRead { id, author_name: name, author_email: email, unix_s, subject, changes } = commit;
    tx.insert_or_update(Author { email: email.clone(), name: name.clone() }, |a| a.name.set(name))?;
    tx.insert(Commit {
        id: id.clone(),
        author: email,
        unix_s,
        subject,
        added: changes.iter().map(|change| change.added).sum(),
        removed: changes.iter().map(|change| change.removed).sum(),
    })?;
    for Change { path, added, removed } in changes {
        tx.insert(FileChange { commit_id: id.clone(), path, added, removed })?;
    }
    Ok(())
}

/// Removes a commit with its changes, and its author where that was the last one.
fn drop_commit(id: &str, tx: &mut Tx<'_, Repository>) -> Result<(), MaterializeError> {
    let Some(commit) = tx.table::<Commit>().by_key(id).get()? else { return Ok(()) };
    tx.table::<Commit>().by_key(id).delete()?;
    if !tx.table::<Commit>().filter(|c| c.author.eq(&commit.author)).exists()? {
        tx.table::<Author>().by_key(commit.author).delete()?;
    }
    Ok(())
}
