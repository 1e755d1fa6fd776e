use store_context::prelude::*;

#[derive(Column, Clone)]
#[column(rename_all = "lowercase")]
struct IssueId(String);

fn main() {}
