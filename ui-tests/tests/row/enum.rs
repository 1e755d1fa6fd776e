use store_context::prelude::*;

#[derive(Row, Clone)]
enum Issue {
    Open,
}

fn main() {}
