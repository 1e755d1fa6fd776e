use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "lowercase")]
enum Status {
    Open,
    Done,
}

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(default = Status::Closed)]
    status: Status,
}

fn main() {}
