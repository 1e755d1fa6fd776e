//! [`ProjectPage`]: a project's issues, filtered.

use std::sync::Arc;

use issue_tracker_model::{
    Issue, IssueKey, Project, ProjectEvent, ProjectStore, Status, Stores, WorkspaceStore, add_typed,
};
use store_context::yew::{
    StoreErrorBoundary, StoreProvider, use_client_document, use_query, use_query_suspense, use_store,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::fallback::{failed, log, skeleton};
use crate::issue::IssueDetail;

#[derive(PartialEq, Properties)]
pub(crate) struct ProjectPageProps {
    pub(crate) id: AttrValue,
}

/// Mounts the project's store for what is below. The children are there at once; those that read the store suspend.
#[component]
pub(crate) fn ProjectPage(ProjectPageProps { id }: &ProjectPageProps) -> Html {
    let Some(stores) = use_context::<Stores>() else { return html! {} };
    html! {
        <StoreProvider provider={stores.project(id)}>
            <header class="page-header">
                <h1><Suspense fallback={html! { "…" }}><ProjectName {id}/></Suspense></h1>
                <div class="counts">{for Status::ALL.map(|status| html! { <Counted {status}/> })}</div>
            </header>
            <Toolbar/>
            <Issues/>
        </StoreProvider>
    }
}

/// The project's name, which the workspace knows: the store of another schema, further out.
#[component]
fn ProjectName(ProjectPageProps { id }: &ProjectPageProps) -> HtmlResult {
    let project = use_query_suspense(|workspace: &WorkspaceStore| workspace.projects().by_key(id.as_str()))?;
    Ok(html! { {for project.ok().flatten().map(|row| row.name)} })
}

#[derive(PartialEq, Properties)]
struct CountProps {
    status: Status,
}

/// How many issues stand there. While the store does not run, there is nothing to count.
#[component]
fn Counted(CountProps { status }: &CountProps) -> Html {
    html! {
        <span class={classes!("count", status.class())}>
            <StoreErrorBoundary fallback={|_| html! {}}>
                <Suspense fallback={html! { "–" }}><Count status={*status}/></Suspense>
            </StoreErrorBoundary>
            {" "}{status.label()}
        </span>
    }
}

#[component]
fn Count(CountProps { status }: &CountProps) -> HtmlResult {
    let count = use_query_suspense(|project: &ProjectStore| project.count_of(*status))?;
    Ok(html! { {for count.ok()} })
}

/// What is filtered and typed. It can be used while the store still loads: nothing that is typed is lost.
#[component]
fn Toolbar() -> Html {
    let (filters, set_filters) = use_client_document(|project: &ProjectStore| project.filters());
    let search = {
        let set_filters = set_filters.clone();
        move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            log(set_filters.update(move |filters| filters.text.clone_from(&text)));
        }
    };
    let choice = |status: Option<Status>| {
        let (is_chosen, set_filters) = (filters.status == status, set_filters.clone());
        html! {
            <button
                class={classes!(is_chosen.then_some("chosen"))}
                aria-pressed={is_chosen.to_string()}
                onclick={move |_| log(set_filters.update(move |filters| filters.status = status))}
            >
                {status.map_or("All", Status::label)}
            </button>
        }
    };
    let all = std::iter::once(None).chain(Status::ALL.map(Some));
    html! {
        <div class="toolbar">
            <input
                type="search"
                placeholder="Filter by title"
                aria-label="Filter by title"
                value={filters.text.clone()}
                oninput={search}
            />
            <div class="choices">{for all.map(choice)}</div>
        </div>
    }
}

#[component]
fn Issues() -> Html {
    html! {
        <StoreErrorBoundary fallback={failed}>
            <Suspense fallback={skeleton(6)}><IssueList/></Suspense>
        </StoreErrorBoundary>
    }
}

#[component]
fn IssueList() -> HtmlResult {
    let store = use_store::<Project>()?;
    let chosen = use_state(|| None::<IssueKey>);
    let filters = use_query(store.filters()).unwrap_or_default();
    let issues = match use_query(filters.issues(&store)) {
        Ok(issues) => issues,
        Err(error) => return Ok(html! { <p class="error">{error.to_string()}</p> }),
    };
    Ok(html! {
        <div class="board">
            <section class="list">
                <NewIssue store={store.clone()}/>
                <ul>
                    if issues.is_empty() { <li class="empty">{"No issue is like that."}</li> }
                    {for issues.iter().map(|issue| html! {
                        <IssueRow key={issue.number} store={store.clone()} issue={Arc::clone(issue)} chosen={chosen.clone()}/>
                    })}
                </ul>
            </section>
            {for (*chosen).map(|number| html! {
                <IssueDetail key={number} store={store.clone()} {number} chosen={chosen.clone()}/>
            })}
        </div>
    })
}

#[derive(PartialEq, Properties)]
struct IssueRowProps {
    store: ProjectStore,
    issue: Arc<Issue>,
    chosen: UseStateHandle<Option<IssueKey>>,
}

#[component]
fn IssueRow(IssueRowProps { store, issue, chosen }: &IssueRowProps) -> Html {
    let Issue { number, title, status, priority } = Issue::clone(issue);
    let advance = {
        let store = store.clone();
        move |event: MouseEvent| {
            event.stop_propagation();
            log(store.commit(ProjectEvent::Moved { number, status: status.next() }));
        }
    };
    let current = (**chosen == Some(number)).then_some("current");
    let choose = {
        let chosen = chosen.setter();
        move |_| chosen.set(Some(number))
    };
    html! {
        <li class={classes!("row", current)} onclick={choose}>
            <button
                class={classes!("dot", status.class())}
                title={status.label()}
                aria-label={status.label()}
                onclick={advance}
            ></button>
            <span class="number">{number}</span>
            <span class="title">{title}</span>
            <span class={classes!("priority", priority.class())}>{priority.label()}</span>
        </li>
    }
}

#[derive(PartialEq, Properties)]
struct NewIssueProps {
    store: ProjectStore,
}

/// The title of the next issue is part of the document: it is there still after a look at another project.
#[component]
fn NewIssue(NewIssueProps { store }: &NewIssueProps) -> Html {
    let (filters, set_filters) = use_client_document(|project: &ProjectStore| project.filters());
    let typed = move |event: InputEvent| {
        let draft = event.target_unchecked_into::<HtmlInputElement>().value();
        log(set_filters.update(move |filters| filters.draft.clone_from(&draft)));
    };
    let add = {
        let store = store.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            log(add_typed(&store));
        }
    };
    html! {
        <form class="new" onsubmit={add}>
            <input placeholder="New issue" aria-label="Title of a new issue" value={filters.draft} oninput={typed}/>
            <button class="primary">{"Add"}</button>
        </form>
    }
}
