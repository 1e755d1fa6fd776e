// errors: 3
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v1.Created", upcast_from = ("v1.Created", created))]
    Created,
    #[event(alias = "v1.Added")]
    Added,
    #[event(upcast_from = ("v1.Added", moved), upcast_from = ("v1.Moved", moved), upcast_from = ("v1.Moved", moved))]
    Moved,
}

fn created(_: ()) -> ProjectEvent {
    ProjectEvent::Created
}

fn moved(_: ()) -> ProjectEvent {
    ProjectEvent::Moved
}

fn main() {}
