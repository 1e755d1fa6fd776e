//! Behaviours of stores in Dioxus, in process: a `VirtualDom` and what it renders.

mod page;

use std::sync::atomic::Ordering;

use dioxus::prelude::*;
use serde::{Deserialize, Serialize};
use store_context::dioxus::{
    StoreProvider, StoreRegistryProvider, try_use_store_by_id, use_client_document, use_query, use_store,
    use_store_by_id,
};
use store_context::prelude::*;

use page::{CACHE, Page, Setup};

#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Todo,
    Done,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
pub(crate) struct Issue {
    #[row(primary_key)]
    id: String,
    status: Status,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct View {
    draft: String,
}

#[derive(store_context::Event, Clone, Debug, Serialize, Deserialize)]
pub(crate) enum ProjectEvent {
    Created { id: String },
    Finished { id: String },
}

#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub(crate) struct Project {
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

fn created(id: impl ToString) -> ProjectEvent {
    ProjectEvent::Created { id: id.to_string() }
}

static ID: GlobalSignal<String> = Signal::global(|| "a".into());
static STATUS: GlobalSignal<Status> = Signal::global(|| Status::Todo);
static IS_SHOWN: GlobalSignal<bool> = Signal::global(|| true);

/// A provider, an error boundary, a suspense boundary, and what is below.
#[component]
fn App(setup: Setup) -> Element {
    let Setup { registry, data, boundary, .. } = setup.clone();
    rsx! {
        if IS_SHOWN() {
            StoreRegistryProvider { registry: registry.clone(),
                StoreProvider { provider: ProjectProvider::new().adapter(data).store_id(ID().as_str()),
                    "beside "
                    ErrorBoundary {
                        handle_error: move |errors: ErrorContext| {
                            let said = errors.error().map(|error| error.to_string()).unwrap_or_default();
                            *boundary.borrow_mut() = Some(errors);
                            rsx! { "error: {said}" }
                        },
                        SuspenseBoundary { fallback: |_| rsx! { "loading" }, Below { setup: setup.clone() } }
                    }
                }
            }
        }
    }
}

/// Counts how often what is below is rendered to its end.
#[component]
fn Below(setup: Setup) -> Element {
    let shown = (setup.below)()?;
    setup.renders.fetch_add(1, Ordering::Relaxed);
    Ok(shown)
}

#[allow(non_snake_case)]
fn Board() -> Element {
    let store = use_store::<Project>()?;
    let count = use_query(store.in_status(STATUS()));
    let count = count()?;
    rsx! { "{store.id()}: {count}" }
}

#[test]
fn the_fallback_then_the_content_and_a_render_for_each_difference() {
    Page::run(Board, async |mut page| {
        page.data.hang();
        assert_eq!(page.shown().await, ("beside loading".into(), 0));
        page.data.resume();
        assert_eq!(page.shown().await, ("beside a: 0".into(), 1), "resumed once");
        let store = page.store("a");
        store.commit(created(1)).unwrap();
        assert_eq!(page.shown().await, ("beside a: 1".into(), 1));
        store.commit([created(2), created(3)]).unwrap();
        store.commit(created(4)).unwrap();
        assert_eq!(page.shown().await, ("beside a: 4".into(), 1), "a batch, and commits in quick succession");
        store.view().update(|view| view.draft = "unrelated".into()).unwrap();
        store.commit([created(5), ProjectEvent::Finished { id: "5".into() }]).unwrap();
        assert_eq!(page.shown().await, ("beside a: 4".into(), 0), "the count is the same");
        let committing = store.clone();
        std::thread::spawn(move || committing.commit(created(6)).unwrap()).join().unwrap();
        assert_eq!(page.shown().await, ("beside a: 5".into(), 1), "of another thread");
        page.set(|| *STATUS.write() = Status::Done);
        assert_eq!(page.shown().await, ("beside a: 1".into(), 1), "another parameter is one render");
        store.commit(created(7)).unwrap();
        assert_eq!(page.shown().await, ("beside a: 1".into(), 0), "the query before is not asked any more");
        assert_eq!(page.registry.snapshot().stores[0].live.len(), 1);
        page.set(|| *IS_SHOWN.write() = false);
        assert_eq!(page.shown().await.0, "");
        store.commit(created(8)).unwrap();
        assert!(page.registry.snapshot().stores[0].live.is_empty(), "unmounted, it is subscribed to nothing");
    });
}

#[test]
fn an_error_reaches_the_boundary_and_its_reset_loads_the_store_again() {
    Page::run(Board, async |mut page| {
        let _ = page.data.clone().fail_times(2);
        let (shown, renders) = page.shown().await;
        assert!(shown.starts_with("beside error: store `project@a` did not open") && renders == 0, "{shown}");
        page.reset_boundary();
        assert!(page.shown().await.0.starts_with("beside error"), "the second load fails too");
        page.reset_boundary();
        assert_eq!(page.shown().await, ("beside a: 0".into(), 1));
        assert_eq!(page.registry.snapshot().stores[0].generation, 3);
    });
}

#[test]
fn another_id_is_another_store_and_the_one_before_is_released() {
    Page::run(Board, async |mut page| {
        assert_eq!(page.shown().await.0, "beside a: 0");
        page.data.hang();
        page.set(|| *ID.write() = "b".into());
        assert_eq!(page.shown().await.0, "beside loading");
        page.set(|| *ID.write() = "c".into());
        assert_eq!(page.shown().await.0, "beside loading", "switched again while it loads");
        page.data.resume();
        assert_eq!(page.shown().await, ("beside c: 0".into(), 1));
        page.host.advance(CACHE);
        assert_eq!(page.stores(), ["c"]);
        page.set(|| *ID.write() = "not an id".into());
        let (shown, _) = page.shown().await;
        assert!(shown.contains("a store of the schema `project` cannot have this id"), "{shown}");
        page.set(|| *IS_SHOWN.write() = false);
        page.shown().await;
        page.host.advance(CACHE);
        assert_eq!(page.stores(), [""; 0], "unmounted, and gone after its cache time");
    });
}

#[test]
fn a_shutdown_reaches_the_boundary_and_another_mount_is_the_way_back() {
    Page::run(Board, async |mut page| {
        assert_eq!(page.shown().await.0, "beside a: 0");
        let mounted = page.mounted("a");
        let shutdown = mounted.shutdown();
        page.host.block_on(shutdown).unwrap();
        assert!(page.shown().await.0.starts_with("beside error: store `project@a` was shut down"));
        let _again = ProjectProvider::new().adapter(page.data.clone()).store_id("a").mount(&page.registry).unwrap();
        page.reset_boundary();
        assert_eq!(page.shown().await, ("beside a: 0".into(), 1));
    });
}

#[allow(non_snake_case)]
fn Found() -> Element {
    let (missing, by_id) = (try_use_store_by_id::<Project>("oter")?, use_store_by_id::<Project>("a")?);
    let nearest = use_store::<Project>()?;
    rsx! { "{missing.is_none()} {by_id == nearest} {by_id.id()}" }
}

#[test]
fn a_store_is_found_by_its_id_and_a_missing_one_is_none() {
    Page::run(Found, async |mut page| {
        assert_eq!(page.shown().await.0, "beside true true a");
    });
}

#[allow(non_snake_case)]
fn Missing() -> Element {
    let store = use_store_by_id::<Project>("oter")?;
    rsx! { "{store.id()}" }
}

#[test]
fn a_store_that_nobody_provides_is_an_error_in_a_sentence() {
    Page::run(Missing, async |mut page| {
        let (shown, _) = page.shown().await;
        assert!(shown.contains("no provider of `project@oter` is in this scope"), "{shown}");
        assert!(shown.contains("Provided: `project@a`"), "{shown}");
    });
}

#[allow(non_snake_case)]
fn Typed() -> Element {
    let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
    page::keep(set_view);
    let draft = view().draft;
    rsx! { "typed {draft}" }
}

#[test]
fn what_is_written_before_the_store_runs_is_shown_at_once_and_kept_in_order() {
    Page::run(Typed, async |mut page| {
        page.data.hang();
        assert_eq!(page.shown().await.0, "beside typed ");
        page::kept().set(View { draft: "x".into() }).unwrap();
        page::kept().update(|view| view.draft.push('y')).unwrap();
        assert_eq!(page.shown().await, ("beside typed xy".into(), 1));
        page.data.resume();
        assert_eq!(page.shown().await.0, "beside typed xy");
        assert_eq!(page.store("a").view().get().unwrap().draft, "xy");
        page::kept().update(|view| view.draft.push('z')).unwrap();
        assert_eq!(page.shown().await, ("beside typed xyz".into(), 1));
        page.set(|| *ID.write() = "b".into());
        assert_eq!(page.shown().await.0, "beside typed ", "another store has its own");
        page.set(|| *ID.write() = "a".into());
        assert_eq!(page.shown().await.0, "beside typed xyz");
    });
}

#[test]
fn a_server_sends_the_content_and_not_the_fallback() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let text = runtime.block_on(async {
        let setup = Setup { registry: Some(store_context::StoreRegistry::new()), ..Setup::of(Board) };
        let mut dom = VirtualDom::new_with_props(App, AppProps { setup });
        dom.rebuild_in_place();
        dom.wait_for_suspense().await;
        dioxus_ssr::render(&dom)
    });
    assert!(text.contains("a: 0") && !text.contains("loading"), "{text}");
}
