//! [`Sidebar`]: the workspace's projects.

use dioxus::prelude::*;
use issue_tracker_model::{Stores, Workspace, WorkspaceStore, create_project};
use store_context::dioxus::{use_query, use_store, use_store_registry};

use crate::Page;
use crate::fallback::Skeleton;

#[component]
pub(crate) fn Sidebar(page: Signal<Page>) -> Element {
    let current = if page() == Page::Compare { "current" } else { "" };
    rsx! {
        nav { class: "sidebar",
            h1 { class: "brand", "Issues" }
            SuspenseBoundary { fallback: |_| rsx! { Skeleton { lines: 4 } }, Projects { page } }
            button { class: "link foot {current}", onclick: move |_| page.set(Page::Compare), "Compare two issues" }
        }
    }
}

#[component]
fn Projects(page: Signal<Page>) -> Element {
    let store = use_store::<Workspace>()?;
    let projects = use_query(store.listed())()?;
    rsx! {
        h2 { class: "caption", "Projects" }
        for row in projects {
            ProjectLink { key: "{row.id}", id: row.id.clone(), name: row.name.clone(), page }
        }
        NewProject { store, page }
    }
}

/// Opens a project. Its store loads as soon as the pointer is over the link.
#[component]
fn ProjectLink(id: String, name: String, page: Signal<Page>) -> Element {
    let (stores, registry) = (use_context::<Stores>(), use_store_registry());
    let target = Page::Project(id.clone());
    let preload = move |_| {
        if let Ok(registry) = &registry {
            registry.preload(stores.project(&id));
        }
    };
    let current = if page() == target { "current" } else { "" };
    rsx! {
        button {
            class: "link {current}",
            onmouseenter: preload,
            onclick: move |_| page.set(target.clone()),
            "{name}"
        }
    }
}

#[component]
fn NewProject(store: WorkspaceStore, page: Signal<Page>) -> Element {
    let (mut name, mut failed) = (use_signal(String::new), use_signal(|| None::<String>));
    let create = move |event: FormEvent| {
        event.prevent_default();
        match create_project(&store, &name()) {
            Ok(id) => {
                name.set(String::new());
                failed.set(None);
                page.set(Page::Project(id));
            }
            Err(sentence) => failed.set(Some(sentence)),
        }
    };
    rsx! {
        form { class: "new", onsubmit: create,
            input {
                placeholder: "New project",
                aria_label: "Name of a new project",
                value: name,
                oninput: move |event| name.set(event.value()),
            }
        }
        if let Some(sentence) = failed() {
            p { class: "error", role: "alert", "{sentence}" }
        }
    }
}
