use store_context::prelude::*;

fn main() {
    let name = "alpha";
    let _: StoreId = store_id!("");
    let _ = name;
}
