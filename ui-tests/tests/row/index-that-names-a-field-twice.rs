use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", index(title, title))]
struct Issue {
    #[row(primary_key)]
    id: String,
    title: String,
}

fn main() {}
