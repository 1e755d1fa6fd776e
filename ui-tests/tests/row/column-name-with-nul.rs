use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key, rename = "i\0d")]
    id: String,
}

fn main() {}
