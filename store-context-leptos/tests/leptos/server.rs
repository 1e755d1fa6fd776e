//! Pages as a server sends them.

use std::future::IntoFuture;
use std::sync::Barrier;
use std::thread;

use any_spawner::Executor;
use futures::StreamExt;
use futures::executor::block_on;
use leptos::prelude::*;
use store_context::StoreRegistry;
use store_context::leptos::{
    StoreProvider, StoreRegistryProvider, provide_store, use_client_document, use_query, use_query_suspense, use_store,
};
use store_context::prelude::*;
use store_context::test::Scripted;

use crate::{Project, ProjectProvider, ProjectStore, View, created};

/// The page, and what owns it.
async fn page<V: IntoView + 'static>(app: impl FnOnce() -> V) -> (String, Owner) {
    let _ = Executor::init_tokio();
    let owner = Owner::new();
    owner.set();
    let stream = owner.with(|| app().to_html_stream_in_order());
    (stream.collect().await, owner)
}

#[component]
fn Total(store: ProjectStore) -> impl IntoView {
    let total = use_query(move || store.issues().count());
    view! { <p>{move || total.get().map(|total| format!("total {total}"))}</p> }
}

#[component]
fn Screen() -> impl IntoView {
    let project = use_store::<Project>();
    let total = use_query_suspense(|project: &ProjectStore| project.issues().count());
    view! {
        <b>"beside"</b>
        <ErrorBoundary fallback=|errors| {
            view! { <i>{move || errors.get().into_iter().map(|(_, error)| error.to_string()).collect::<Vec<_>>()}</i> }
        }>
            <Suspense fallback=|| "loading">
                {move || Suspend::new(async move { project.await.map(|store| view! { <Total store/> }) })}
                {move || Suspend::new(async move { total.await.map(|total| format!("again {total}")) })}
            </Suspense>
        </ErrorBoundary>
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_content_is_sent_and_not_the_fallback_and_the_store_goes_with_the_page() {
    let registry = StoreRegistry::builder().cache_time(std::time::Duration::ZERO).build();
    let data = Sqlite::in_memory();
    let filled =
        ProjectProvider::new().adapter(data.clone()).on_boot(|store| Ok(store.commit(created(1)).map(drop)?));
    let (text, owner) = page({
        let registry = registry.clone();
        move || {
            view! {
                <StoreRegistryProvider registry>
                    <StoreProvider provider=filled>
                        <Screen/>
                    </StoreProvider>
                </StoreRegistryProvider>
            }
        }
    })
    .await;
    assert!(text.contains("total 1") && text.contains("again 1") && text.contains("beside"), "{text}");
    assert!(!text.contains("loading"), "{text}");
    assert_eq!(registry.snapshot().stores.len(), 1);
    drop(owner);
    registry.settled().await;
    assert!(registry.snapshot().stores.is_empty(), "{}", registry.snapshot());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_the_load_reaches_the_boundary() {
    let data = Scripted::new(Sqlite::in_memory()).fail_times(1);
    let (text, _owner) = page(move || {
        view! {
            <StoreRegistryProvider>
                <StoreProvider provider=ProjectProvider::new().adapter(data).store_id("broken")>
                    <Screen/>
                </StoreProvider>
            </StoreRegistryProvider>
        }
    })
    .await;
    assert!(text.contains("store `project@broken` did not open"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_provider_the_boundary_says_so() {
    let (text, _owner) = page(|| view! { <Screen/> }).await;
    assert!(text.contains("no provider of `project` is in this scope"), "{text}");
}

/// The `Suspend`s of one page are polled on whichever threads the server has.
#[test]
fn what_is_used_may_be_read_on_several_threads_at_once() {
    const THREADS: usize = 4;
    let _ = Executor::init_tokio();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("it starts");
    let _entered = runtime.enter();
    for _ in 0..200 {
        let owner = Owner::new();
        let used = owner.with(|| {
            provide_store(ProjectProvider::new().adapter(Sqlite::in_memory()));
            let total = use_query_suspense(|project: &ProjectStore| project.issues().count());
            (use_store::<Project>(), total, use_client_document(|project: &ProjectStore| project.view()).0)
        });
        let start = Barrier::new(THREADS);
        thread::scope(|threads| {
            for _ in 0..THREADS {
                threads.spawn(|| {
                    let (project, total, view) = used;
                    start.wait();
                    assert!(project.phase().is_some());
                    assert_eq!(view.get_untracked(), View::default());
                    _ = total.get();
                    assert!(matches!(block_on(total.into_future()), Ok(0)));
                    assert!(matches!(total.get(), Some(Ok(0))));
                    assert!(matches!(project.get(), Some(Ok(_))));
                });
            }
        });
    }
}
