use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key, json)]
    id: Vec<String>,
}

fn main() {}
