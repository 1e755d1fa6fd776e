use store_context::prelude::*;

#[derive(Clone)]
struct Place;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(json)]
    place: Place,
}

fn main() {}
