// errors: 2
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "Store_Context_events")]
struct Issue {
    #[row(primary_key)]
    id: String,
}

#[derive(Row, Clone)]
#[row(table = "sqlite_issues")]
struct Other {
    #[row(primary_key)]
    id: String,
}

fn main() {}
