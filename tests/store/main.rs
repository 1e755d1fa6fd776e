//! The facade as a user writes against it. One binary, a module a theme.

// Schemas here are `pub`, as an application's are, and their queries have types as an application's have.
#![allow(unreachable_pub, clippy::type_complexity)]

mod bad_input;
mod builder;
#[cfg(feature = "checked-sql")]
mod checked_sql;
mod commits;
mod crash;
mod documents;
mod hostile;
mod hostile_life;
mod keys;
mod kit;
mod life;
mod live;
mod many_stores;
mod model;
mod project;
mod promises;
mod replay;
mod scopes;
mod soak;
mod types;
mod upcasting;
mod watching;
