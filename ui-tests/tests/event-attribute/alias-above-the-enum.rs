use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
#[event(alias = "project")]
enum ProjectEvent {
    Created,
}

fn main() {}
