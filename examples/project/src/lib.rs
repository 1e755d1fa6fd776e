//! A project and its issues: what the examples in a terminal and in a window have in common. Each opens what the other
//! wrote.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// An issue of a project.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
pub struct Issue {
    /// Names the issue. A later one has a higher number.
    #[row(primary_key)]
    pub number: i64,
    /// What it is about.
    pub title: String,
    /// Whether nothing is left to do.
    pub done: bool,
}

/// What is being typed.
#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The title of the next issue.
    pub draft: String,
}

/// What happens in a project.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum ProjectEvent {
    /// An issue was added.
    #[event(name = "v1.Added")]
    Added {
        /// What it is about.
        title: String,
    },
    /// An issue was done, or was not done after all.
    #[event(name = "v1.Marked")]
    Marked {
        /// Which one.
        number: i64,
        /// Whether nothing is left to do.
        done: bool,
    },
}

/// The store of one project.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub struct Project {
    /// Every issue of the project.
    pub issues: Table<Issue>,
    /// What is being typed.
    pub view: ClientDocument<View>,
    /// Every issue, the oldest first.
    #[query("SELECT * FROM issues ORDER BY number")]
    pub listed: Query<fn() -> Vec<Issue>>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::Added { title } => {
                let number = i64::try_from(tx.meta().sequence)?;
                tx.insert(Issue { number, title, done: false })?;
            }
            ProjectEvent::Marked { number, done } => {
                tx.table::<Issue>().by_key(number).update(|issue| issue.done.set(done))?;
            }
        }
        Ok(())
    }
}

/// Adds an issue with the title that is being typed, which is empty then. Says whether there was one.
///
/// # Errors
/// When the store does not run, or refuses the commit: the title is still there.
pub fn add_typed(project: &ProjectStore) -> Result<bool, StoreError> {
    let title = project.view().get()?.draft;
    if title.trim().is_empty() {
        return Ok(false);
    }
    let emptied = project.view().change(|view| view.draft.clear());
    project.commit_with(ProjectEvent::Added { title }, [emptied])?;
    Ok(true)
}
