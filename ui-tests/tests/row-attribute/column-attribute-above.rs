use store_context::prelude::*;

#[derive(Row, Clone)]
#[column(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    status: String,
}

fn main() {}
