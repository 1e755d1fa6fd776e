//! [`Project`]: the store of one project, and what happens in it.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

use crate::filters::Filters;
use crate::issue::{Issue, IssueKey, Priority, Status};

/// What happens in a project.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum ProjectEvent {
    /// An issue was added.
    #[event(name = "v1.Added")]
    Added {
        /// What it is about.
        title: String,
        /// Where it stands.
        status: Status,
        /// How much it matters.
        priority: Priority,
    },
    /// An issue has another title.
    #[event(name = "v1.Retitled")]
    Retitled {
        /// Which one.
        number: IssueKey,
        /// What it is about.
        title: String,
    },
    /// An issue stands elsewhere.
    #[event(name = "v1.Moved")]
    Moved {
        /// Which one.
        number: IssueKey,
        /// Where it stands.
        status: Status,
    },
    /// An issue matters more, or less.
    #[event(name = "v1.Prioritized")]
    Prioritized {
        /// Which one.
        number: IssueKey,
        /// How much it matters.
        priority: Priority,
    },
}

/// The store of one project.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub struct Project {
    /// Every issue.
    pub issues: Table<Issue>,
    /// What is shown.
    pub filters: ClientDocument<Filters>,
    /// How many issues stand there.
    #[query("SELECT count(*) FROM issues WHERE status = :status")]
    pub count_of: Query<fn(status: Status) -> i64>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::Added { title, status, priority } => {
                let number = 1 + tx.table::<Issue>().count()?;
                tx.insert(Issue { number, title, status, priority })?;
            }
            ProjectEvent::Retitled { number, title } => {
                tx.table::<Issue>().by_key(number).update(|issue| issue.title.set(title))?;
            }
            ProjectEvent::Moved { number, status } => {
                tx.table::<Issue>().by_key(number).update(|issue| issue.status.set(status))?;
            }
            ProjectEvent::Prioritized { number, priority } => {
                tx.table::<Issue>().by_key(number).update(|issue| issue.priority.set(priority))?;
            }
        }
        Ok(())
    }
}

/// Adds an issue with the title that is being typed, which is empty then.
///
/// # Errors
/// When the store refuses the commit: the title is still there.
pub fn add_typed(store: &ProjectStore) -> Result<(), StoreError> {
    let title = store.filters().get()?.draft.trim().to_owned();
    if title.is_empty() {
        return Ok(());
    }
    let added = ProjectEvent::Added { title, status: Status::default(), priority: Priority::default() };
    store.commit_with(added, [store.filters().change(|filters| filters.draft.clear())])?;
    Ok(())
}

/// Gives an issue another title. A blank one is not taken: an issue without a title cannot be found again.
///
/// # Errors
/// When the store refuses the commit.
pub fn retitle(store: &ProjectStore, number: IssueKey, title: &str) -> Result<(), StoreError> {
    let title = title.trim().to_owned();
    if title.is_empty() {
        return Ok(());
    }
    store.commit(ProjectEvent::Retitled { number, title })?;
    Ok(())
}
