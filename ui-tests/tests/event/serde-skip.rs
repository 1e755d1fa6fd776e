use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created { id: String },
    #[serde(skip)]
    Internal,
    #[serde(other)]
    Unknown,
}

fn main() {}
// errors: 2
