use serde::Serialize;
use store_context::prelude::*;

#[derive(Document, Clone, Default, Serialize)]
struct View {
    draft: String,
}

fn main() {}
