use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    #[column(rename)]
    Done,
}

fn main() {}
