//! [`Workspace`]: which projects there are.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// A project, as the workspace lists it.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "projects")]
pub struct ProjectRow {
    /// The id of the project's store.
    #[row(primary_key)]
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// What happens in a workspace.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum WorkspaceEvent {
    /// A project was made.
    #[event(name = "v1.ProjectCreated")]
    ProjectCreated {
        /// The id of the project's store.
        id: String,
        /// What people call it.
        name: String,
    },
}

/// The store that lists the projects.
#[derive(StoreContext)]
#[store(name = "workspace", events = WorkspaceEvent)]
pub struct Workspace {
    /// Every project.
    pub projects: Table<ProjectRow>,
    /// Every project, by name.
    #[query("SELECT * FROM projects ORDER BY name")]
    pub listed: Query<fn() -> Vec<ProjectRow>>,
}

impl Materialize for Workspace {
    fn materialize(event: WorkspaceEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let WorkspaceEvent::ProjectCreated { id, name } = event;
        Ok(tx.insert(ProjectRow { id, name })?)
    }
}

impl WorkspaceEvent {
    /// A project of this name. Its store's id is made of the name's letters and digits.
    #[must_use]
    pub fn project(name: &str) -> Self {
        let word = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let words: Vec<_> = name.split_whitespace().map(word).filter(|word| !word.is_empty()).collect();
        Self::ProjectCreated { id: words.join("-").to_ascii_lowercase(), name: name.trim().to_owned() }
    }
}
