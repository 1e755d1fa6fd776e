use store_context::prelude::*;

#[derive(Column, Clone)]
struct Place(f64, f64);

fn main() {}
