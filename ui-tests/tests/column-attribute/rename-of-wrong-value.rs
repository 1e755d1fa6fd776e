use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    #[column(rename = 1)]
    Done,
}

fn main() {}
