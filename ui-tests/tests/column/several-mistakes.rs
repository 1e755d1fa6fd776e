// errors: 3
use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    #[column(name = "Open")]
    Closed,
    Moved(String),
}

fn main() {}
