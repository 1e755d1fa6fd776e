//! [`Closed`]: the end of a file, which the next generation of its store waits for.

use std::sync::Arc;

use crate::error::StoreError;
use crate::host::signal::Signal;

/// Fires when the file is closed, with what its last flush met with.
pub(crate) type Closed = Arc<Signal<Result<(), StoreError>>>;

/// Fires that a file is closed when it is dropped, if nobody did before: where nothing was opened, nothing is open.
pub(crate) struct ClosedOnDrop(Closed);

impl ClosedOnDrop {
    /// For a file that is to be opened, and what waits for its end.
    pub(crate) fn new() -> (Self, Closed) {
        let closed = Signal::new();
        (Self(Arc::clone(&closed)), closed)
    }

    pub(crate) fn fire(&self, closed: Result<(), StoreError>) {
        self.0.fire(closed);
    }
}

impl Drop for ClosedOnDrop {
    fn drop(&mut self) {
        self.fire(Ok(()));
    }
}
