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
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Other {
    #[query("SELECT 1")]
    total: Query<fn() -> i64>,
}

impl Materialize for Other {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {
    let _ = |store: ProjectStore, other: OtherStore| store.read(|snap| snap.get(&other.total()));
}
