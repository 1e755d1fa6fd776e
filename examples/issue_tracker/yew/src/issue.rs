//! [`IssueDetail`]: one issue, which can be changed.

use issue_tracker_model::{IssueKey, Priority, ProjectEvent, ProjectStore, Status};
use store_context::yew::use_query;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::fallback::log;

#[derive(PartialEq, Properties)]
pub(crate) struct IssueDetailProps {
    pub(crate) store: ProjectStore,
    pub(crate) number: IssueKey,
    pub(crate) chosen: UseStateHandle<Option<IssueKey>>,
}

#[component]
pub(crate) fn IssueDetail(IssueDetailProps { store, number, chosen }: &IssueDetailProps) -> Html {
    let number = *number;
    let issue = use_query(store.issues().by_key(number)).ok().flatten();
    let commit = {
        let store = store.clone();
        Callback::from(move |event: ProjectEvent| log(store.commit(event)))
    };
    let status = |status: Status| {
        let is_chosen = issue.as_ref().is_some_and(|issue| issue.status == status);
        html! {
            <button
                class={classes!(is_chosen.then_some("chosen"))}
                onclick={commit.reform(move |_| ProjectEvent::Moved { number, status })}
            >
                {status.label()}
            </button>
        }
    };
    let priority = |priority: Priority| {
        let is_chosen = issue.as_ref().is_some_and(|issue| issue.priority == priority);
        html! {
            <button
                class={classes!(is_chosen.then_some("chosen"))}
                onclick={commit.reform(move |_| ProjectEvent::Prioritized { number, priority })}
            >
                {priority.label()}
            </button>
        }
    };
    let retitle = commit.reform(move |event: Event| {
        let title = event.target_unchecked_into::<HtmlInputElement>().value();
        ProjectEvent::Retitled { number, title }
    });
    let close = {
        let chosen = chosen.setter();
        move |_| chosen.set(None)
    };
    html! {
        <aside class="detail">
            <div class="detail-header">
                <span class="number">{"Issue "}{number}</span>
                <button class="close" aria-label="Close" onclick={close}>{"×"}</button>
            </div>
            <label>
                {"Title"}
                <input value={issue.as_ref().map(|issue| issue.title.clone())} onchange={retitle}/>
            </label>
            <div class="field">{"Status"}<div class="choices">{for Status::ALL.map(status)}</div></div>
            <div class="field">{"Priority"}<div class="choices">{for Priority::ALL.map(priority)}</div></div>
        </aside>
    }
}
