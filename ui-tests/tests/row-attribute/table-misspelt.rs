use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(tabel = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    status: String,
}

fn main() {}
