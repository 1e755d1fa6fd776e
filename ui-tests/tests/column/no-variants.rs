use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {}

fn main() {}
