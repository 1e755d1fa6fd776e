//! What stands in place of a store that loads, or that failed.

use store_context::StoreError;
use yew::prelude::*;

/// Grey lines where the content will be.
pub(crate) fn skeleton(lines: usize) -> Html {
    html! {
        <div class="skeleton" aria-busy="true">
            {for (0..lines).map(|_| html! { <div class="skeleton-line"></div> })}
        </div>
    }
}

/// What went wrong, and a button that tries again.
pub(crate) fn failed((error, retry): (StoreError, Callback<()>)) -> Html {
    html! {
        <div class="failed" role="alert">
            <h2>{"This store did not open"}</h2>
            <p>{error.to_string()}</p>
            <button class="primary" onclick={move |_| retry.emit(())}>{"Try again"}</button>
        </div>
    }
}

/// Says in the console what a store refused.
pub(crate) fn log<T>(result: Result<T, StoreError>) {
    if let Err(error) = result {
        web_sys::console::error_1(&error.to_string().into());
    }
}
