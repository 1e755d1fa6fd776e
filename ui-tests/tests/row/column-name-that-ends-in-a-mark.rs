use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(rename = "ok!")]
    ok: bool,
}

fn main() {}
