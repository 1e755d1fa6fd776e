use store_context::prelude::*;

#[derive(Event, Clone)]
enum ProjectEvent {
    Created,
}

fn main() {}
