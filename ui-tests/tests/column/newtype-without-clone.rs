use store_context::prelude::*;

#[derive(Column)]
struct IssueId(String);

fn main() {}
