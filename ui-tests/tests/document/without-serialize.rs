use serde::Deserialize;
use store_context::prelude::*;

#[derive(Document, Clone, Default, Deserialize)]
struct View {
    draft: String,
}

fn main() {}
