//! A schema with something of everything; what the derives make of its items lies beside it.

/// An issue, as the project's board shows it.
#[derive(Row, Clone, Debug)]
#[row(table = "issues", index(project, created_at))]
pub struct Issue {
    #[row(primary_key)]
    pub id: String,
    /// The project that it belongs to.
    #[row(references = "projects.id", on_delete = "cascade")]
    pub project: ProjectId,
    #[row(default = Status::Todo, index)]
    pub status: Status,
    pub(crate) points: Option<i64>,
    #[row(json, default = "[]")]
    labels: Vec<String>,
    #[row(default = 0, rename = "created")]
    pub created_at: i64,
}

#[derive(Row, Clone, Debug)]
struct Count {
    status: Status,
    issues: i64,
    #[row(json)]
    labels: Option<Vec<String>>,
}

#[derive(Row, Clone, Debug)]
#[row(table = "projects")]
pub struct Project {
    #[row(primary_key)]
    pub id: ProjectId,
}

#[derive(Column, Clone, Copy, Debug)]
#[column(rename_all = "snake_case")]
pub enum Status {
    Todo,
    InProgress,
    #[column(rename = "closed")]
    Done,
}

#[derive(Column, Clone, Debug)]
pub struct ProjectId(pub String);

#[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
pub struct BoardView {
    pub draft: String,
}

#[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
#[document(name = "columns")]
struct ColumnView {
    collapsed: bool,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum BoardEvent {
    #[event(name = "v2.IssueCreated", alias = "v1.IssueCreated")]
    IssueCreated { id: String, title: String },
    Moved(String, Status),
    Cleared,
}

/// The store of one board.
#[derive(StoreContext)]
#[store(name = "board", events = BoardEvent, version = 2, adapter = Sqlite::in_dir("data"))]
pub struct Board {
    /// Every issue.
    pub issues: Table<Issue>,
    pub projects: Table<Project>,
    /// What this session types.
    pub view: ClientDocument<BoardView>,
    column_views: ClientDocument<ColumnView, Status>,
    /// Issues in one state, newest first.
    #[query(
        "SELECT * FROM issues WHERE status = :status AND project = :project
         ORDER BY created DESC LIMIT :limit"
    )]
    pub by_status: Query<fn(status: Status, project: &str, limit: Option<u32>) -> Vec<Issue>>,
    #[query("SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1")]
    count: Query<fn() -> Option<Count>>,
    #[query("SELECT count(*) FROM issues")]
    pub total: Query<fn() -> i64>,
}
