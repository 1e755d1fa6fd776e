pub(crate) mod many_stores;
mod scopes;
