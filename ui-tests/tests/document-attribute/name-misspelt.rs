use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Default, Serialize, Deserialize)]
#[document(nmae = "board")]
struct View {
    draft: String,
}

fn main() {}
