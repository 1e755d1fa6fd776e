use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Default, Serialize, Deserialize)]
enum View {
    #[default]
    #[document(session)]
    Closed,
}

fn main() {}
