//! Updates a component when something changed on another thread.

use futures::StreamExt;
use futures::channel::mpsc;
use futures::future::{AbortHandle, Abortable};
use store_context_runtime::Subscription;
use yew::platform::spawn_local;

/// What is called on a change, from any thread.
pub(crate) type Tell = Box<dyn Fn() + Send + Sync>;

/// Updates a component on each change that is due, until what is returned is called: for an effect. `subscribe` gives
/// nothing where there is nothing to follow.
pub(crate) fn follow(
    subscribe: impl FnOnce(Tell) -> Option<Subscription>,
    is_due: impl Fn() -> bool + 'static,
    update: impl Fn() + 'static,
) -> impl FnOnce() {
    // One is enough: the component looks at what there is then.
    let (sender, mut receiver) = mpsc::channel(0);
    let (abort, registration) = AbortHandle::new_pair();
    let tells = subscribe(Box::new(move || _ = sender.clone().try_send(())));
    let follow = async move {
        // Named here, so that it lives as long as this.
        let Some(_tells) = tells else { return };
        // What came before the effect ran.
        if is_due() {
            update();
        }
        while receiver.next().await.is_some() {
            if is_due() {
                update();
            }
        }
    };
    spawn_local(async move { _ = Abortable::new(follow, registration).await });
    move || abort.abort()
}
