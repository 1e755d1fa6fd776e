//! The behaviours of `store-context-conformance` in Leptos: in a browser, and as a server.

mod tree;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod browser;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod page;
#[cfg(not(target_family = "wasm"))]
mod server;
