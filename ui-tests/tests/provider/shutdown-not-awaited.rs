#![deny(unused_must_use)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;
use store_context_ui_tests::Dummy;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Project {}

impl Materialize for Project {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {
    let registry = StoreRegistry::new();
    registry.preload(ProjectProvider::new().adapter(Dummy));
    registry.shutdown(&ProjectKey::new(store_id!("default")));
}
