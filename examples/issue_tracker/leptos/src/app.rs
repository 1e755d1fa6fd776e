//! The issue tracker in Leptos: the same screens as in Dioxus and Yew, file by file.

// What `#[component]` writes around a component is private to it.
#![allow(unreachable_pub)]

mod compare;
mod fallback;
mod issue;
mod project;
mod sidebar;

use issue_tracker_model::sample_stores;
use leptos::prelude::*;
use store_context::leptos::{StoreProvider, StoreRegistryProvider};

use crate::compare::Compare;
use crate::project::ProjectPage;
use crate::sidebar::Sidebar;

/// What the main part shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// The project with this id.
    Project(String),
    /// Two issues side by side.
    Compare,
}

/// The whole application. Every screen is below one registry, and below the provider of the workspace.
#[component]
pub fn App() -> impl IntoView {
    let stores = sample_stores();
    let workspace = stores.workspace();
    provide_context(stores);
    let page = RwSignal::new(Page::Project("atlas".to_owned()));
    let main = move || match page.get() {
        Page::Project(id) => view! { <ProjectPage id/> }.into_any(),
        Page::Compare => view! { <Compare/> }.into_any(),
    };
    view! {
        <StoreRegistryProvider>
            <StoreProvider provider=workspace>
                <div class="app">
                    <Sidebar page/>
                    <main>{main}</main>
                </div>
            </StoreProvider>
        </StoreRegistryProvider>
    }
}
