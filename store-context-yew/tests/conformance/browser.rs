//! Each behaviour in a browser.

use store_context_conformance::{behaviours, each_behaviour};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::page::YewPage;

wasm_bindgen_test_configure!(run_in_browser);

macro_rules! case {
    ($name:ident) => {
        #[wasm_bindgen_test]
        async fn $name() {
            behaviours::$name::<YewPage>().await;
        }
    };
}
each_behaviour!(case);
