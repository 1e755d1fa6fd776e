//! The issue tracker in Yew: the same screens as in Leptos and Dioxus, file by file.

mod compare;
mod fallback;
mod issue;
mod project;
mod sidebar;

use issue_tracker_model::{Stores, sample_stores};
use store_context::yew::{StoreProvider, StoreRegistryProvider};
use yew::prelude::*;

use crate::compare::Compare;
use crate::project::ProjectPage;
use crate::sidebar::Sidebar;

/// What the main part shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// The project with this id.
    Project(AttrValue),
    /// Two issues side by side.
    Compare,
}

/// The whole application. Every screen is below one registry, and below the provider of the workspace.
#[component]
pub fn App() -> Html {
    let stores = use_memo((), |()| sample_stores());
    let page = use_state(|| Page::Project("atlas".into()));
    let main = match &*page {
        Page::Project(id) => html! { <ProjectPage key={id.as_str()} {id}/> },
        Page::Compare => html! { <Compare/> },
    };
    html! {
        <ContextProvider<Stores> context={(*stores).clone()}>
            <StoreRegistryProvider>
                <StoreProvider provider={stores.workspace()}>
                    <div class="app">
                        <Sidebar page={page.clone()}/>
                        <main>{main}</main>
                    </div>
                </StoreProvider>
            </StoreRegistryProvider>
        </ContextProvider<Stores>>
    }
}
