//! [`Compare`]: two issues side by side, of the same project or of two.

use std::sync::Arc;

use issue_tracker_model::{Issue, IssueKey, Project, ProjectStore, Stores, WorkspaceStore};
use leptos::prelude::*;
use store_context::leptos::{StoreProvider, use_query, use_query_suspense, use_store_by_id};

use crate::fallback::{Failed, Skeleton};

/// Mounts both projects for what is below: two stores of one schema, each found by its id.
#[component]
pub(crate) fn Compare() -> impl IntoView {
    let stores = expect_context::<Stores>();
    let (left, right) = (RwSignal::new("atlas".to_owned()), RwSignal::new("compass".to_owned()));
    let provider = move || (stores.project(&left.get()), stores.project(&right.get()));
    view! {
        <header class="page-header"><h1>"Compare two issues"</h1></header>
        <StoreProvider provider>
            <div class="compare"><Side id=left/> <Side id=right/></div>
        </StoreProvider>
    }
}

#[component]
fn Side(id: RwSignal<String>) -> impl IntoView {
    let project = use_store_by_id::<Project, _>(move || id.get());
    let issue = move || Suspend::new(async move { project.await.map(|store| view! { <Chosen store/> }) });
    let retry = move |()| _ = project.retry();
    view! {
        <section class="side">
            <ProjectChoice id/>
            <ErrorBoundary fallback=move |errors| view! { <Failed errors retry/> }>
                <Suspense fallback=|| view! { <Skeleton lines=3/> }>{issue}</Suspense>
            </ErrorBoundary>
        </section>
    }
}

#[component]
fn ProjectChoice(id: RwSignal<String>) -> impl IntoView {
    let projects = use_query_suspense(|workspace: &WorkspaceStore| workspace.listed());
    let options = move || {
        projects
            .get()
            .and_then(Result::ok)
            .into_iter()
            .flatten()
            .map(|row| {
                let is_chosen = row.id == id.get();
                view! { <option value=row.id.clone() selected=is_chosen>{row.name.clone()}</option> }
            })
            .collect_view()
    };
    view! {
        <select aria-label="Project" on:change=move |event| id.set(event_target_value(&event))>
            <Suspense>{options}</Suspense>
        </select>
    }
}

#[component]
fn Chosen(store: ProjectStore) -> impl IntoView {
    let number = RwSignal::new(1 as IssueKey);
    let (listed, read) = (store.clone(), store);
    let issues = use_query(move || listed.issues().order_by(|issue| issue.number.asc()));
    let issue = use_query(move || read.issues().by_key(number.get()));
    let options = move || {
        issues.get().map(|issues| {
            let option =
                |issue: Arc<Issue>| view! { <option value=issue.number.to_string()>{issue.title.clone()}</option> };
            issues.into_iter().map(option).collect_view()
        })
    };
    let choose = move |event| number.set(event_target_value(&event).parse().unwrap_or(1));
    view! {
        <select aria-label="Issue" on:change=choose>{options}</select>
        {move || issue.get().map(|issue| issue.map(|issue| view! { <Card issue/> }))}
    }
}

#[component]
fn Card(issue: Issue) -> impl IntoView {
    let Issue { number, title, status, priority } = issue;
    view! {
        <dl class="card">
            <dt>"Issue"</dt> <dd>{number}</dd>
            <dt>"Title"</dt> <dd>{title}</dd>
            <dt>"Status"</dt> <dd><span class=format!("dot {}", status.class())></span> {status.label()}</dd>
            <dt>"Priority"</dt> <dd>{priority.label()}</dd>
        </dl>
    }
}
