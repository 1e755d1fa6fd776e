//! A page of Yew that a server sent.

#[path = "../../../../store-context-yew/tests/conformance/tree.rs"]
#[allow(dead_code, reason = "the server needs less of it")]
mod tree;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod hydrated;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
#[path = "../../../../store-context-yew/tests/conformance/page.rs"]
mod page;
#[cfg(not(target_family = "wasm"))]
mod server;
