//! The schema that most tests use: the issues of a project.

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Todo,
    Doing,
    #[column(rename = "done")]
    Done,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
pub struct Issue {
    #[row(primary_key)]
    pub id: String,
    pub title: String,
    #[row(index)]
    pub status: Status,
    pub points: Option<i64>,
    #[row(json)]
    pub labels: Vec<String>,
    #[row(default = 0)]
    pub created_at: i64,
}

#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct BoardView {
    pub filter: Option<Status>,
    pub draft: String,
}

#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[document(name = "issue_drafts")]
pub struct IssueDraft {
    pub text: String,
}

#[derive(Event, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ProjectEvent {
    #[event(name = "v1.IssueCreated")]
    IssueCreated { id: String, title: String },
    #[event(name = "v1.IssueFiled")]
    IssueFiled { id: String, title: String, status: Status, points: Option<i64>, labels: Vec<String>, created_at: i64 },
    #[event(name = "v1.StatusChanged")]
    StatusChanged { id: String, status: Status },
    #[event(name = "v1.Retitled")]
    Retitled { id: String, title: String },
    #[event(name = "v1.IssueDeleted")]
    IssueDeleted { id: String },
    /// Fails in its materializer.
    #[event(name = "v1.Refused")]
    Refused { reason: String },
    /// Panics in its materializer.
    #[event(name = "v1.Panicked")]
    Panicked,
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
    #[query("SELECT * FROM issues WHERE status = :status ORDER BY created_at DESC, id LIMIT :limit")]
    pub by_status: Query<fn(status: Status, limit: u32) -> Vec<Issue>>,
    /// How many issues there are.
    #[query("SELECT count(*) FROM issues")]
    pub total: Query<fn() -> i64>,
    /// The title of one issue.
    #[query("SELECT title FROM issues WHERE id = :id")]
    pub title_of: Query<fn(id: &str) -> Option<String>>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::IssueCreated { id, title } => {
                let created_at = i64::try_from(tx.meta().sequence)?;
                tx.insert(Issue { id, title, status: Status::Todo, points: None, labels: vec![], created_at })?;
            }
            ProjectEvent::IssueFiled { id, title, status, points, labels, created_at } => {
                tx.insert(Issue { id, title, status, points, labels, created_at })?;
            }
            ProjectEvent::StatusChanged { id, status } => {
                tx.table::<Issue>().by_key(id).update(|i| i.status.set(status))?;
            }
            ProjectEvent::Retitled { id, title } => {
                tx.table::<Issue>().by_key(id).update(|i| i.title.set(title))?;
            }
            ProjectEvent::IssueDeleted { id } => {
                tx.table::<Issue>().by_key(id).delete()?;
            }
            ProjectEvent::Refused { reason } => return Err(MaterializeError::new(reason)),
            ProjectEvent::Panicked => panic!("the materializer's own panic"),
        }
        Ok(())
    }
}

pub fn created(id: &str, title: &str) -> ProjectEvent {
    ProjectEvent::IssueCreated { id: id.to_owned(), title: title.to_owned() }
}

pub fn moved(id: &str, status: Status) -> ProjectEvent {
    ProjectEvent::StatusChanged { id: id.to_owned(), status }
}

pub fn filed(id: &str, status: Status, points: Option<i64>, labels: &[&str], created_at: i64) -> ProjectEvent {
    ProjectEvent::IssueFiled {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        status,
        points,
        labels: labels.iter().map(ToString::to_string).collect(),
        created_at,
    }
}

pub fn in_memory() -> ProjectStore {
    block_on(Project::open(Sqlite::in_memory())).unwrap()
}

pub fn in_dir(dir: &std::path::Path) -> ProjectStore {
    block_on(Project::open(Sqlite::in_dir(dir))).unwrap()
}

/// The ids of all issues, in order.
pub fn ids(store: &ProjectStore) -> Vec<String> {
    store.issues().order_by(|i| i.id.asc()).get().unwrap().iter().map(|issue| issue.id.clone()).collect()
}
