// errors: 4
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "sqlite_issues", index(titel))]
struct Issue {
    id: String,
    #[row(references = "projects")]
    title: String,
}

fn main() {}
