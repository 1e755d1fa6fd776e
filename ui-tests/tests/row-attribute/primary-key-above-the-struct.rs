use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", primary_key(id))]
struct Issue {
    id: String,
    status: String,
}

fn main() {}
