//! [`Compare`]: two issues side by side, of the same project or of two.

use issue_tracker_model::{Issue, IssueKey, Project, Stores, WorkspaceStore};
use store_context::yew::{StoreErrorBoundary, StoreProvider, use_query, use_query_suspense, use_store_by_id};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::fallback::{failed, skeleton};

/// Mounts both projects for what is below: two stores of one schema, each found by its id.
#[component]
pub(crate) fn Compare() -> Html {
    let (left, right) = (use_state(|| "atlas".to_owned()), use_state(|| "compass".to_owned()));
    let Some(stores) = use_context::<Stores>() else { return html! {} };
    html! {
        <>
            <header class="page-header"><h1>{"Compare two issues"}</h1></header>
            <StoreProvider provider={(stores.project(&left), stores.project(&right))}>
                <div class="compare"><Side id={left}/><Side id={right}/></div>
            </StoreProvider>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct SideProps {
    id: UseStateHandle<String>,
}

#[component]
fn Side(SideProps { id }: &SideProps) -> Html {
    html! {
        <section class="side">
            <Suspense fallback={skeleton(1)}><ProjectChoice {id}/></Suspense>
            <StoreErrorBoundary fallback={failed}>
                <Suspense fallback={skeleton(3)}><Chosen key={id.as_str()} id={(**id).clone()}/></Suspense>
            </StoreErrorBoundary>
        </section>
    }
}

#[component]
fn ProjectChoice(SideProps { id }: &SideProps) -> HtmlResult {
    let projects = use_query_suspense(|workspace: &WorkspaceStore| workspace.listed())?.unwrap_or_default();
    let choose = {
        let id = id.setter();
        move |event: Event| id.set(event.target_unchecked_into::<HtmlSelectElement>().value())
    };
    Ok(html! {
        <select aria-label="Project" onchange={choose}>
            {for projects.iter().map(|row| html! {
                <option key={row.id.as_str()} value={row.id.clone()} selected={row.id == **id}>{&row.name}</option>
            })}
        </select>
    })
}

#[derive(PartialEq, Properties)]
struct ChosenProps {
    id: String,
}

#[component]
fn Chosen(ChosenProps { id }: &ChosenProps) -> HtmlResult {
    let store = use_store_by_id::<Project, _>(id)?;
    let number = use_state(|| 1 as IssueKey);
    let issues = use_query(store.issues().order_by(|issue| issue.number.asc())).unwrap_or_default();
    let issue = use_query(store.issues().by_key(*number)).ok().flatten();
    let choose = {
        let number = number.setter();
        move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            number.set(chosen.parse().unwrap_or(1));
        }
    };
    Ok(html! {
        <>
            <select aria-label="Issue" onchange={choose}>
                {for issues.iter().map(|issue| html! {
                    <option key={issue.number} value={issue.number.to_string()}>{&issue.title}</option>
                })}
            </select>
            {for issue.map(|issue| html! { <Card {issue}/> })}
        </>
    })
}

#[derive(PartialEq, Properties)]
struct CardProps {
    issue: Issue,
}

#[component]
fn Card(CardProps { issue }: &CardProps) -> Html {
    let Issue { number, title, status, priority } = issue;
    html! {
        <dl class="card">
            <dt>{"Issue"}</dt><dd>{number}</dd>
            <dt>{"Title"}</dt><dd>{title}</dd>
            <dt>{"Status"}</dt><dd><span class={classes!("dot", status.class())}></span>{status.label()}</dd>
            <dt>{"Priority"}</dt><dd>{priority.label()}</dd>
        </dl>
    }
}
