use store_context::prelude::*;

#[derive(Row, Clone)]
struct Issue;

fn main() {}
