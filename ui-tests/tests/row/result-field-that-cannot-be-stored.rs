use store_context::prelude::*;

#[derive(Row, Clone)]
struct Total {
    points: std::time::Duration,
}

fn main() {}
