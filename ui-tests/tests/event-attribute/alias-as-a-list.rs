use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(alias("v1.Created", "v0.Created"))]
    Created,
}

fn main() {}
