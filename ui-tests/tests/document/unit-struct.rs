use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Document, Clone, Default, Serialize, Deserialize)]
struct View;

fn main() {}
