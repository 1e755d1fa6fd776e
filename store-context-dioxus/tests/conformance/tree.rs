//! A tree of nodes in Dioxus.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use dioxus::prelude::*;
use dioxus_core::{Runtime, schedule_update};
use store_context::dioxus::{
    StoreProvider, StoreRegistryProvider, try_use_store_by_id, use_client_document, use_query, use_query_hydrated,
    use_query_suspense, use_store, use_store_by_id,
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
    page: Rc<RefCell<PageState>>,
}

#[derive(Default)]
struct PageState {
    props: HashMap<Prop, &'static str>,
    is_empty: bool,
    /// Renders the page.
    update: Option<Arc<dyn Fn() + Send + Sync>>,
    runtime: Option<Rc<Runtime>>,
}

impl PartialEq for Scene {
    fn eq(&self, other: &Self) -> bool {
        self.stage == other.stage
    }
}

impl Scene {
    pub(crate) fn new(stage: &Stage) -> Self {
        Self { stage: stage.clone(), page: Rc::default() }
    }

    fn value(&self, prop: Prop) -> &'static str {
        self.page.borrow().props.get(prop).copied().unwrap_or(prop)
    }

    pub(crate) fn set(&self, prop: Prop, value: &'static str) {
        self.page.borrow_mut().props.insert(prop, value);
        self.update();
    }

    #[cfg(target_family = "wasm")]
    pub(crate) fn empty(&self) {
        self.page.borrow_mut().is_empty = true;
        self.update();
    }

    #[cfg(target_family = "wasm")]
    pub(crate) fn runtime(&self) -> Rc<Runtime> {
        self.page.borrow().runtime.clone().expect("it was rendered")
    }

    fn update(&self) {
        let update = self.page.borrow().update.clone();
        update.expect("it was rendered")();
    }
}

/// The text alone.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn without_markup(html: &str) -> String {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

#[component]
pub(crate) fn App(scene: Scene, tree: Vec<Node>) -> Element {
    use_hook(|| {
        let mut page = scene.page.borrow_mut();
        page.update = Some(schedule_update());
        page.runtime = Some(Runtime::current());
    });
    let is_empty = scene.page.borrow().is_empty;
    let registry = scene.stage.registry.clone();
    rsx! {
        if !is_empty {
            StoreRegistryProvider { registry, {below(&scene, &tree)} }
        }
    }
}

fn below(scene: &Scene, nodes: &[Node]) -> Element {
    let nodes = nodes.iter().map(|node| shown(scene, node));
    rsx! { {nodes} }
}

fn shown(scene: &Scene, node: &Node) -> Element {
    let below = |nodes: &[Node]| below(scene, nodes);
    let value = |prop: Prop| scene.value(prop);
    match node {
        Node::Text(text) => rsx! { "{text}" },
        Node::Shown(prop, nodes) => rsx! {
            if value(prop) == *prop {
                {below(nodes)}
            }
        },
        Node::Project(id, nodes) => rsx! {
            StoreProvider { provider: scene.stage.project(value(id)), {below(nodes)} }
        },
        Node::Notes(nodes) => rsx! {
            StoreProvider { provider: scene.stage.notes(), {below(nodes)} }
        },
        Node::Both(id, nodes) => rsx! {
            StoreProvider { provider: (scene.stage.project(value(id)), scene.stage.notes()), {below(nodes)} }
        },
        Node::Phases(id, nodes) => rsx! {
            StoreProvider {
                provider: scene.stage.project(value(id)),
                render_loading: |_: BootStatus| rsx! { "loads" },
                render_error: |(error, retry): (StoreError, Callback<()>)| {
                    give_reset(move || retry(()));
                    rsx! { "failed: {error}" }
                },
                render_shutdown: |cause: ShutdownCause| rsx! { "over: {cause}" },
                {below(nodes)}
            }
        },
        Node::Suspense(nodes) => rsx! {
            SuspenseBoundary { fallback: |_| rsx! { "loading" }, {below(nodes)} }
        },
        Node::Boundary(nodes) => rsx! {
            ErrorBoundary {
                handle_error: |errors: ErrorContext| {
                    let said = errors.error().map(|error| error.to_string()).unwrap_or_default();
                    give_reset(move || errors.clear_errors());
                    rsx! { "error: {said}" }
                },
                {below(nodes)}
            }
        },
        Node::Store => rsx! { Store {} },
        Node::NotesStore => rsx! { NotesStore {} },
        Node::ById(id) => rsx! { ById { id: value(id) } },
        Node::Optional(id) => rsx! { Optional { id: value(id) } },
        Node::Two(one, other) => rsx! { Two { one: value(one), other: value(other) } },
        Node::Count(status) => rsx! { Count { status: value(status) } },
        Node::Total => rsx! { Total {} },
        Node::Sent => rsx! { Sent {} },
        Node::Parity => rsx! { Parity {} },
        Node::Draft => rsx! { Draft {} },
        Node::Window(key) => rsx! { Window { name: *key } },
        Node::Dependent(nodes) => rsx! { Dependent { scene: scene.clone(), nodes: nodes.clone() } },
    }
}

#[component]
fn Store() -> Element {
    let store = use_store::<Project>()?;
    rendered("store");
    rsx! { "[{store.id()}]" }
}

#[component]
fn NotesStore() -> Element {
    use_store::<Notes>()?;
    rsx! { "[notes]" }
}

#[component]
fn ById(id: &'static str) -> Element {
    let store = use_store_by_id::<Project>(id)?;
    rsx! { "[{store.id()}]" }
}

#[component]
fn Optional(id: &'static str) -> Element {
    match try_use_store_by_id::<Project>(id)? {
        Some(store) => rsx! { "[{store.id()}]" },
        None => rsx! { "[none]" },
    }
}

#[component]
fn Two(one: &'static str, other: &'static str) -> Element {
    let (one, other) = (use_store_by_id::<Project>(one), use_store_by_id::<Project>(other));
    let (one, other) = (one?, other?);
    rendered("two");
    rsx! { "[{one.id()} + {other.id()}]" }
}

#[component]
fn Count(status: &'static str) -> Element {
    let store = use_store::<Project>()?;
    let count = use_query(store.in_status(Status::of(status)));
    rendered("count");
    rsx! { "[{store.id()}: {count()?}]" }
}

#[component]
fn Total() -> Element {
    let total = use_query_suspense(|project: &ProjectStore| project.issues().count())?;
    rendered("total");
    rsx! { "[total {total()?}]" }
}

#[component]
fn Sent() -> Element {
    let total = use_query_hydrated(|project: &ProjectStore| project.issues().count())?;
    rendered("sent");
    rsx! { "[sent {total()?}]" }
}

#[component]
fn Parity() -> Element {
    let is_even = use_query_suspense(|project: &ProjectStore| project.issues().count().map(|count| count % 2 == 0))?;
    rendered("parity");
    rsx! { if is_even()? { "[even]" } else { "[odd]" } }
}

#[component]
fn Draft() -> Element {
    let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
    give_append("draft", move |text| set_view.update(move |view| view.draft.push_str(text)));
    rsx! { "[draft {view().draft}]" }
}

#[component]
fn Window(name: Prop) -> Element {
    let (window, set_window) = use_client_document(move |project: &ProjectStore| project.window(name));
    give_append(name, move |text| set_window.update(move |window| window.title.push_str(text)));
    rsx! { "[{name}: {window().title}]" }
}

#[component]
fn Dependent(scene: Scene, nodes: Vec<Node>) -> Element {
    let first = use_query_suspense(|project: &ProjectStore| project.issues().order_by(|issue| issue.id.asc()).first())?;
    match first()? {
        None => rsx! { "[no issue]" },
        Some(issue) => rsx! {
            StoreProvider { provider: scene.stage.project(&issue.id), {below(&scene, &nodes)} }
        },
    }
}
