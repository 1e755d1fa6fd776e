use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    points: i64,
}

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Project {
    issues: Table<Issue>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {}
    }
}

fn main() {}
