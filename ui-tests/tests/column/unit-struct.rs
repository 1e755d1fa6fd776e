use store_context::prelude::*;

#[derive(Column, Clone)]
struct Status;

fn main() {}
