use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Project<'a> {
    issues: Table<&'a str>,
}

fn main() {}
