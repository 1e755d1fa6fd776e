use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
#[event(crate)]
enum ProjectEvent {
    Created,
}

fn main() {}
