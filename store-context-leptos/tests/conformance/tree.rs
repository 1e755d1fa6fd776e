//! A tree of nodes in Leptos.

// What `#[component]` writes around a component is private to it.
#![allow(unreachable_pub)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyView;
use store_context::leptos::{
    StoreProvider, StoreRegistryProvider, use_client_document, use_query, use_query_hydrated, use_query_suspense,
    use_store, use_store_by_id,
};
use store_context::life::{BootStatus, ShutdownCause};
use store_context::prelude::*;
use store_context_conformance::hands::{give_append, give_reset, rendered};
use store_context_conformance::schema::{Notes, Project, ProjectStore, Status};
use store_context_conformance::{Node, Prop, Stage};

/// The stage of a page, and its properties.
#[derive(Clone)]
pub(crate) struct Scene {
    stage: Stage,
    props: Arc<Mutex<HashMap<Prop, ArcRwSignal<&'static str>>>>,
}

impl Scene {
    pub(crate) fn new(stage: &Stage) -> Self {
        Self { stage: stage.clone(), props: Arc::default() }
    }

    /// The signal of a property.
    pub(crate) fn prop(&self, name: Prop) -> ArcRwSignal<&'static str> {
        self.props.lock().unwrap().entry(name).or_insert_with(|| ArcRwSignal::new(name)).clone()
    }
}

#[component]
pub(crate) fn App(scene: Scene, tree: Vec<Node>) -> impl IntoView {
    let registry = scene.stage.registry.clone();
    view! { <StoreRegistryProvider registry>{below(&scene, &tree)}</StoreRegistryProvider> }
}

fn below(scene: &Scene, nodes: &[Node]) -> AnyView {
    nodes.iter().map(|node| shown(scene, node)).collect_view().into_any()
}

fn shown(scene: &Scene, node: &Node) -> AnyView {
    let scene = scene.clone();
    match node.clone() {
        Node::Text(text) => text.into_any(),
        Node::Shown(prop, nodes) => {
            let value = scene.prop(prop);
            (move || (value.get() == prop).then(|| below(&scene, &nodes))).into_any()
        }
        Node::Project(id, nodes) => {
            let (id, stage) = (scene.prop(id), scene.stage.clone());
            let provider = move || stage.project(id.get());
            view! { <StoreProvider provider>{below(&scene, &nodes)}</StoreProvider> }.into_any()
        }
        Node::Notes(nodes) => {
            view! { <StoreProvider provider=scene.stage.notes()>{below(&scene, &nodes)}</StoreProvider> }.into_any()
        }
        Node::Both(id, nodes) => {
            let (id, stage) = (scene.prop(id), scene.stage.clone());
            let provider = move || (stage.project(id.get()), stage.notes());
            view! { <StoreProvider provider>{below(&scene, &nodes)}</StoreProvider> }.into_any()
        }
        Node::Phases(id, nodes) => {
            let (id, stage) = (scene.prop(id), scene.stage.clone());
            let provider = move || stage.project(id.get());
            let loading = |_: BootStatus| "loads".into_any();
            let error = |error: StoreError, retry: Callback<()>| {
                give_reset(move || retry.run(()));
                format!("failed: {error}").into_any()
            };
            let shutdown = |cause: ShutdownCause| format!("over: {cause}").into_any();
            view! {
                <StoreProvider provider render_loading=loading render_error=error render_shutdown=shutdown>
                    {below(&scene, &nodes)}
                </StoreProvider>
            }
            .into_any()
        }
        Node::Suspense(nodes) => {
            view! { <Suspense fallback=|| "loading">{below(&scene, &nodes)}</Suspense> }.into_any()
        }
        Node::Boundary(nodes) => view! { <Bounded scene nodes/> }.into_any(),
        Node::Store => view! { <Store/> }.into_any(),
        Node::NotesStore => view! { <NotesStore/> }.into_any(),
        Node::ById(id) => view! { <ById id=scene.prop(id)/> }.into_any(),
        Node::Optional(id) => view! { <Optional id=scene.prop(id)/> }.into_any(),
        Node::Two(one, other) => view! { <Two one=scene.prop(one) other=scene.prop(other)/> }.into_any(),
        Node::Count(status) => view! { <Count status=scene.prop(status)/> }.into_any(),
        Node::Total => view! { <Total/> }.into_any(),
        Node::Sent => view! { <Sent/> }.into_any(),
        Node::Parity => view! { <Parity/> }.into_any(),
        Node::Draft => view! { <Draft/> }.into_any(),
        Node::Window(key) => view! { <Window key/> }.into_any(),
        Node::Dependent(nodes) => view! { <Dependent scene nodes/> }.into_any(),
    }
}

#[component]
fn Bounded(scene: Scene, nodes: Vec<Node>) -> impl IntoView {
    let project = use_store::<Project>();
    let fallback = move |errors: ArcRwSignal<Errors>| {
        give_reset(move || _ = project.retry());
        move || {
            let said = errors.get().into_iter().map(|(_, error)| error.to_string()).next();
            format!("error: {}", said.unwrap_or_default())
        }
    };
    view! { <ErrorBoundary fallback>{below(&scene, &nodes)}</ErrorBoundary> }
}

#[component]
fn Store() -> impl IntoView {
    let project = use_store::<Project>();
    move || {
        Suspend::new(async move {
            project.await.map(|store| {
                rendered("store");
                format!("[{}]", store.id())
            })
        })
    }
}

#[component]
fn NotesStore() -> impl IntoView {
    let notes = use_store::<Notes>();
    move || Suspend::new(async move { notes.await.map(|_| "[notes]") })
}

#[component]
fn ById(id: ArcRwSignal<&'static str>) -> impl IntoView {
    let project = use_store_by_id::<Project, _>(move || id.get());
    move || Suspend::new(async move { project.await.map(|store| format!("[{}]", store.id())) })
}

#[component]
fn Optional(id: ArcRwSignal<&'static str>) -> impl IntoView {
    let project = use_store_by_id::<Project, _>(move || id.get());
    move || match project.try_get() {
        Some(Ok(store)) => format!("[{}]", store.id()),
        Some(Err(error)) => error.to_string(),
        None => "[none]".to_owned(),
    }
}

#[component]
fn Two(one: ArcRwSignal<&'static str>, other: ArcRwSignal<&'static str>) -> impl IntoView {
    let one = use_store_by_id::<Project, _>(move || one.get());
    let other = use_store_by_id::<Project, _>(move || other.get());
    move || {
        Suspend::new(async move {
            let (one, other) = (one.await?, other.await?);
            rendered("two");
            Ok::<_, StoreError>(format!("[{} + {}]", one.id(), other.id()))
        })
    }
}

#[component]
fn Count(status: ArcRwSignal<&'static str>) -> impl IntoView {
    let project = use_store::<Project>();
    move || {
        let status = status.clone();
        Suspend::new(async move { project.await.map(|store| view! { <CountOf store status/> }) })
    }
}

#[component]
fn CountOf(store: ProjectStore, status: ArcRwSignal<&'static str>) -> impl IntoView {
    let counted = store.clone();
    let count = use_query(move || counted.in_status(Status::of(status.get())));
    move || {
        rendered("count");
        count.get().map(|count| format!("[{}: {count}]", store.id()))
    }
}

#[component]
fn Total() -> impl IntoView {
    let total = use_query_suspense(|project: &ProjectStore| project.issues().count());
    move || {
        Suspend::new(async move {
            total.await.map(|total| {
                rendered("total");
                format!("[total {total}]")
            })
        })
    }
}

#[component]
fn Sent() -> impl IntoView {
    let total = use_query_hydrated(|project: &ProjectStore| project.issues().count());
    move || {
        Suspend::new(async move {
            total.await.map(|total| {
                rendered("sent");
                format!("[sent {total}]")
            })
        })
    }
}

#[component]
fn Parity() -> impl IntoView {
    let is_even = use_query_suspense(|project: &ProjectStore| project.issues().count().map(|count| count % 2 == 0));
    move || {
        is_even.get().map(|is_even| {
            rendered("parity");
            is_even.map(|is_even| if is_even { "[even]" } else { "[odd]" })
        })
    }
}

#[component]
fn Draft() -> impl IntoView {
    let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
    give_append("draft", move |text| set_view.update(move |view| view.draft.push_str(text)));
    move || format!("[draft {}]", view.get().draft)
}

#[component]
fn Window(key: Prop) -> impl IntoView {
    let (window, set_window) = use_client_document(move |project: &ProjectStore| project.window(key));
    give_append(key, move |text| set_window.update(move |window| window.title.push_str(text)));
    move || format!("[{key}: {}]", window.get().title)
}

#[component]
fn Dependent(scene: Scene, nodes: Vec<Node>) -> impl IntoView {
    let first = use_query_suspense(|project: &ProjectStore| project.issues().order_by(|issue| issue.id.asc()).first());
    move || {
        let (scene, nodes) = (scene.clone(), nodes.clone());
        Suspend::new(async move {
            first.await.map(|issue| match issue {
                None => "[no issue]".into_any(),
                Some(issue) => {
                    let provider = scene.stage.project(&issue.id);
                    view! { <StoreProvider provider>{below(&scene, &nodes)}</StoreProvider> }.into_any()
                }
            })
        })
    }
}
