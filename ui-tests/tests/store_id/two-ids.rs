use store_context::prelude::*;

fn main() {
    let name = "alpha";
    let _: StoreId = store_id!("a", "b");
    let _ = name;
}
