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
    #[query("SELECT count(*) FROM issues WHERE points > :points AND id <> :id")]
    above: Query<fn(points: i64, id: &str) -> i64>,
}

impl Materialize for Project {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

#[derive(Row, Clone)]
#[row(table = "users")]
struct User {
    #[row(primary_key)]
    name: String,
}

#[derive(Event, Clone, Serialize, Deserialize)]
enum UserEvent {
    Added,
}

fn main() {
    let _ = |store: ProjectStore| store.issues().filter(|_| <User as store_context::query::TableRow>::COLUMNS.name.eq("x"));
}
