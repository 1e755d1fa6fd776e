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

/// An element of the page with what a server sent in it, whose scripts are run.
#[must_use]
pub fn sent(html: &str) -> Element {
    let root = root();
    root.set_inner_html(html);
    // What is set so is not run. A script with a type is data.
    let scripts = root.query_selector_all("script:not([type])").expect("it is a selector");
    for index in 0..scripts.length() {
        let script: Element = scripts.get(index).expect("it is in the list").unchecked_into();
        let runs = root.owner_document().expect("it is in a page").create_element("script").expect("it is an element");
        runs.set_text_content(script.text_content().as_deref());
        script.replace_with_with_node_1(&runs).expect("it is in the page");
        runs.remove();
    }
    root
}
