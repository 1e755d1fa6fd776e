use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", crate = "store_context")]
struct Issue {
    #[row(primary_key)]
    id: String,
    status: String,
}

fn main() {}
