//! Two projects on disk, each a store of its own. Run it twice: everything was kept.
//!
//!     cargo run --release --example quickstart -- [DIRECTORY]

use std::path::PathBuf;

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// Where an issue stands.
#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Todo,
    Done,
}

/// An issue, as the project's board shows it.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    title: String,
    #[row(index)]
    status: Status,
    points: Option<i64>,
    #[row(json)]
    labels: Vec<String>,
    #[row(default = 0)]
    created_at: i64,
}

/// What the board shows and what is being typed.
#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
struct BoardView {
    filter: Option<Status>,
    draft: String,
}

/// What happens in a project.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v1.IssueCreated")]
    IssueCreated { id: String, title: String },
    #[event(name = "v1.StatusChanged")]
    StatusChanged { id: String, status: Status },
}

/// The store of one project.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
struct Project {
    /// Every issue of the project.
    issues: Table<Issue>,
    /// What this session filters and types.
    view: ClientDocument<BoardView>,
    /// Issues in one state, newest first.
    #[query("SELECT * FROM issues WHERE status = :status ORDER BY created_at DESC LIMIT :limit")]
    by_status: Query<fn(status: Status, limit: u32) -> Vec<Issue>>,
    /// How many issues there are.
    #[query("SELECT count(*) FROM issues")]
    total: Query<fn() -> i64>,
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

/// Adds an issue, finishes the oldest one, and shows the board.
fn work_on(project: &ProjectStore) -> Result<(), StoreError> {
    let before = project.total().get()?;
    let drafts = project.view().get()?.draft;
    match before {
        0 => println!("{}: a new store", project.name()),
        _ => println!("{}: {before} issues were kept, and the draft {drafts:?}", project.name()),
    }

    let live = project.by_status(Status::Todo, 20).subscribe(|todo| match todo {
        Ok(todo) => println!("  live: {} to do", todo.len()),
        Err(error) => println!("  live: {error}"),
    })?;
    let number = before + 1;
    let (id, title) = (format!("issue-{number}"), format!("Issue number {number} of {}", project.id()));
    let receipt = project.commit(ProjectEvent::IssueCreated { id, title })?;
    let oldest = project.issues().filter(|i| i.status.eq(Status::Todo)).order_by(|i| i.created_at.asc()).first();
    if let (true, Some(issue)) = (number % 3 == 0, oldest.get()?) {
        project.commit(ProjectEvent::StatusChanged { id: issue.id, status: Status::Done })?;
    }
    project.view().update(|view| view.draft = format!("after event {}", receipt.sequence()))?;
    drop(live);

    for issue in &project.issues().order_by(|i| [i.status.desc(), i.created_at.desc()]).limit(5).get()? {
        println!("  {:<5} {:<10} {}", format!("{:?}", issue.status), issue.id, issue.title);
    }
    block_on(receipt.durable())?;
    println!("  event {} of its log survives power loss", receipt.sequence());
    Ok(())
}

fn main() -> Result<(), StoreError> {
    let directory = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("data"), PathBuf::from);
    println!("stores in {}", directory.display());

    let registry = StoreRegistry::new();
    let data = Sqlite::in_dir(directory);
    // Both return at once and load side by side.
    let alpha = ProjectProvider::new().adapter(data.clone()).store_id(store_id!("alpha")).mount(&registry)?;
    let beta = ProjectProvider::new().adapter(data).store_id("beta").mount(&registry)?;
    for project in [alpha, beta] {
        // Suspends until the store runs.
        work_on(&block_on(project.store())?)?;
    }
    Ok(())
}
