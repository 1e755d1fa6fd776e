use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
    #[event(alias = "Created", alias = "Added")]
    Added,
}

fn main() {}
// errors: 2
