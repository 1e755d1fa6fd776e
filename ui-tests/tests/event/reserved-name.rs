use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "store_context.DocumentUpdated")]
    Updated,
    #[event(name = "")]
    Created,
}

fn main() {}
// errors: 2
