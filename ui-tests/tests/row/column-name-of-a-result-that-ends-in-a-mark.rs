use store_context::prelude::*;

#[derive(Row, Clone)]
struct Counted {
    #[row(rename = "how many!!")]
    count: i64,
}

fn main() {}
