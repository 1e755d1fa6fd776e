//! The embedded SQLite adapter of `store-context`: event log, materialized state, read footprints.
//!
//! Applications use the facade `store-context`. A store is one database: the log and the state tables change in one
//! transaction, through the one writing connection; readers have connections of their own and see the last commit.

mod access;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod browser;
mod capture;
mod connection;
mod ddl;
mod error;
mod file;
mod lock;
mod log;
mod open;
mod readers;
mod reads;
mod replica;
mod session;
mod settings;
mod sqlite;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod stores;
mod stores_error;
mod writer;

pub use replica::shared_log::{Image, LogPage, OpenedLog, Rebase, SharedLog, SharedLogs, TakeImage};
pub use settings::Durability;
pub use sqlite::Sqlite;
pub use stores_error::StoresError;
