use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Default, Serialize, Deserialize)]
#[document(name = "\0view")]
struct BoardView {
    draft: String,
}

fn main() {}
