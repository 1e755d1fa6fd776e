//! What the cases share.

use std::pin::Pin;

use store_context::adapter::{Adapter, AdapterIdentity, OpenError, OpenRequest, Opened};

/// An adapter for cases that are compiled and not run.
#[derive(Clone, Copy, Debug)]
pub struct Dummy;

impl Adapter for Dummy {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new("nothing")
    }

    fn open(&self, _: OpenRequest) -> Pin<Box<dyn Future<Output = Result<Opened, OpenError>> + Send>> {
        Box::pin(std::future::pending())
    }
}
