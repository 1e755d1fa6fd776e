//! [`IssueDetail`]: one issue, which can be changed.

use issue_tracker_model::{IssueKey, Priority, ProjectEvent, ProjectStore, Status};
use leptos::prelude::*;
use store_context::leptos::use_query;

#[component]
pub(crate) fn IssueDetail(store: ProjectStore, number: IssueKey, chosen: RwSignal<Option<IssueKey>>) -> impl IntoView {
    let read = store.clone();
    let issue = use_query(move || read.issues().by_key(number));
    let commit = move |event: ProjectEvent| {
        if let Err(error) = store.commit(event) {
            leptos::logging::error!("{error}");
        }
    };
    let retitle = {
        let commit = commit.clone();
        move |event| commit(ProjectEvent::Retitled { number, title: event_target_value(&event) })
    };
    let (moved, prioritized) = (commit.clone(), commit);
    let found = move || issue.get().ok().flatten();
    let status = move |status: Status| {
        let commit = moved.clone();
        view! {
            <button
                class:chosen=move || found().is_some_and(|issue| issue.status == status)
                on:click=move |_| commit(ProjectEvent::Moved { number, status })
            >
                {status.label()}
            </button>
        }
    };
    let priority = move |priority: Priority| {
        let commit = prioritized.clone();
        view! {
            <button
                class:chosen=move || found().is_some_and(|issue| issue.priority == priority)
                on:click=move |_| commit(ProjectEvent::Prioritized { number, priority })
            >
                {priority.label()}
            </button>
        }
    };
    view! {
        <aside class="detail">
            <div class="detail-header">
                <span class="number">"Issue " {number}</span>
                <button class="close" aria-label="Close" on:click=move |_| chosen.set(None)>"×"</button>
            </div>
            <label>
                "Title"
                <input prop:value=move || found().map(|issue| issue.title).unwrap_or_default() on:change=retitle/>
            </label>
            <div class="field">"Status" <div class="choices">{Status::ALL.map(status).collect_view()}</div></div>
            <div class="field">"Priority" <div class="choices">{Priority::ALL.map(priority).collect_view()}</div></div>
        </aside>
    }
}
