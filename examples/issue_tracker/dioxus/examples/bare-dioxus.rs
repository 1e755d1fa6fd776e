//! A page of Dioxus and nothing else: what the application's size is held against.

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    dioxus_web::launch::launch_cfg(|| dioxus::prelude::rsx! { p { "Hello" } }, dioxus_web::Config::new());
}
