use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(renameall = "lowercase")]
enum Status {
    Open,
    Done,
}

fn main() {}
