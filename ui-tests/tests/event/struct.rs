use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
struct ProjectEvent {
    id: String,
}

fn main() {}
