//! [`Compare`]: two issues side by side, of the same project or of two.

use dioxus::prelude::*;
use issue_tracker_model::{Issue, IssueKey, Project, Stores, WorkspaceStore};
use store_context::dioxus::{StoreProvider, use_query, use_query_suspense, use_store_by_id};

use crate::fallback::{Failed, Skeleton};

/// Mounts both projects for what is below: two stores of one schema, each found by its id.
#[component]
pub(crate) fn Compare() -> Element {
    let stores = use_context::<Stores>();
    let (left, right) = (use_signal(|| "atlas".to_owned()), use_signal(|| "compass".to_owned()));
    rsx! {
        header { class: "page-header", h1 { "Compare two issues" } }
        StoreProvider { provider: (stores.project(&left.read()), stores.project(&right.read())),
            div { class: "compare",
                Side { id: left }
                Side { id: right }
            }
        }
    }
}

#[component]
fn Side(id: Signal<String>) -> Element {
    rsx! {
        section { class: "side",
            SuspenseBoundary { fallback: |_| rsx! { Skeleton { lines: 1 } }, ProjectChoice { id } }
            ErrorBoundary { handle_error: |errors| rsx! { Failed { errors } },
                SuspenseBoundary { fallback: |_| rsx! { Skeleton { lines: 3 } }, Chosen { key: "{id}", id: id() } }
            }
        }
    }
}

#[component]
fn ProjectChoice(id: Signal<String>) -> Element {
    let projects = use_query_suspense(|workspace: &WorkspaceStore| workspace.listed())?;
    rsx! {
        select { aria_label: "Project", onchange: move |event| id.set(event.value()),
            for row in projects()? {
                option { key: "{row.id}", value: row.id.clone(), selected: row.id == id(), "{row.name}" }
            }
        }
    }
}

#[component]
fn Chosen(id: String) -> Element {
    let store = use_store_by_id::<Project>(id)?;
    let mut number = use_signal(|| 1 as IssueKey);
    let issues = use_query(store.issues().order_by(|issue| issue.number.asc()));
    let issue = use_query(store.issues().by_key(number()));
    rsx! {
        select { aria_label: "Issue", onchange: move |event| number.set(event.value().parse().unwrap_or(1)),
            for issue in issues()? {
                option { key: "{issue.number}", value: issue.number, "{issue.title}" }
            }
        }
        if let Some(issue) = issue()? { Card { issue } }
    }
}

#[component]
fn Card(issue: Issue) -> Element {
    let Issue { number, title, status, priority } = issue;
    rsx! {
        dl { class: "card",
            dt { "Issue" } dd { "{number}" }
            dt { "Title" } dd { "{title}" }
            dt { "Status" } dd { span { class: "dot {status.class()}" } {status.label()} }
            dt { "Priority" } dd { {priority.label()} }
        }
    }
}
