use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(crat = ::store_context)]
enum Status {
    Open,
    Done,
}

fn main() {}
