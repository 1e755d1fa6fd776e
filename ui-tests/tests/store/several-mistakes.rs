// errors: 6
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
}

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

#[derive(StoreContext)]
#[store(name = "my project", events = ProjectEvent, version = "2")]
struct Project {
    issues: Table<Issue>,
    tickets: Table<Issue>,
    labels: Vec<String>,
    total: Query<fn() -> i64>,
    #[query("SELECT * FROM issues")]
    all: Query<Vec<Issue>>,
}

impl Materialize for Project {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {
    let _ = |store: ProjectStore| (store.issues().get(), store.total().get());
}
