use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(index(id, title))]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(unique, default = "none")]
    title: String,
}

fn main() {}
