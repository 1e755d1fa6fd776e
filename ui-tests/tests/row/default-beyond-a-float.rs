use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: i64,
    #[row(default = 1e400)]
    weight: f64,
}

fn main() {}
