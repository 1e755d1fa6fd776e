//! Stores in Yew, as a server renders them. What needs effects is in `browser.rs`.

#![cfg(not(target_family = "wasm"))]

use serde::{Deserialize, Serialize};
use store_context::StoreRegistry;
use store_context::prelude::*;
use store_context::test::Scripted;
use store_context::yew::{
    StoreErrorBoundary, StoreProvider, StoreRegistryProvider, use_client_document, use_query, use_store,
    use_store_by_id, use_store_registry, use_store_result, use_store_result_by_id,
};
use yew::ServerRenderer;
use yew::prelude::*;

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "issues")]
struct Issue {
    #[row(primary_key)]
    id: i64,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct View {
    draft: String,
}

#[derive(store_context::Event, Clone, Debug, Serialize, Deserialize)]
enum ProjectEvent {
    Created { id: i64 },
}

#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
struct Project {
    issues: Table<Issue>,
    view: ClientDocument<View>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let ProjectEvent::Created { id } = event;
        Ok(tx.insert(Issue { id })?)
    }
}

/// What a page is given.
#[derive(Clone, Properties)]
struct Setup {
    registry: StoreRegistry,
    data: Scripted,
    #[prop_or_default]
    shown: Shown,
}

impl PartialEq for Setup {
    fn eq(&self, other: &Self) -> bool {
        self.registry == other.registry && self.shown == other.shown
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Shown {
    #[default]
    Board,
    Found,
    Missing,
}

fn provider(data: &Scripted, id: &str) -> store_context::Provider<Project, Scripted> {
    ProjectProvider::new().adapter(data.clone()).store_id(id).on_boot(|store| {
        if store.issues().count().get()? == 0 {
            store.commit(ProjectEvent::Created { id: 1 })?;
        }
        Ok(())
    })
}

#[component]
fn App(setup: &Setup) -> Html {
    let Setup { registry, data, shown } = setup.clone();
    let fallback = Callback::from(|(error, _): (StoreError, Callback<()>)| html! { {error.to_string()} });
    html! {
        <StoreRegistryProvider registry={registry}>
            <StoreProvider provider={provider(&data, "outer")}>
                <StoreProvider provider={provider(&data, "inner")}>
                    {"beside "}
                    <StoreErrorBoundary {fallback}>
                        <Suspense fallback={html! { "loading" }}>
                            {match shown {
                                Shown::Board => html! { <Board/> },
                                Shown::Found => html! { <Found/> },
                                Shown::Missing => html! { <Missing/> },
                            }}
                        </Suspense>
                    </StoreErrorBoundary>
                </StoreProvider>
            </StoreProvider>
        </StoreRegistryProvider>
    }
}

#[component]
fn Board() -> HtmlResult {
    let store = use_store::<Project>()?;
    let total = use_query(store.issues().count());
    let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
    let _ = set_view;
    Ok(html! { {format!("{} has {total:?}, draft {:?}", store.id(), view.draft)} })
}

#[component]
fn Found() -> HtmlResult {
    let nearest = use_store::<Project>()?;
    let by_id = use_store_by_id::<Project, _>("outer")?;
    let registry = use_store_registry();
    let stores = registry.map(|registry| registry.snapshot().stores.len());
    Ok(html! { {format!("{} in {} of {stores:?}", nearest.id(), by_id.id())} })
}

#[component]
fn Missing() -> HtmlResult {
    let missing = use_store_result_by_id::<Project, _>("oter")?;
    let failed = use_store_result::<Project>()?;
    let said = |read: Result<ProjectStore, StoreError>| read.map_or_else(|error| error.to_string(), |_| "there".into());
    Ok(html! { {format!("{} | {}", said(missing), said(failed))} })
}

async fn rendered(data: Scripted, shown: Shown) -> (String, StoreRegistry) {
    let registry = StoreRegistry::builder().cache_time(std::time::Duration::ZERO).build();
    let page = registry.clone();
    let renderer = ServerRenderer::<App>::with_props(move || Setup { registry: page, data, shown });
    (renderer.hydratable(false).render().await, registry)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_sends_the_content_and_not_the_fallback_and_lets_the_stores_go() {
    let (text, registry) = rendered(Scripted::new(Sqlite::in_memory()), Shown::Board).await;
    assert_eq!(text, "beside inner has Ok(1), draft \"\"");
    registry.settled().await;
    assert!(registry.snapshot().stores.is_empty(), "{}", registry.snapshot());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nearest_provider_wins_and_an_outer_one_is_found_by_its_id() {
    let (text, _) = rendered(Scripted::new(Sqlite::in_memory()), Shown::Found).await;
    assert_eq!(text, "beside inner in outer of Ok(2)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_is_a_sentence_and_a_value_where_it_is_asked_for() {
    let (text, _) = rendered(Scripted::new(Sqlite::in_memory()).fail_times(2), Shown::Missing).await;
    assert!(text.contains("no provider of `project@oter` is in this scope"), "{text}");
    assert!(text.contains("| store `project@inner` did not open"), "{text}");
}

#[component]
fn Alone() -> HtmlResult {
    let store = use_store_result::<Project>()?;
    Ok(html! { {store.map_or_else(|error| error.to_string(), |_| "there".into())} })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_provider_it_is_said_so() {
    let text = ServerRenderer::<Alone>::new().hydratable(false).render().await;
    assert!(text.contains("no provider of `project` is in this scope"), "{text}");
}
