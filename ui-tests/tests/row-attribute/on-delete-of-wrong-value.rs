use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(references = "states.id", on_delete = "nothing")]
    status: String,
}

fn main() {}
