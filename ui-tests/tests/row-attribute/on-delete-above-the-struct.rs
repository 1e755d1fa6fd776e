use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", on_delete = "cascade")]
struct Issue {
    #[row(primary_key)]
    id: String,
    status: String,
}

fn main() {}
