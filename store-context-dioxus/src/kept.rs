//! [`Kept`]: a signal that is set from any thread.

use dioxus::prelude::*;
use dioxus_core::current_scope_id;
use store_context_runtime::Subscription;

/// A signal of the component that makes it, set whenever what it is read from differs. It goes when this is dropped.
pub(crate) struct Kept<T: Send + Sync + 'static> {
    pub(crate) signal: SyncSignal<T>,
    tells: Option<Subscription>,
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// `subscribe` takes what is called on a change, and gives nothing where the value stays.
    pub(crate) fn new(
        read: impl Fn() -> T + Send + Sync + 'static,
        subscribe: impl FnOnce(Box<dyn Fn() + Send + Sync>) -> Option<Subscription>,
    ) -> Self {
        let signal = SyncSignal::new_maybe_sync_in_scope(read(), current_scope_id());
        let tells = subscribe(Box::new(move || {
            let mut signal = signal;
            // Where the component is gone by now, nobody is to be told.
            if let Ok(mut value) = signal.try_write() {
                *value = read();
            }
        }));
        Self { signal, tells }
    }
}

impl<T: Send + Sync + 'static> Drop for Kept<T> {
    fn drop(&mut self) {
        self.tells = None;
        self.signal.manually_drop();
    }
}
