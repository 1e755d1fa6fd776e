// errors: 2
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
pub struct Issue {
    #[row(primary_key)]
    pub id: String,
}

#[derive(Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v1.Created")]
    Created,
}

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
pub struct Project {
    pub issues: Table<Issue>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::Created => Ok(()),
        }
    }
}

fn main() {}
