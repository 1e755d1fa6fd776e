use store_context::prelude::*;

#[derive(Row, Clone)]
struct Issue<T> {
    id: T,
}

fn main() {}
