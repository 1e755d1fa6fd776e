//! A schema that names its adapter mounts without another one.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

use serde::{Deserialize, Serialize};
use store_context::StoreId;
use store_context::prelude::*;
use store_context_ui_tests::Dummy;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

#[derive(StoreContext)]
#[store(events = ProjectEvent, adapter = default_adapter(1))]
struct Project {}

fn default_adapter(_: i32) -> Dummy {
    Dummy
}

impl Materialize for Project {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {
    let registry = StoreRegistry::new();
    let id: StoreId = store_id!("alpha");
    let mounted = ProjectProvider::new().store_id(id).mount(&registry);
    assert_eq!(mounted.map(|mounted| mounted.name().to_string()).ok().as_deref(), Some("project@alpha"));
    let _: Option<ProjectKey> = None;
    let _ = ProjectEvent::Created;
}
