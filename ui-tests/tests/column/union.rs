use store_context::prelude::*;

#[derive(Column, Clone, Copy)]
union Status {
    open: u8,
}

fn main() {}
