//! A tree of nodes in Yew.

use std::collections::HashMap;

use store_context::life::{BootStatus, ShutdownCause};
use store_context::prelude::*;
use store_context::yew::{
    StoreErrorBoundary, StoreProvider, StoreRegistryProvider, use_client_document, use_query, use_query_hydrated,
    use_query_suspense, use_store, use_store_by_id, use_store_result_by_id,
};
use store_context_conformance::hands::{give_append, give_reset, rendered};
use store_context_conformance::schema::{Notes, Project, ProjectStore, Status};
use store_context_conformance::{Node, Prop, Stage};
use yew::prelude::*;

/// The stage of a page, its properties, and what it shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Scene {
    stage: Stage,
    props: HashMap<Prop, &'static str>,
    tree: Vec<Node>,
}

impl Scene {
    pub(crate) fn new(stage: &Stage, tree: Vec<Node>) -> Self {
        Self { stage: stage.clone(), props: HashMap::new(), tree }
    }

    fn value(&self, prop: Prop) -> &'static str {
        self.props.get(prop).copied().unwrap_or(prop)
    }

    #[cfg(target_family = "wasm")]
    pub(crate) fn set(&mut self, prop: Prop, value: &'static str) {
        self.props.insert(prop, value);
    }
}

#[component]
pub(crate) fn App(scene: &Scene) -> Html {
    let registry = scene.stage.registry.clone();
    html! { <StoreRegistryProvider {registry}>{below(scene, &scene.tree)}</StoreRegistryProvider> }
}

fn below(scene: &Scene, nodes: &[Node]) -> Html {
    nodes.iter().map(|node| shown(scene, node)).collect()
}

fn shown(scene: &Scene, node: &Node) -> Html {
    let below = |nodes: &[Node]| below(scene, nodes);
    let value = |prop: Prop| scene.value(prop);
    match node {
        Node::Text(text) => html! { {*text} },
        Node::Shown(prop, nodes) => html! {
            if value(prop) == *prop {
                {below(nodes)}
            }
        },
        Node::Project(id, nodes) => html! {
            <StoreProvider provider={scene.stage.project(value(id))}>{below(nodes)}</StoreProvider>
        },
        Node::Notes(nodes) => html! {
            <StoreProvider provider={scene.stage.notes()}>{below(nodes)}</StoreProvider>
        },
        Node::Both(id, nodes) => html! {
            <StoreProvider provider={(scene.stage.project(value(id)), scene.stage.notes())}>
                {below(nodes)}
            </StoreProvider>
        },
        Node::Phases(id, nodes) => {
            let error = |(error, retry): (StoreError, Callback<()>)| {
                give_reset(move || retry.emit(()));
                html! { {format!("failed: {error}")} }
            };
            html! {
                <StoreProvider
                    provider={scene.stage.project(value(id))}
                    render_loading={|_: BootStatus| html! { "loads" }}
                    render_error={error}
                    render_shutdown={|cause: ShutdownCause| html! { {format!("over: {cause}")} }}
                >
                    {below(nodes)}
                </StoreProvider>
            }
        }
        Node::Suspense(nodes) => html! {
            <Suspense fallback={html! { "loading" }}>{below(nodes)}</Suspense>
        },
        Node::Boundary(nodes) => {
            let fallback = |(error, reset): (StoreError, Callback<()>)| {
                give_reset(move || reset.emit(()));
                html! { {format!("error: {error}")} }
            };
            html! { <StoreErrorBoundary {fallback}>{below(nodes)}</StoreErrorBoundary> }
        }
        Node::Store => html! { <Store/> },
        Node::NotesStore => html! { <NotesStore/> },
        Node::ById(id) => html! { <ById id={value(id)}/> },
        Node::Optional(id) => html! { <Optional id={value(id)}/> },
        Node::Two(one, other) => html! { <Two one={value(one)} other={value(other)}/> },
        Node::Count(status) => html! { <Count status={value(status)}/> },
        Node::Total => html! { <Total/> },
        Node::Sent => html! { <Sent/> },
        Node::Parity => html! { <Parity/> },
        Node::Draft => html! { <Draft/> },
        Node::Window(key) => html! { <Window name={*key}/> },
        Node::Dependent(nodes) => {
            let scene = Scene { tree: nodes.clone(), ..scene.clone() };
            html! { <Dependent ..scene/> }
        }
    }
}

fn said<T: std::fmt::Display>(value: Result<T, StoreError>) -> String {
    value.map_or_else(|error| error.to_string(), |value| value.to_string())
}

#[component]
fn Store() -> HtmlResult {
    let store = use_store::<Project>()?;
    rendered("store");
    Ok(html! { {format!("[{}]", store.id())} })
}

#[component]
fn NotesStore() -> HtmlResult {
    use_store::<Notes>()?;
    Ok(html! { "[notes]" })
}

#[derive(PartialEq, Properties)]
struct Id {
    id: &'static str,
}

#[component]
fn ById(&Id { id }: &Id) -> HtmlResult {
    let store = use_store_by_id::<Project, _>(id)?;
    Ok(html! { {format!("[{}]", store.id())} })
}

#[component]
fn Optional(&Id { id }: &Id) -> HtmlResult {
    Ok(match use_store_result_by_id::<Project, _>(id)? {
        Ok(store) => html! { {format!("[{}]", store.id())} },
        Err(StoreError::NotProvided { .. }) => html! { "[none]" },
        Err(error) => html! { {error.to_string()} },
    })
}

#[derive(PartialEq, Properties)]
struct Ids {
    one: &'static str,
    other: &'static str,
}

#[component]
fn Two(&Ids { one, other }: &Ids) -> HtmlResult {
    let (one, other) = (use_store_by_id::<Project, _>(one), use_store_by_id::<Project, _>(other));
    let (one, other) = (one?, other?);
    rendered("two");
    Ok(html! { {format!("[{} + {}]", one.id(), other.id())} })
}

#[derive(PartialEq, Properties)]
struct OfStatus {
    status: &'static str,
}

#[component]
fn Count(&OfStatus { status }: &OfStatus) -> HtmlResult {
    let store = use_store::<Project>()?;
    let count = use_query(store.in_status(Status::of(status)));
    rendered("count");
    Ok(html! { {format!("[{}: {}]", store.id(), said(count))} })
}

#[component]
fn Total() -> HtmlResult {
    let total = use_query_suspense(|project: &ProjectStore| project.issues().count())?;
    rendered("total");
    Ok(html! { {format!("[total {}]", said(total))} })
}

#[component]
fn Sent() -> HtmlResult {
    let total = use_query_hydrated(|project: &ProjectStore| project.issues().count())?;
    rendered("sent");
    Ok(html! { {format!("[sent {}]", said(total))} })
}

#[component]
fn Parity() -> HtmlResult {
    let is_even = use_query_suspense(|project: &ProjectStore| project.issues().count().map(|count| count % 2 == 0))?;
    rendered("parity");
    Ok(html! { {said(is_even.map(|is_even| if is_even { "[even]" } else { "[odd]" }))} })
}

#[component]
fn Draft() -> Html {
    let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
    give_append("draft", move |text| set_view.update(move |view| view.draft.push_str(text)));
    html! { {format!("[draft {}]", view.draft)} }
}

#[derive(PartialEq, Properties)]
struct Name {
    name: Prop,
}

#[component]
fn Window(&Name { name }: &Name) -> Html {
    let (window, set_window) = use_client_document(move |project: &ProjectStore| project.window(name));
    give_append(name, move |text| set_window.update(move |window| window.title.push_str(text)));
    html! { {format!("[{name}: {}]", window.title)} }
}

#[component]
fn Dependent(scene: &Scene) -> HtmlResult {
    let first = use_query_suspense(|project: &ProjectStore| project.issues().order_by(|issue| issue.id.asc()).first())?;
    Ok(match first {
        Ok(None) => html! { "[no issue]" },
        Ok(Some(issue)) => html! {
            <StoreProvider provider={scene.stage.project(&issue.id)}>{below(scene, &scene.tree)}</StoreProvider>
        },
        Err(error) => html! { {error.to_string()} },
    })
}
