//! Stores in Yew, in a browser: what renders when, switches, releases. `scripts/browser-tests.sh` runs it.

#![cfg(all(target_family = "wasm", target_os = "unknown"))]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use store_context::StoreRegistry;
use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};
use store_context::yew::{
    DocumentSetter, StoreErrorBoundary, StoreProvider, StoreRegistryProvider, use_client_document, use_query, use_store,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use yew::platform::time::sleep;
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Todo,
    Done,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: i64,
    status: Status,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct View {
    draft: String,
}

#[derive(store_context::Event, Clone, Debug, Serialize, Deserialize)]
enum ProjectEvent {
    Created { id: i64 },
    Finished { id: i64 },
}

#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
struct Project {
    issues: Table<Issue>,
    view: ClientDocument<View>,
    #[query("SELECT count(*) FROM issues WHERE status = :status")]
    in_status: Query<fn(status: Status) -> i64>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::Created { id } => tx.insert(Issue { id, status: Status::Todo })?,
            ProjectEvent::Finished { id } => {
                tx.table::<Issue>().by_key(id).update(|i| i.status.set(Status::Done))?;
            }
        }
        Ok(())
    }
}

fn created(id: i64) -> ProjectEvent {
    ProjectEvent::Created { id }
}

const CACHE: Duration = Duration::from_secs(60);

/// What a page is given, and what it hands out.
#[derive(Clone, Properties)]
struct Setup {
    registry: StoreRegistry,
    data: Scripted,
    id: &'static str,
    status: Status,
    types: bool,
    renders: Rc<Cell<usize>>,
    reset: Rc<RefCell<Option<Callback<()>>>>,
    setter: Rc<RefCell<Option<DocumentSetter<Project, View>>>>,
}

impl PartialEq for Setup {
    fn eq(&self, other: &Self) -> bool {
        (self.id, self.status, self.types) == (other.id, other.status, other.types)
    }
}

#[component]
fn App(setup: &Setup) -> Html {
    let reset = setup.reset.clone();
    let fallback = use_callback((), move |(error, again): (StoreError, Callback<()>), ()| {
        *reset.borrow_mut() = Some(again);
        html! { {format!("error: {error}")} }
    });
    let provider = ProjectProvider::new().adapter(setup.data.clone()).store_id(setup.id);
    html! {
        <StoreRegistryProvider registry={setup.registry.clone()}>
            <StoreProvider<Project, Scripted> {provider}>
                {"beside "}
                <StoreErrorBoundary {fallback}>
                    <Suspense fallback={html! { "loading" }}>
                        if setup.types { <Typed ..setup.clone()/> } else { <Board ..setup.clone()/> }
                    </Suspense>
                </StoreErrorBoundary>
            </StoreProvider<Project, Scripted>>
        </StoreRegistryProvider>
    }
}

#[component]
fn Board(setup: &Setup) -> HtmlResult {
    let store = use_store::<Project>()?;
    let count = use_query(store.in_status(setup.status));
    setup.renders.set(setup.renders.get() + 1);
    Ok(
        html! { {format!("{}: {}", store.id(), count.map_or_else(|error| error.to_string(), |count| count.to_string()))} },
    )
}

#[component]
fn Typed(setup: &Setup) -> Html {
    let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
    *setup.setter.borrow_mut() = Some(set_view);
    html! { {format!("typed {}", view.draft)} }
}

struct Page {
    host: TestHost,
    setup: Setup,
    root: web_sys::Element,
    app: yew::AppHandle<App>,
}

impl Page {
    fn new(data: Scripted, types: bool) -> Self {
        let host = TestHost::new();
        let registry = host.registry().cache_time(CACHE).build();
        let (id, status) = ("a", Status::Todo);
        let (renders, reset, setter) = Default::default();
        let setup = Setup { registry, data, id, status, types, renders, reset, setter };
        let root = web_sys::window().unwrap().document().unwrap().create_element("div").unwrap();
        let app = yew::Renderer::<App>::with_root_and_props(root.clone(), setup.clone()).render();
        Self { host, setup, root, app }
    }

    /// What is shown when nothing is left to do, and how often the board was rendered since the last call.
    async fn shown(&self) -> (String, usize) {
        for _ in 0..4 {
            self.host.run();
            sleep(Duration::from_millis(4)).await;
        }
        (self.root.text_content().unwrap_or_default(), self.setup.renders.take())
    }

    fn update(&mut self, change: impl FnOnce(&mut Setup)) {
        change(&mut self.setup);
        self.app.update(self.setup.clone());
    }

    fn store(&self, id: &str) -> ProjectStore {
        let mounted = self.setup.registry.get(&id.parse::<ProjectKey>().unwrap()).unwrap();
        mounted.read().unwrap().ready().expect("it runs")
    }

    fn stores(&self) -> Vec<String> {
        self.setup.registry.snapshot().stores.iter().map(|store| store.name.id.to_string()).collect()
    }
}

#[wasm_bindgen_test]
async fn the_fallback_then_the_content_and_a_render_for_each_difference() {
    let data = Scripted::new(Sqlite::in_memory());
    data.hang();
    let mut page = Page::new(data, false);
    assert_eq!(page.shown().await, ("beside loading".into(), 0));
    page.setup.data.resume();
    assert_eq!(page.shown().await, ("beside a: 0".into(), 1), "resumed once");
    let store = page.store("a");
    store.commit(created(1)).unwrap();
    assert_eq!(page.shown().await, ("beside a: 1".into(), 1));
    store.commit([created(2), created(3)]).unwrap();
    store.commit(created(4)).unwrap();
    assert_eq!(page.shown().await, ("beside a: 4".into(), 1), "a batch, and commits in quick succession");
    store.view().update(|view| view.draft = "unrelated".into()).unwrap();
    store.commit([created(5), ProjectEvent::Finished { id: 5 }]).unwrap();
    assert_eq!(page.shown().await, ("beside a: 4".into(), 0), "the count is the same");
    page.update(|setup| setup.status = Status::Done);
    assert_eq!(page.shown().await, ("beside a: 1".into(), 1), "another parameter is one render");
    store.commit(created(6)).unwrap();
    assert_eq!(page.shown().await, ("beside a: 1".into(), 0), "the query before is not asked any more");
    assert_eq!(page.setup.registry.snapshot().stores[0].live.len(), 1);
    store.commit(ProjectEvent::Finished { id: 6 }).unwrap();
    assert_eq!(page.shown().await, ("beside a: 2".into(), 1));
    let (registry, host) = (page.setup.registry.clone(), page.host.clone());
    page.app.destroy();
    sleep(Duration::from_millis(10)).await;
    assert!(registry.snapshot().stores[0].live.is_empty(), "unmounted, it is subscribed to nothing");
    store.commit(created(7)).unwrap();
    drop(store);
    host.advance(CACHE);
    assert!(registry.snapshot().stores.is_empty(), "and gone after its cache time");
}

#[wasm_bindgen_test]
async fn an_error_reaches_the_boundary_and_its_reset_loads_the_store_again() {
    let page = Page::new(Scripted::new(Sqlite::in_memory()).fail_times(2), false);
    let (shown, _) = page.shown().await;
    assert!(shown.starts_with("beside error: store `project@a` did not open"), "{shown}");
    let reset = || page.setup.reset.borrow_mut().take().expect("the fallback was shown").emit(());
    reset();
    assert!(page.shown().await.0.starts_with("beside error"), "the second load fails too");
    reset();
    assert_eq!(page.shown().await.0, "beside a: 0");
    assert_eq!(page.setup.registry.snapshot().stores[0].generation, 3);
}

#[wasm_bindgen_test]
async fn another_id_is_another_store_and_the_one_before_is_released() {
    let mut page = Page::new(Scripted::new(Sqlite::in_memory()), false);
    assert_eq!(page.shown().await.0, "beside a: 0");
    page.setup.data.hang();
    page.update(|setup| setup.id = "b");
    assert_eq!(page.shown().await.0, "beside loading");
    page.update(|setup| setup.id = "c");
    assert_eq!(page.shown().await.0, "beside loading", "switched again while it loads");
    page.setup.data.resume();
    assert_eq!(page.shown().await.0, "beside c: 0");
    page.host.advance(CACHE);
    assert_eq!(page.stores(), ["c"]);
}

#[wasm_bindgen_test]
async fn a_shutdown_reaches_the_boundary_and_another_mount_is_the_way_back() {
    let page = Page::new(Scripted::new(Sqlite::in_memory()), false);
    assert_eq!(page.shown().await.0, "beside a: 0");
    let mounted = page.setup.registry.get(&"a".parse::<ProjectKey>().unwrap()).unwrap();
    let shutdown = mounted.shutdown();
    page.host.run();
    shutdown.await.unwrap();
    assert!(page.shown().await.0.starts_with("beside error: store `project@a` was shut down"));
    let provider = ProjectProvider::new().adapter(page.setup.data.clone()).store_id("a");
    let _again = provider.mount(&page.setup.registry).unwrap();
    page.setup.reset.borrow_mut().take().expect("the fallback was shown").emit(());
    assert_eq!(page.shown().await.0, "beside a: 0");
}

#[wasm_bindgen_test]
async fn what_is_written_before_the_store_runs_is_shown_at_once_and_kept_in_order() {
    let data = Scripted::new(Sqlite::in_memory());
    data.hang();
    let mut page = Page::new(data, true);
    assert_eq!(page.shown().await.0, "beside typed ");
    let setter = || page.setup.setter.borrow().clone().expect("it was rendered");
    setter().set(View { draft: "x".into() }).unwrap();
    setter().update(|view| view.draft.push('y')).unwrap();
    assert_eq!(page.shown().await.0, "beside typed xy");
    page.setup.data.resume();
    assert_eq!(page.shown().await.0, "beside typed xy");
    assert_eq!(page.store("a").view().get().unwrap().draft, "xy");
    setter().update(|view| view.draft.push('z')).unwrap();
    assert_eq!(page.shown().await.0, "beside typed xyz");
    page.update(|setup| setup.id = "b");
    assert_eq!(page.shown().await.0, "beside typed ", "another store has its own");
    page.update(|setup| setup.id = "a");
    assert_eq!(page.shown().await.0, "beside typed xyz");
}
