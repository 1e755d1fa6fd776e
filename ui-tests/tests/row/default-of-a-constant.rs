use store_context::prelude::*;

const MOST: i64 = 3;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(default = MOST)]
    points: i64,
}

fn main() {}
