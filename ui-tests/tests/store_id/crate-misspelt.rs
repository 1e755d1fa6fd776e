use store_context::prelude::*;

fn main() {
    let _: StoreId = store_id!(crat = ::store_context, "alpha");
}
