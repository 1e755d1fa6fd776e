// errors: 4
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v2.Created", upcast_from = ("v1.Created", created))]
    Created,
    #[event(name = "v2.Added", upcast_from = ("v1.Added", added))]
    Added,
    #[event(name = "v2.Moved", upcast_from = ("v1.Moved", moved))]
    Moved,
    #[event(name = "v2.Deleted", upcast_from = ("v1.Deleted", deleted))]
    Deleted,
}

struct MovedV1;

fn created(_: ()) {}

fn added() -> ProjectEvent {
    ProjectEvent::Added
}

fn moved(_: MovedV1) -> ProjectEvent {
    ProjectEvent::Moved
}

fn main() {}
