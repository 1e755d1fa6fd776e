use store_context::prelude::*;

#[derive(Row, Clone)]
struct Issue {
    #[row(table = "issues", primary_key)]
    id: String,
    status: String,
}

fn main() {}
