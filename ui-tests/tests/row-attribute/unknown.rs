use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", strict = true)]
struct Issue {
    #[row(primary_key)]
    id: String,
    status: String,
}

fn main() {}
