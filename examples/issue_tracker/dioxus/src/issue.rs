//! [`IssueDetail`]: one issue, which can be changed.

use dioxus::prelude::*;
use issue_tracker_model::{IssueKey, Priority, ProjectEvent, ProjectStore, Status};
use store_context::dioxus::use_query;

#[component]
pub(crate) fn IssueDetail(store: ProjectStore, number: IssueKey, chosen: Signal<Option<IssueKey>>) -> Element {
    let issue = use_query(store.issues().by_key(number))()?;
    let commit = use_callback(move |event: ProjectEvent| store.commit(event).map(drop));
    let status = |status: Status| {
        let is_chosen = issue.as_ref().is_some_and(|issue| issue.status == status);
        rsx! {
            button {
                class: if is_chosen { "chosen" },
                onclick: move |_| Ok(commit(ProjectEvent::Moved { number, status })?),
                {status.label()}
            }
        }
    };
    let priority = |priority: Priority| {
        let is_chosen = issue.as_ref().is_some_and(|issue| issue.priority == priority);
        rsx! {
            button {
                class: if is_chosen { "chosen" },
                onclick: move |_| Ok(commit(ProjectEvent::Prioritized { number, priority })?),
                {priority.label()}
            }
        }
    };
    rsx! {
        aside { class: "detail",
            div { class: "detail-header",
                span { class: "number", "Issue {number}" }
                button { class: "close", aria_label: "Close", onclick: move |_| chosen.set(None), "×" }
            }
            label {
                "Title"
                input {
                    value: issue.as_ref().map(|issue| issue.title.clone()),
                    onchange: move |event| Ok(commit(ProjectEvent::Retitled { number, title: event.value() })?),
                }
            }
            div { class: "field", "Status", div { class: "choices", {Status::ALL.into_iter().map(status)} } }
            div { class: "field", "Priority", div { class: "choices", {Priority::ALL.into_iter().map(priority)} } }
        }
    }
}
