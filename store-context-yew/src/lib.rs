#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod boundary;
mod changes;
mod document;
mod provider;
mod query;
mod store;

pub use boundary::{StoreErrorBoundary, StoreErrorBoundaryProps};
pub use document::{DocumentSetter, use_client_document};
pub use provider::{
    Providers, StoreProvider, StoreProviderProps, StoreRegistryProvider, StoreRegistryProviderProps, use_store_registry,
};
pub use query::{use_query, use_query_hydrated, use_query_suspense};
pub use store::{use_store, use_store_by_id, use_store_result, use_store_result_by_id};
