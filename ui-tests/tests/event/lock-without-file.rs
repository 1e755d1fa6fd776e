use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
#[event(lock = "project.events.lock")]
enum ProjectEvent {
    Created,
}

fn main() {}
