//! What each framework needs of a browser.

use futures::channel::oneshot;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MessageChannel};

/// An element of the page to render in.
#[must_use]
pub fn root() -> Element {
    let document = web_sys::window().and_then(|window| window.document()).expect("it is a page");
    let root = document.create_element("div").expect("it is an element");
    document.body().expect("it has a body").append_child(&root).expect("it can be shown");
    root
}

/// Lets the browser do what it has to do now: all microtasks, and the tasks that are due.
pub async fn turn() {
    // A timer would be held back to four milliseconds.
    let channel = MessageChannel::new().expect("browsers have channels");
    let (sender, receiver) = oneshot::channel::<()>();
    let on_message = Closure::once_into_js(move || _ = sender.send(()));
    channel.port1().set_onmessage(Some(on_message.unchecked_ref()));
    channel.port2().post_message(&wasm_bindgen::JsValue::NULL).expect("it can be sent");
    receiver.await.expect("it arrives");
    channel.port1().close();
}
