// errors: 6
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "issues", index(titel), primary_key)]
struct Issue {
    #[row(primary_key = true)]
    id: Option<String>,
    #[row(renam = "ID")]
    title: String,
}

fn main() {}
