//! The facade as a user writes against it, in one binary. A module holds the tests of the runtime's room of that name;
//! beside them stand those that go through all rooms.

// Schemas here are `pub`, as an application's are, and their queries have types as an application's have.
#![allow(unreachable_pub, clippy::type_complexity)]

mod adapter;
mod engine;
mod model;
mod project;
mod promises;
mod registry;
mod replica;
mod row;
mod schema;
mod slot;
mod soak;
mod sql;
mod store;
mod testing;
mod tx;
