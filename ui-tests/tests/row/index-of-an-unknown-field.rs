// errors: 2
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", index(status, titel), unique(id, owner))]
struct Issue {
    #[row(primary_key)]
    id: String,
    title: String,
    status: String,
}

fn main() {}
