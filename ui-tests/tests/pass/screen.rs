//! The product in one screen.

#![deny(warnings, clippy::all)]
#![allow(missing_docs)]

use serde::{Deserialize, Serialize};
use store_context::__private::{Value, ValueRef};
use store_context::prelude::*;
use store_context::query::TableRow;
use store_context::{DocumentHandle, Subscription};
use store_context_ui_tests::Dummy;

/// An issue, as the project's board shows it.
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

#[derive(Column, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[column(rename_all = "snake_case")]
pub enum Status {
    Todo,
    InProgress,
}

#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct BoardView {
    pub filter: Option<Status>,
    pub draft: String,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum ProjectEvent {
    #[event(name = "v1.IssueCreated")]
    IssueCreated { id: String, title: String },
    #[event(name = "v1.StatusChanged", alias = "v0.Moved")]
    StatusChanged { id: String, status: Status },
}

/// The store of one project.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub struct Project {
    /// Every issue of the project.
    pub issues: Table<Issue>,
    /// What this session filters and types.
    pub view: ClientDocument<BoardView>,
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
            ProjectEvent::IssueCreated { id, title } => tx.insert(Issue {
                id,
                title,
                status: Status::Todo,
                points: None,
                labels: Vec::new(),
                created_at: tx.meta().unix_ms,
            })?,
            ProjectEvent::StatusChanged { id, status } => {
                tx.table::<Issue>().by_key(id).update(|i| i.status.set(status))?;
            }
        }
        Ok(())
    }
}

fn use_store(store: &ProjectStore) -> Result<Subscription, StoreError> {
    store.commit(ProjectEvent::IssueCreated { id: "a".into(), title: "A".into() })?;
    let _todo: Rows<Issue> = store.by_status(Status::Todo, 20).get()?;
    let _total: i64 = store.total().get()?;
    let _big = store
        .issues()
        .filter(|i| i.status.eq(Status::Todo) & i.points.gt(3) & i.labels.contains("x"))
        .order_by(|i| i.created_at.desc())
        .limit(20)
        .get()?;
    let _one: Option<Issue> = store.issues().by_key("a").get()?;
    let view: DocumentHandle<Project, BoardView> = store.view();
    view.update(|v| v.draft = "x".into())?;
    store.by_status(Status::Todo, 20).subscribe(|rows| println!("{rows:?}"))
}

async fn mounted(id: String) -> Result<(), StoreError> {
    let registry = StoreRegistry::new();
    let alpha = ProjectProvider::new().adapter(Dummy).store_id(store_id!("alpha")).mount(&registry)?;
    let _beta = ProjectProvider::new().adapter(Dummy).store_id(id).mount(&registry)?;
    let store: ProjectStore = alpha.store().await?;
    let _alone: ProjectStore = Project::open(Dummy).await?;
    use_store(&store).map(drop)
}

fn main() {
    drop(mounted("beta".to_owned()));
    let schema = <Project as StoreContext>::SCHEMA;
    assert_eq!((schema.name, schema.version), ("project", 1));
    assert_eq!(
        schema.tables[0].columns.iter().map(|c| c.name).collect::<Vec<_>>(),
        ["id", "title", "status", "points", "labels", "created_at"]
    );
    assert_eq!(schema.tables[0].primary_key, ["id"]);
    assert_eq!(schema.documents[0].name, "board_view");
    assert_eq!(schema.queries[0].parameters, ["status", "limit"]);
    assert_eq!(Status::InProgress.to_value(), Value::Text("in_progress".into()));
    assert_eq!(Status::from_value(ValueRef::Text("todo")), Ok(Status::Todo));
    let unknown = Status::from_value(ValueRef::Text("gone")).unwrap_err();
    assert_eq!(unknown.to_string(), "\"gone\" is not a `Status`");
    let values = Issue {
        id: "a".into(),
        title: "A".into(),
        status: Status::Todo,
        points: None,
        labels: vec!["x".into()],
        created_at: 1,
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let expected = vec![text("a"), text("A"), text("todo"), Value::Null, text("[\"x\"]"), Value::Integer(1)];
    assert_eq!(values.to_values(), Ok(expected));
    assert_eq!(ProjectEvent::NAMES, [&["v1.IssueCreated"][..], &["v1.StatusChanged", "v0.Moved"]]);
}
