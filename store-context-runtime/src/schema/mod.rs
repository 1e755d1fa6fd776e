//! What a store consists of, known while compiling: tables, documents, queries, events, and the check of their SQL.
//!
//! Knows rows and tables as data. Most of it runs in constants, where a panic is a compile error.
//! Two schemas with one hash have the same tables.

pub(crate) mod check;
pub mod checked;
pub(crate) mod def;
pub(crate) mod document;
pub(crate) mod event;
pub(crate) mod sentence;
