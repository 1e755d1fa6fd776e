// errors: 2
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Default, Serialize, Deserialize)]
#[document(name = "store_context_view")]
struct View {
    draft: String,
}

#[derive(Document, Clone, Default, Serialize, Deserialize)]
struct SqliteView {
    draft: String,
}

fn main() {}
