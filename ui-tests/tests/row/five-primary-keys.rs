use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    a: i64,
    #[row(primary_key)]
    b: i64,
    #[row(primary_key)]
    c: i64,
    #[row(primary_key)]
    d: i64,
    #[row(primary_key)]
    e: i64,
}

fn main() {}
