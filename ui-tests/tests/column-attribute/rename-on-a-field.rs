use store_context::prelude::*;

#[derive(Column, Clone)]
struct IssueId(#[column(rename = "id")] String);

fn main() {}
