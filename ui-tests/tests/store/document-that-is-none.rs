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

struct View {
    draft: String,
}

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Project {
    view: ClientDocument<View>,
}

impl Materialize for Project {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {}
