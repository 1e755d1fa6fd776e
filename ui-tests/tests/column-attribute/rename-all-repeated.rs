use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "lowercase")]
#[column(rename_all = "snake_case")]
enum Status {
    Open,
    Done,
}

fn main() {}
