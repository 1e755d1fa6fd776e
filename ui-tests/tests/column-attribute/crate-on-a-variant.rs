use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    #[column(crate = ::store_context)]
    Done,
}

fn main() {}
