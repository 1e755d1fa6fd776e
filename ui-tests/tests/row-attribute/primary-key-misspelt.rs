use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primry_key)]
    id: String,
    status: String,
}

fn main() {}
