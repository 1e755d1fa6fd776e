//! [`Sidebar`]: the workspace's projects.

use issue_tracker_model::{Stores, Workspace, WorkspaceStore, create_project};
use leptos::prelude::*;
use store_context::leptos::{use_query, use_store, use_store_registry};

use crate::Page;
use crate::fallback::Skeleton;

#[component]
pub(crate) fn Sidebar(page: RwSignal<Page>) -> impl IntoView {
    let workspace = use_store::<Workspace>();
    let list = move || Suspend::new(async move { workspace.await.map(|store| view! { <Projects store page/> }) });
    view! {
        <nav class="sidebar">
            <h1 class="brand">"Issues"</h1>
            <Suspense fallback=|| view! { <Skeleton lines=4/> }>{list}</Suspense>
            <button class="link foot" class:current=move || page.get() == Page::Compare on:click=move |_| page.set(Page::Compare)>
                "Compare two issues"
            </button>
        </nav>
    }
}

#[component]
fn Projects(store: WorkspaceStore, page: RwSignal<Page>) -> impl IntoView {
    let listed = store.clone();
    let projects = use_query(move || listed.listed());
    let rows = move || {
        projects.get().map(|projects| {
            projects
                .iter()
                .map(|row| view! { <ProjectLink id=row.id.clone() name=row.name.clone() page/> })
                .collect_view()
        })
    };
    view! {
        <h2 class="caption">"Projects"</h2>
        {rows}
        <NewProject store page/>
    }
}

/// Opens a project. Its store loads as soon as the pointer is over the link.
#[component]
fn ProjectLink(id: String, name: String, page: RwSignal<Page>) -> impl IntoView {
    let (stores, registry) = (expect_context::<Stores>(), use_store_registry());
    let target = Page::Project(id.clone());
    let preload = move |_| {
        if let Ok(registry) = &registry {
            registry.preload(stores.project(&id));
        }
    };
    let (shown, current) = (target.clone(), target.clone());
    view! {
        <button
            class="link"
            class:current=move || page.get() == current
            on:mouseenter=preload
            on:click=move |_| page.set(shown.clone())
        >
            {name}
        </button>
    }
}

#[component]
fn NewProject(store: WorkspaceStore, page: RwSignal<Page>) -> impl IntoView {
    let (name, failed) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match create_project(&store, &name.get()) {
            Ok(id) => {
                name.set(String::new());
                failed.set(None);
                page.set(Page::Project(id));
            }
            Err(sentence) => failed.set(Some(sentence)),
        }
    };
    view! {
        <form class="new" on:submit=create>
            <input placeholder="New project" aria-label="Name of a new project" bind:value=name/>
        </form>
        {move || failed.get().map(|sentence| view! { <p class="error" role="alert">{sentence}</p> })}
    }
}
