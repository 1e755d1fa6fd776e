// errors: 3
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v2.Created", upcast_from = "v1.Created")]
    Created,
    #[event(name = "v2.Added", upcast_from("v1.Added", from_v1))]
    Added,
    #[event(name = "v2.Moved", upcast_from = ("v1.Moved", "from_v1"))]
    Moved,
}

fn main() {}
