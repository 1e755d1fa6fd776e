use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v2.Created", alais = "v1.Created")]
    Created,
}

fn main() {}
