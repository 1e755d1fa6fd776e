use store_context::prelude::*;

type Maybe = Option<i64>;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: Maybe,
}

fn main() {}
