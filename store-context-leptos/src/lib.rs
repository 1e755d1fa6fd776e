#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod derived;
mod document;
mod provider;
mod query;
mod store;
mod tracked;
mod waiting;

pub use document::{DocumentSetter, use_client_document};
pub use provider::{
    IntoProviderSet, StoreProvider, StoreProviderProps, StoreRegistryProvider, StoreRegistryProviderProps,
    provide_store, provide_store_registry, use_store_registry,
};
pub use query::{UseQuery, use_query, use_query_hydrated, use_query_suspense};
pub use store::{UseStore, use_store, use_store_by_id};
