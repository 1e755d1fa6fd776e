use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Serialize, Deserialize)]
enum View {}

impl Default for View {
    fn default() -> Self {
        unreachable!()
    }
}

fn main() {}
