//! The SQL of a `#[query(..)]` as the derive has read it, and held against the schema's tables while compiling.
//!
//! The derive resolves what names alone tell: scopes, aliases, the sides of joins. It knows no column of any table, so
//! that the rest happens here, in constants. Names are compared as hashes; texts are looked at only after a mistake.

mod dependencies;
mod item;
mod report;
mod resolve;
mod result;
mod statement;
mod tables;
mod term;
mod value;
mod view;

pub use dependencies::{BoundColumn, Dependencies, Dependency};
pub use item::{Column, Mistake, Origin};
pub use resolve::{Resolved, capacity};
pub use statement::{
    Aggregate, Bound, Builtin, Compared, Comparison, Join, Otherwise, Output, OutputKind, Place, Reference, Scope,
    Select, Source, SourceKind, SqlDef, Width,
};
pub use tables::{Tables, hash, table_hashes};
pub use term::{Nulls, Term, Types};
