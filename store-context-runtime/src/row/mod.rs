//! Values, columns and rows: what a table holds, and how the rows of a result are decoded.
//!
//! Knows nothing of statements or stores.
//! A value is read as it was written, or refused with its column's name.

pub(crate) mod cardinality;
pub(crate) mod changes;
pub(crate) mod column;
pub(crate) mod field;
pub(crate) mod fingerprint;
pub(crate) mod foreign;
pub(crate) mod json;
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod sent;
pub(crate) mod table;
pub(crate) mod value;
