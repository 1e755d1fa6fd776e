use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    id: String,
}

fn main() {
    let _ = |issue: Issue| issue.id;
}
