use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Default, Serialize, Deserialize)]
#[document(session = true)]
struct View {
    draft: String,
}

fn main() {}
