//! What stands in place of a store that loads, or that failed.

use dioxus::prelude::*;

/// Grey lines where the content will be.
#[component]
pub(crate) fn Skeleton(lines: usize) -> Element {
    rsx! {
        div { class: "skeleton", aria_busy: "true",
            for _ in 0..lines { div { class: "skeleton-line" } }
        }
    }
}

/// What went wrong, and a button that tries again.
#[component]
pub(crate) fn Failed(errors: ErrorContext) -> Element {
    let sentence = errors.error().map(|error| error.to_string());
    rsx! {
        div { class: "failed", role: "alert",
            h2 { "This store did not open" }
            p { {sentence} }
            button { class: "primary", onclick: move |_| errors.clear_errors(), "Try again" }
        }
    }
}
