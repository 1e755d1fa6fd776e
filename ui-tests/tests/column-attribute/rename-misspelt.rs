use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    #[column(renam = "closed")]
    Done,
}

fn main() {}
