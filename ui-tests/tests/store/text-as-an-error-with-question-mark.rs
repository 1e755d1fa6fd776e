use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    points: i64,
    spent: i64,
    done: bool,
    #[row(json)]
    labels: Vec<String>,
}

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Project {
    issues: Table<Issue>,
    #[query("SELECT count(*) FROM issues")]
    total: Query<fn() -> i64>,
}

impl Materialize for Project {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Err("no such issue")?
    }
}

fn main() {}
