use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename = "state")]
enum Status {
    Open,
    Done,
}

fn main() {}
