//! What stores do in a user interface, written once: behaviours as a named list, which each framework's crate runs with the
//! few verbs of a [`Page`], and a [`Server`] that sends one.
//!
//! A page is data, a tree of [`Node`]s. Each framework renders it with its own components.

#![allow(clippy::missing_panics_doc, reason = "a test panics where it fails")]

pub mod behaviours;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub mod browser;
pub mod hands;
mod node;
mod page;
pub mod schema;
mod server;
mod stage;

pub use node::{Node, Prop};
pub use page::{Page, SentPage};
pub use server::Server;
pub use stage::{CACHE, Stage};
