#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod document;
#[cfg(feature = "fullstack")]
mod hydrated;
mod kept;
mod provider;
mod query;
mod store;

pub use document::{DocumentSetter, use_client_document};
#[cfg(feature = "fullstack")]
pub use hydrated::use_query_hydrated;
pub use provider::{
    StoreProvider, StoreProviderProps, StoreRegistryProvider, StoreRegistryProviderProps, use_store_provider,
    use_store_registry, use_store_registry_provider,
};
pub use query::{QuerySignal, use_query, use_query_suspense};
pub use store::{try_use_store, try_use_store_by_id, use_store, use_store_by_id};
