use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
#[serde(tag = "type", content = "arguments")]
enum ProjectEvent {
    Created { id: String },
}

fn main() {}
// errors: 2
