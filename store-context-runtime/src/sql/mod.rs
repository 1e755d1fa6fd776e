//! A statement as data: text with its bound values, and the plan that the typed builder makes one of.
//!
//! Knows values, columns and tables.
//! Values are bound and names are quoted: no text of a user becomes SQL.

pub(crate) mod column_ref;
pub(crate) mod condition;
pub(crate) mod filter;
pub(crate) mod key;
pub(crate) mod list_order;
pub(crate) mod operators;
pub(crate) mod outline;
pub(crate) mod plan;
pub(crate) mod statement;
pub(crate) mod text;
