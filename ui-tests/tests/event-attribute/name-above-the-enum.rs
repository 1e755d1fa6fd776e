use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
#[event(name = "project")]
enum ProjectEvent {
    Created,
}

fn main() {}
