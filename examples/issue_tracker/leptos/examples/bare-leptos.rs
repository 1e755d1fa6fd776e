//! A page of Leptos and nothing else: what the application's size is held against.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use leptos::prelude::*;

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    leptos::mount::mount_to_body(|| view! { <p>"Hello"</p> });
}
