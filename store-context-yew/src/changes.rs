//! Renders a component when something changed on another thread.

use futures::StreamExt;
use futures::channel::mpsc;
use futures::future::{AbortHandle, Abortable};
use store_context_runtime::Subscription;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Calls from any thread, taken on the page's.
pub(crate) struct Changes {
    receiver: mpsc::Receiver<()>,
    tells: Subscription,
}

impl Changes {
    /// `subscribe` takes what is called on a change.
    pub(crate) fn new(subscribe: impl FnOnce(Box<dyn Fn() + Send + Sync>) -> Subscription) -> Self {
        // One is enough: the component looks at what there is then.
        let (sender, receiver) = mpsc::channel(0);
        let tells = subscribe(Box::new(move || _ = sender.clone().try_send(())));
        Self { receiver, tells }
    }

    /// Renders the component on each change, until what is returned is called. For an effect.
    pub(crate) fn follow(self, is_due: impl Fn() -> bool + 'static, update: UseForceUpdateHandle) -> impl FnOnce() {
        let (abort, registration) = AbortHandle::new_pair();
        let Self { mut receiver, tells } = self;
        let follow = async move {
            // Named here, so that it lives as long as this.
            let _tells = tells;
            // What came before the effect ran.
            if is_due() {
                update.force_update();
            }
            while receiver.next().await.is_some() {
                if is_due() {
                    update.force_update();
                }
            }
        };
        spawn_local(async move { _ = Abortable::new(follow, registration).await });
        move || abort.abort()
    }
}
