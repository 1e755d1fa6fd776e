//! The issue tracker in Dioxus: the same screens as in Leptos and Yew, file by file.

mod compare;
mod fallback;
mod issue;
mod project;
mod sidebar;

use dioxus::prelude::*;
use issue_tracker_model::sample_stores;
use store_context::dioxus::{StoreProvider, StoreRegistryProvider};

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
pub fn App() -> Element {
    let stores = use_context_provider(sample_stores);
    let page = use_signal(|| Page::Project("atlas".to_owned()));
    let main = match page() {
        Page::Project(id) => rsx! { ProjectPage { key: "{id}", id } },
        Page::Compare => rsx! { Compare {} },
    };
    rsx! {
        StoreRegistryProvider {
            StoreProvider { provider: stores.workspace(),
                div { class: "app",
                    Sidebar { page }
                    main { {main} }
                }
            }
        }
    }
}
