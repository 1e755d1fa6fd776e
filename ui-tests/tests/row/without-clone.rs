use store_context::prelude::*;

#[derive(Row)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
}

fn main() {}
