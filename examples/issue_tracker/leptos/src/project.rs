//! [`ProjectPage`]: a project's issues, filtered.

use std::sync::Arc;

use issue_tracker_model::{
    Filters, Issue, IssueKey, Project, ProjectEvent, ProjectStore, Status, Stores, WorkspaceStore, add_typed,
};
use leptos::prelude::*;
use store_context::leptos::{StoreProvider, use_client_document, use_query, use_query_suspense, use_store};

use crate::fallback::{Failed, Skeleton};
use crate::issue::IssueDetail;

/// Mounts the project's store for what is below. The children are there at once; those that read the store suspend.
#[component]
pub(crate) fn ProjectPage(id: String) -> impl IntoView {
    let provider = expect_context::<Stores>().project(&id);
    view! {
        <StoreProvider provider>
            <header class="page-header"><ProjectName id=id.clone()/> <Counts/></header>
            <Toolbar/>
            <Issues/>
        </StoreProvider>
    }
}

/// The project's name, which the workspace knows: the store of another schema, further out.
#[component]
fn ProjectName(id: String) -> impl IntoView {
    let project = use_query_suspense(move |workspace: &WorkspaceStore| workspace.projects().by_key(&id));
    let name = move || project.get().map(|found| found.map(|row| row.map(|row| row.name)));
    view! { <h1><Suspense fallback=|| "…">{name}</Suspense></h1> }
}

/// How many issues stand where. While the store does not run, there is nothing to count.
#[component]
fn Counts() -> impl IntoView {
    let count = |status: Status| {
        let count = use_query_suspense(move |project: &ProjectStore| project.count_of(status));
        view! {
            <span class=format!("count {}", status.class())>
                <Suspense fallback=|| "–">{move || count.get().and_then(Result::ok)}</Suspense> " " {status.label()}
            </span>
        }
    };
    view! { <div class="counts">{Status::ALL.map(count).collect_view()}</div> }
}

/// What is filtered and typed. It can be used while the store still loads: nothing that is typed is lost.
#[component]
fn Toolbar() -> impl IntoView {
    let (filters, set_filters) = use_client_document(|project: &ProjectStore| project.filters());
    let write = move |change: Box<dyn Fn(&mut Filters) + Send + Sync>| {
        if let Err(error) = set_filters.update(change) {
            leptos::logging::error!("{error}");
        }
    };
    let search = move |event| {
        let text = event_target_value(&event);
        write(Box::new(move |filters| filters.text.clone_from(&text)));
    };
    let choice = move |status: Option<Status>| {
        let is_chosen = move || filters.get().status == status;
        view! {
            <button
                class:chosen=is_chosen
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| write(Box::new(move |filters| filters.status = status))
            >
                {status.map_or("All", Status::label)}
            </button>
        }
    };
    let all = std::iter::once(None).chain(Status::ALL.map(Some));
    view! {
        <div class="toolbar">
            <input
                type="search"
                placeholder="Filter by title"
                aria-label="Filter by title"
                prop:value=move || filters.get().text
                on:input=search
            />
            <div class="choices">{all.map(choice).collect_view()}</div>
        </div>
    }
}

#[component]
fn Issues() -> impl IntoView {
    let project = use_store::<Project>();
    let list = move || Suspend::new(async move { project.await.map(|store| view! { <IssueList store/> }) });
    let retry = move |()| _ = project.retry();
    view! {
        <ErrorBoundary fallback=move |errors| view! { <Failed errors retry/> }>
            <Suspense fallback=|| view! { <Skeleton lines=6/> }>{list}</Suspense>
        </ErrorBoundary>
    }
}

#[component]
fn IssueList(store: ProjectStore) -> impl IntoView {
    let chosen = RwSignal::new(None::<IssueKey>);
    let (filtered, documents) = (store.clone(), store.clone());
    let filters = use_query(move || documents.filters());
    let issues = use_query(move || filters.get().unwrap_or_default().issues(&filtered));
    let listed = store.clone();
    let rows = move || {
        issues.get().map(|issues| {
            let is_empty = issues.is_empty();
            let row = |issue: Arc<Issue>| view! { <IssueRow store=listed.clone() issue chosen/> };
            let rows = issues.into_iter().map(row).collect_view();
            view! { {rows} {is_empty.then(|| view! { <li class="empty">"No issue is like that."</li> })} }
        })
    };
    let detail = store.clone();
    view! {
        <div class="board">
            <section class="list">
                <NewIssue store/>
                <ul>{rows}</ul>
            </section>
            {move || chosen.get().map(|number| view! { <IssueDetail store=detail.clone() number chosen/> })}
        </div>
    }
}

#[component]
fn IssueRow(store: ProjectStore, issue: Arc<Issue>, chosen: RwSignal<Option<IssueKey>>) -> impl IntoView {
    let Issue { number, title, status, priority } = Arc::unwrap_or_clone(issue);
    let advance = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        if let Err(error) = store.commit(ProjectEvent::Moved { number, status: status.next() }) {
            leptos::logging::error!("{error}");
        }
    };
    view! {
        <li class="row" class:current=move || chosen.get() == Some(number) on:click=move |_| chosen.set(Some(number))>
            <button class=format!("dot {}", status.class()) title=status.label() aria-label=status.label() on:click=advance></button>
            <span class="number">{number}</span>
            <span class="title">{title}</span>
            <span class=format!("priority {}", priority.class())>{priority.label()}</span>
        </li>
    }
}

/// The title of the next issue is part of the document: it is there still after a look at another project.
#[component]
fn NewIssue(store: ProjectStore) -> impl IntoView {
    let (filters, set_filters) = use_client_document(|project: &ProjectStore| project.filters());
    let typed = move |event| {
        let draft = event_target_value(&event);
        if let Err(error) = set_filters.update(move |filters| filters.draft.clone_from(&draft)) {
            leptos::logging::error!("{error}");
        }
    };
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Err(error) = add_typed(&store) {
            leptos::logging::error!("{error}");
        }
    };
    view! {
        <form class="new" on:submit=add>
            <input
                placeholder="New issue"
                aria-label="Title of a new issue"
                prop:value=move || filters.get().draft
                on:input=typed
            />
            <button class="primary">"Add"</button>
        </form>
    }
}
