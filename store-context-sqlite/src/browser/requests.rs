//! Requests and transactions of IndexedDB: what is called when they are over.

use futures::channel::oneshot;
use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, IdbRequest, IdbTransaction};

use crate::browser::failure::Failure;

/// Calls `then` when the request is over: inside its event, where its transaction takes further requests still.
pub(super) fn when_done(request: &IdbRequest, then: impl FnOnce(Result<JsValue, Failure>) + 'static) {
    let asked = request.clone();
    let done = Closure::once_into_js(move |event: Event| {
        then(match &*event.type_() {
            "success" => asked.result().map_err(Failure::from),
            _ => Err(Failure::of(asked.error().ok().flatten())),
        });
    });
    // One of the two events comes, once.
    let done: Option<&Function> = Some(done.unchecked_ref());
    request.set_onsuccess(done);
    request.set_onerror(done);
}

/// Waits until the request is over.
pub(super) async fn done(request: Result<IdbRequest, JsValue>) -> Result<JsValue, Failure> {
    let (sender, receiver) = oneshot::channel();
    when_done(&request?, move |result| _ = sender.send(result));
    receiver.await.unwrap_or_else(|oneshot::Canceled| Err(Failure::of(None)))
}

/// Calls `then` when the transaction is over.
pub(super) fn when_over(transaction: &IdbTransaction, then: impl FnOnce(Result<(), Failure>) + 'static) {
    let asked = transaction.clone();
    let over = Closure::once_into_js(move |event: Event| {
        then(match &*event.type_() {
            "complete" => Ok(()),
            _ => Err(Failure::of(asked.error())),
        });
    });
    let over: Option<&Function> = Some(over.unchecked_ref());
    transaction.set_oncomplete(over);
    transaction.set_onabort(over);
}
