use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue<'a> {
    #[row(primary_key)]
    id: &'a str,
}

fn main() {}
