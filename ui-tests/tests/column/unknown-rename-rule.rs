use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "snakecase")]
enum Status {
    Open,
}

fn main() {}
