use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(rename = "state", rename = "stage")]
    status: String,
}

fn main() {}
