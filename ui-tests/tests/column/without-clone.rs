use store_context::prelude::*;

#[derive(Column)]
enum Status {
    Open,
}

fn main() {}
