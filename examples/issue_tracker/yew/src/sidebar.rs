//! [`Sidebar`]: the workspace's projects.

use issue_tracker_model::{Stores, Workspace, WorkspaceStore, create_project};
use store_context::yew::{StoreErrorBoundary, use_query, use_store, use_store_registry};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::Page;
use crate::fallback::{failed, skeleton};

#[derive(PartialEq, Properties)]
pub(crate) struct SidebarProps {
    pub(crate) page: UseStateHandle<Page>,
}

#[component]
pub(crate) fn Sidebar(SidebarProps { page }: &SidebarProps) -> Html {
    let compare = {
        let page = page.setter();
        move |_| page.set(Page::Compare)
    };
    html! {
        <nav class="sidebar">
            <h1 class="brand">{"Issues"}</h1>
            <StoreErrorBoundary fallback={failed}>
                <Suspense fallback={skeleton(4)}><Projects {page}/></Suspense>
            </StoreErrorBoundary>
            <button class={classes!("link", "foot", (**page == Page::Compare).then_some("current"))} onclick={compare}>
                {"Compare two issues"}
            </button>
        </nav>
    }
}

#[component]
fn Projects(SidebarProps { page }: &SidebarProps) -> HtmlResult {
    let store = use_store::<Workspace>()?;
    let projects = use_query(store.listed()).unwrap_or_default();
    Ok(html! {
        <>
            <h2 class="caption">{"Projects"}</h2>
            {for projects.iter().map(|row| html! {
                <ProjectLink key={row.id.as_str()} id={row.id.clone()} name={row.name.clone()} {page}/>
            })}
            <NewProject {store} {page}/>
        </>
    })
}

#[derive(PartialEq, Properties)]
struct ProjectLinkProps {
    id: AttrValue,
    name: AttrValue,
    page: UseStateHandle<Page>,
}

/// Opens a project. Its store loads as soon as the pointer is over the link.
#[component]
fn ProjectLink(ProjectLinkProps { id, name, page }: &ProjectLinkProps) -> Html {
    let (stores, registry) = (use_context::<Stores>(), use_store_registry());
    let target = Page::Project(id.clone());
    let current = (**page == target).then_some("current");
    let preload = {
        let id = id.clone();
        move |_| {
            if let (Ok(registry), Some(stores)) = (&registry, &stores) {
                registry.preload(stores.project(&id));
            }
        }
    };
    let open = {
        let page = page.setter();
        move |_| page.set(target.clone())
    };
    html! {
        <button class={classes!("link", current)} onmouseenter={preload} onclick={open}>{name}</button>
    }
}

#[derive(PartialEq, Properties)]
struct NewProjectProps {
    store: WorkspaceStore,
    page: UseStateHandle<Page>,
}

#[component]
fn NewProject(NewProjectProps { store, page }: &NewProjectProps) -> Html {
    let (name, refused) = (use_state(String::new), use_state(|| None::<String>));
    let create = {
        let (store, page, name, refused) = (store.clone(), page.setter(), name.clone(), refused.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            match create_project(&store, &name) {
                Ok(id) => {
                    name.set(String::new());
                    refused.set(None);
                    page.set(Page::Project(id.into()));
                }
                Err(sentence) => refused.set(Some(sentence)),
            }
        }
    };
    let typed = {
        let name = name.setter();
        move |event: InputEvent| name.set(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    html! {
        <>
            <form class="new" onsubmit={create}>
                <input
                    placeholder="New project"
                    aria-label="Name of a new project"
                    value={(*name).clone()}
                    oninput={typed}
                />
            </form>
            {for (*refused).iter().map(|sentence| html! { <p class="error" role="alert">{sentence}</p> })}
        </>
    }
}
