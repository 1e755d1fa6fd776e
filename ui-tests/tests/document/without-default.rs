use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Serialize, Deserialize)]
struct View {
    draft: String,
}

fn main() {}
