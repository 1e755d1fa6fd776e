use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    #[column(rename_all = "lowercase")]
    Done,
}

fn main() {}
