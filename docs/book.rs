//! Compiles the code of the pages that name a user interface. The facade compiles that of the others, without any.

#[cfg(doctest)]
#[doc = include_str!("src/migration.md")]
struct Migration;

#[cfg(doctest)]
#[doc = include_str!("src/from-livestore.md")]
struct FromLivestore;
