// errors: 2
use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status {
    Open,
    Closed { reason: String },
    Moved(String),
}

fn main() {}
