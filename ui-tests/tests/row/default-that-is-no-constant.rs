// errors: 2
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(default = String::new())]
    title: String,
    #[row(default = 9223372036854775808)]
    points: i64,
}

fn main() {}
