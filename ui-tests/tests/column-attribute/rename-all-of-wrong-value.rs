use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "Title Case")]
enum Status {
    Open,
    Done,
}

fn main() {}
