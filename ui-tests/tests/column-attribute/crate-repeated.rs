use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(crate = ::store_context, crate = ::store_context)]
enum Status {
    Open,
    Done,
}

fn main() {}
