use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v1.Created")]
    Created,
    #[event(name = "v1.Created")]
    Added,
}

fn main() {}
