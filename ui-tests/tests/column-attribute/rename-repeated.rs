use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    #[column(rename = "closed", rename = "finished")]
    Done,
}

fn main() {}
