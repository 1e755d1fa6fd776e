use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues\0")]
struct Issue {
    #[row(primary_key)]
    id: String,
}

fn main() {}
