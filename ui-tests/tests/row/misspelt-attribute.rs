// errors: 2
use store_context::prelude::*;
use store_context::query::{Filter, TableRow};

#[derive(Row, Clone)]
#[row(tabel = "issues")]
struct Issue {
    #[row(primry_key)]
    id: String,
    title: String,
}

fn titled(columns: <Issue as TableRow>::Columns) -> Filter<Issue> {
    columns.title.eq("x")
}

fn main() {
    let _ = titled;
}
