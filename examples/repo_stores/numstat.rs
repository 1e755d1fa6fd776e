//! [`Numstat`]: commits out of what `git log --numstat -z` prints.

use crate::repository::{Change, CommitRead};

/// Id, name, address, time and subject, each ended by a zero byte, which none of them can hold. The mark before the id
/// tells a commit from a change, which begins with a number or a dash.
pub(crate) const FORMAT: &str = "--format=%x1e%H%x00%an%x00%ae%x00%at%x00%s%x00";

/// What the format puts before an id.
const MARK: u8 = 0x1e;

/// An iterator of commits. `next_part` gives what stands between two zero bytes.
pub(crate) struct Numstat<F> {
    next_part: F,
    /// The id of the next commit: only with it the commit before is known to be complete.
    next_id: Option<String>,
}

impl<E, F: FnMut() -> Result<Option<Vec<u8>>, E>> Numstat<F> {
    pub(crate) fn new(next_part: F) -> Self {
        Self { next_part, next_id: None }
    }

    fn read(&mut self) -> Result<Option<CommitRead>, E> {
        let id = match self.next_id.take() {
            Some(id) => id,
            None => loop {
                match (self.next_part)()? {
                    Some(part) => match id_of(&part) {
                        Some(id) => break id,
                        None => continue,
                    },
                    None => return Ok(None),
                }
            },
        };
        let mut text = || Ok((self.next_part)()?.map(|part| lossy(&part)).unwrap_or_default());
        let (author_name, author_email) = (text()?, text()?);
        // Git prints nothing for a time that it cannot read.
        let unix_s = text()?.parse().unwrap_or(0);
        let subject = text()?;
        let mut changes = Vec::new();
        while let Some(part) = (self.next_part)()? {
            self.next_id = id_of(&part);
            if self.next_id.is_some() {
                break;
            }
            changes.extend(change_of(&part));
        }
        Ok(Some(CommitRead { id, author_name, author_email, unix_s, subject, changes: merged(changes) }))
    }
}

impl<E, F: FnMut() -> Result<Option<Vec<u8>>, E>> Iterator for Numstat<F> {
    type Item = Result<CommitRead, E>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// Names are bytes to git. SQLite's text ends at a zero byte, which is none of them.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn id_of(part: &[u8]) -> Option<String> {
    match part {
        [MARK, id @ ..] => Some(lossy(id)),
        _ => None,
    }
}

/// `ADDED<tab>REMOVED<tab>PATH`, with dashes for a binary file; the first of a commit stands on a line of its own.
fn change_of(part: &[u8]) -> Option<Change> {
    let part = part.strip_prefix(b"\n").unwrap_or(part);
    let mut columns = part.splitn(3, |byte| *byte == b'\t');
    let (added, removed, path) = (columns.next()?, columns.next()?, columns.next()?);
    let lines = |column: &[u8]| lossy(column).parse().unwrap_or(0);
    Some(Change { path: lossy(path), added: lines(added), removed: lines(removed) })
}

/// One change a path: two names that are no text may read the same.
fn merged(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    changes.dedup_by(|next, kept| {
        let is_same = next.path == kept.path;
        if is_same {
            kept.added += next.added;
            kept.removed += next.removed;
        }
        is_same
    });
    changes
}
