//! Which stores are mounted, and how one is reached: by key, by provider, or by the nearest scope.
//!
//! Knows handles and slots; nothing below knows that there is a registry.
//! Everybody who asks for one key shares one slot, and a disposed registry mounts nothing.

pub(crate) mod compose;
pub(crate) mod names;
pub(crate) mod preload;
pub(crate) mod provider;
pub(crate) mod provider_set;
pub(crate) mod registry;
pub(crate) mod scope;
pub(crate) mod snapshot;
