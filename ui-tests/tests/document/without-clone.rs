use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Default, Serialize, Deserialize)]
struct View {
    draft: String,
}

fn main() {}
