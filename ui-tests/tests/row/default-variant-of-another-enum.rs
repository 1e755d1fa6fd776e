use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "lowercase")]
enum Status {
    Open,
    Done,
}

#[derive(Column, Clone)]
enum Other {
    Open,
}

#[derive(Row, Clone)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: String,
    #[row(default = Other::Open)]
    status: Status,
}

fn main() {}
