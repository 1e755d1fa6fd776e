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

/// The id of a project's store: the letters and digits of its name.
fn id_of(name: &str) -> String {
    let word = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let words: Vec<_> = name.split_whitespace().map(word).filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_lowercase()
}

/// The creation of a project of this name.
pub(crate) fn created(name: &str) -> WorkspaceEvent {
    WorkspaceEvent::ProjectCreated { id: id_of(name), name: name.trim().to_owned() }
}

/// Creates a project of this name, and gives the id of its store.
///
/// # Errors
/// What people are told where it cannot be created.
pub fn create_project(store: &WorkspaceStore, name: &str) -> Result<String, String> {
    let id = id_of(name);
    if id.is_empty() {
        return Err("Give the project a name with letters or digits.".to_owned());
    }
    if store.projects().by_key(&id).get().map_err(|error| error.to_string())?.is_some() {
        return Err("There is a project of this name already.".to_owned());
    }
    store.commit(created(name)).map_err(|error| error.to_string())?;
    Ok(id)
}
