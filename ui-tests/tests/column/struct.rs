use store_context::prelude::*;

#[derive(Column, Clone)]
struct Status {
    done: bool,
}

fn main() {}
