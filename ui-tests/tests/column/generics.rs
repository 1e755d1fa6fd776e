use store_context::prelude::*;

#[derive(Column, Clone)]
enum Status<T> {
    Open(T),
}

fn main() {}
