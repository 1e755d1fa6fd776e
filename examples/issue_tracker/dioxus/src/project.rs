//! [`ProjectPage`]: a project's issues, filtered.

use std::sync::Arc;

use dioxus::prelude::*;
use issue_tracker_model::{
    Issue, IssueKey, Project, ProjectEvent, ProjectStore, Status, Stores, WorkspaceStore, add_typed,
};
use store_context::dioxus::{StoreProvider, use_client_document, use_query, use_query_suspense, use_store};

use crate::fallback::{Failed, Skeleton};
use crate::issue::IssueDetail;

/// Mounts the project's store for what is below. The children are there at once; those that read the store suspend.
#[component]
pub(crate) fn ProjectPage(id: String) -> Element {
    let stores = use_context::<Stores>();
    rsx! {
        StoreProvider { provider: stores.project(&id),
            header { class: "page-header",
                h1 { SuspenseBoundary { fallback: |_| rsx! { "…" }, ProjectName { id } } }
                div { class: "counts",
                    for status in Status::ALL { Counted { status } }
                }
            }
            Toolbar {}
            Issues {}
        }
    }
}

/// The project's name, which the workspace knows: the store of another schema, further out.
#[component]
fn ProjectName(id: String) -> Element {
    let project = use_query_suspense(|workspace: &WorkspaceStore| workspace.projects().by_key(&id))?;
    rsx! { {project()?.map(|row| row.name)} }
}

/// How many issues stand there. While the store does not run, there is nothing to count.
#[component]
fn Counted(status: Status) -> Element {
    rsx! {
        span { class: "count {status.class()}",
            ErrorBoundary { handle_error: |_| rsx! {},
                SuspenseBoundary { fallback: |_| rsx! { "–" }, Count { status } }
            }
            " {status.label()}"
        }
    }
}

#[component]
fn Count(status: Status) -> Element {
    let count = use_query_suspense(|project: &ProjectStore| project.count_of(status))?;
    rsx! { "{count()?}" }
}

/// What is filtered and typed. It can be used while the store still loads: nothing that is typed is lost.
#[component]
fn Toolbar() -> Element {
    let (filters, set_filters) = use_client_document(|project: &ProjectStore| project.filters());
    let search = {
        let set_filters = set_filters.clone();
        move |event: FormEvent| {
            let text = event.value();
            set_filters.update(move |filters| filters.text.clone_from(&text))?;
            Ok(())
        }
    };
    let choice = |status: Option<Status>| {
        let (is_chosen, set_filters) = (filters().status == status, set_filters.clone());
        rsx! {
            button {
                class: if is_chosen { "chosen" },
                aria_pressed: is_chosen,
                onclick: move |_| {
                    set_filters.update(move |filters| filters.status = status)?;
                    Ok(())
                },
                {status.map_or("All", Status::label)}
            }
        }
    };
    let all = std::iter::once(None).chain(Status::ALL.map(Some));
    rsx! {
        div { class: "toolbar",
            input {
                r#type: "search",
                placeholder: "Filter by title",
                aria_label: "Filter by title",
                value: filters().text,
                oninput: search,
            }
            div { class: "choices", {all.map(choice)} }
        }
    }
}

#[component]
fn Issues() -> Element {
    rsx! {
        ErrorBoundary { handle_error: |errors| rsx! { Failed { errors } },
            SuspenseBoundary { fallback: |_| rsx! { Skeleton { lines: 6 } }, IssueList {} }
        }
    }
}

#[component]
fn IssueList() -> Element {
    let store = use_store::<Project>()?;
    let chosen = use_signal(|| None::<IssueKey>);
    let filters = use_query(store.filters());
    let issues = use_query(filters().unwrap_or_default().issues(&store));
    let issues = issues()?;
    rsx! {
        div { class: "board",
            section { class: "list",
                NewIssue { store: store.clone() }
                ul {
                    if issues.is_empty() { li { class: "empty", "No issue is like that." } }
                    for issue in issues {
                        IssueRow { key: "{issue.number}", store: store.clone(), issue, chosen }
                    }
                }
            }
            if let Some(number) = chosen() {
                IssueDetail { key: "{number}", store, number, chosen }
            }
        }
    }
}

#[component]
fn IssueRow(store: ProjectStore, issue: Arc<Issue>, chosen: Signal<Option<IssueKey>>) -> Element {
    let Issue { number, title, status, priority } = Arc::unwrap_or_clone(issue);
    let advance = move |event: MouseEvent| {
        event.stop_propagation();
        store.commit(ProjectEvent::Moved { number, status: status.next() })?;
        Ok(())
    };
    let current = if chosen() == Some(number) { "current" } else { "" };
    rsx! {
        li { class: "row {current}", onclick: move |_| chosen.set(Some(number)),
            button {
                class: "dot {status.class()}",
                title: status.label(),
                aria_label: status.label(),
                onclick: advance,
            }
            span { class: "number", "{number}" }
            span { class: "title", "{title}" }
            span { class: "priority {priority.class()}", {priority.label()} }
        }
    }
}

/// The title of the next issue is part of the document: it is there still after a look at another project.
#[component]
fn NewIssue(store: ProjectStore) -> Element {
    let (filters, set_filters) = use_client_document(|project: &ProjectStore| project.filters());
    let typed = move |event: FormEvent| {
        let draft = event.value();
        set_filters.update(move |filters| filters.draft.clone_from(&draft))?;
        Ok(())
    };
    let add = move |event: FormEvent| {
        event.prevent_default();
        add_typed(&store)?;
        Ok(())
    };
    rsx! {
        form { class: "new", onsubmit: add,
            input {
                placeholder: "New issue",
                aria_label: "Title of a new issue",
                value: filters().draft,
                oninput: typed,
            }
            button { class: "primary", "Add" }
        }
    }
}
