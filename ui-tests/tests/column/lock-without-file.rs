use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(lock = "project.events.lock")]
enum Status {
    Todo,
}

fn main() {}
