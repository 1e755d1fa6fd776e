use store_context::prelude::*;

fn main() {
    let name = "alpha";
    let _: StoreId = store_id!("../alpha");
    let _ = name;
}
