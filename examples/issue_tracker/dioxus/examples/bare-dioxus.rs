//! A page of Dioxus and nothing else: what the application's size is held against.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use dioxus::prelude::*;

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    dioxus_web::launch::launch_cfg(|| rsx! { p { "Hello" } }, dioxus_web::Config::new());
}
