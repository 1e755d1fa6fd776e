use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "lowercase")]
enum Status {
    Open,
    #[column(rename = "open")]
    Reopened,
}

fn main() {}
