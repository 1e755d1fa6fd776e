use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
#[event(crat = ::store_context)]
enum ProjectEvent {
    Created,
}

fn main() {}
