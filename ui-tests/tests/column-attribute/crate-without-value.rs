use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(crate)]
enum Status {
    Open,
    Done,
}

fn main() {}
