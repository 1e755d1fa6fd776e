// errors: 2
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(default = "none")]
    points: i64,
    #[row(json, default = 0)]
    labels: Vec<String>,
}

fn main() {}
