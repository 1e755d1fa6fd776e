use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", uniqe(id, status))]
struct Issue {
    #[row(primary_key)]
    id: String,
    status: String,
}

fn main() {}
