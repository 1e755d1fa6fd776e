// The schema that the book's and the reference's examples use. They include it where they hide it.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// Where an issue stands.
#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Nobody began.
    Todo,
    /// It is finished.
    Done,
}

/// An issue, as the project's board shows it.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
pub struct Issue {
    /// Names the issue.
    #[row(primary_key)]
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    #[row(index)]
    pub status: Status,
    /// How much work it is.
    pub points: Option<i64>,
    /// What it belongs to.
    #[row(json)]
    pub labels: Vec<String>,
    /// When it was created, in milliseconds since the Unix epoch.
    #[row(default = 0)]
    pub created_at: i64,
}

/// What the board shows and what is being typed.
#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct BoardView {
    /// Only issues in this state.
    pub filter: Option<Status>,
    /// The title of the next issue.
    pub draft: String,
}

/// What is typed into an issue.
#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[document(name = "issue_drafts")]
pub struct IssueDraft {
    /// The text.
    pub text: String,
}

/// What happens in a project.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum ProjectEvent {
    /// An issue was created.
    #[event(name = "v1.IssueCreated")]
    IssueCreated {
        /// Names the issue.
        id: String,
        /// What it is about.
        title: String,
    },
    /// An issue moved.
    #[event(name = "v1.StatusChanged")]
    StatusChanged {
        /// Names the issue.
        id: String,
        /// Where it stands now.
        status: Status,
    },
}

/// The store of one project.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub struct Project {
    /// Every issue of the project.
    pub issues: Table<Issue>,
    /// What this session filters and types.
    pub view: ClientDocument<BoardView>,
    /// What is typed into each issue.
    pub drafts: ClientDocument<IssueDraft, String>,
    /// Issues in one state, newest first.
    #[query("SELECT * FROM issues WHERE status = :status ORDER BY created_at DESC LIMIT :limit")]
    pub by_status: Query<fn(status: Status, limit: u32) -> Vec<Issue>>,
    /// How many issues there are.
    #[query("SELECT count(*) FROM issues")]
    pub total: Query<fn() -> i64>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::IssueCreated { id, title } => {
                let created_at = tx.meta().unix_ms;
                tx.insert(Issue { id, title, status: Status::Todo, points: None, labels: vec![], created_at })?;
            }
            ProjectEvent::StatusChanged { id, status } => {
                tx.table::<Issue>().by_key(id).update(|i| i.status.set(status))?;
            }
        }
        Ok(())
    }
}

/// A project in memory with one issue, for examples.
#[allow(dead_code)]
fn example() -> ProjectStore {
    let store = futures::executor::block_on(Project::open(Sqlite::in_memory())).unwrap();
    store.commit(ProjectEvent::IssueCreated { id: "1".into(), title: "First".into() }).unwrap();
    store
}
