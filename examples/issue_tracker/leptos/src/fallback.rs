//! What stands in place of a store that loads, or that failed.

use leptos::prelude::*;

/// Grey lines where the content will be.
#[component]
pub(crate) fn Skeleton(lines: usize) -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            {(0..lines).map(|_| view! { <div class="skeleton-line"></div> }).collect_view()}
        </div>
    }
}

/// What went wrong, and a button that tries again.
#[component]
pub(crate) fn Failed(errors: ArcRwSignal<Errors>, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let sentence = move || errors.read().iter().map(|(_, error)| error.to_string()).collect::<Vec<_>>().join(" ");
    view! {
        <div class="failed" role="alert">
            <h2>"This store did not open"</h2>
            <p>{sentence}</p>
            <button class="primary" on:click=move |_| retry.run(())>"Try again"</button>
        </div>
    }
}
