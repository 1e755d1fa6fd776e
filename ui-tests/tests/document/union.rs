use store_context::prelude::*;

#[derive(Document, Clone, Copy)]
union View {
    number: u32,
}

impl Default for View {
    fn default() -> Self {
        Self { number: 0 }
    }
}

fn main() {}
