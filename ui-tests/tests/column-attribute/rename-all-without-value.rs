use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all)]
enum Status {
    Open,
    Done,
}

fn main() {}
