use store_context::prelude::*;

#[derive(Column, Clone)]
struct Points(u64);

fn main() {}
