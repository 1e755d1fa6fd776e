use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", index(created_at))]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(rename = "created_at")]
    created: i64,
}

fn main() {}
