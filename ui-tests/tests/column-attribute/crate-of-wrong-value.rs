use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(crate = 1)]
enum Status {
    Open,
    Done,
}

fn main() {}
