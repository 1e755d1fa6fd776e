use store_context::prelude::*;

fn main() {
    let _: StoreId = store_id!(crate = "store_context", "alpha");
}
