//! What a client does: renders exactly when something differs, switches, releases.

use leptos::prelude::*;
use store_context::leptos::{
    UseStore, provide_store, use_client_document, use_query, use_query_suspense, use_store, use_store_by_id,
    use_store_registry,
};
use store_context::prelude::*;
use store_context::test::Scripted;

use crate::page::{CACHE, Page, on_one_thread};
use crate::{Notes, NotesProvider, Project, ProjectEvent, ProjectProvider, ProjectStore, Status, View, created};

fn provider(data: &Scripted, id: &str) -> store_context::Provider<Project, Scripted> {
    ProjectProvider::new().adapter(data.clone()).store_id(id)
}

/// `loading`, the store's id, or the first words of the error.
fn shown(store: UseStore<Project>) -> String {
    match store.get() {
        None => "loading".to_owned(),
        Some(Ok(store)) => store.id().to_string(),
        Some(Err(error)) => error.to_string().split_inclusive(' ').take(4).collect::<String>().trim().to_owned(),
    }
}

fn running(page: &Page, id: &str) -> ProjectStore {
    let key = id.parse::<crate::ProjectKey>().unwrap();
    page.registry.get(&key).unwrap().read().unwrap().ready().expect("it runs")
}

#[test]
fn the_fallback_then_the_store_and_no_render_without_a_difference() {
    on_one_thread(async {
        let page = Page::new();
        page.data.hang();
        let store = page.with(|| {
            provide_store(provider(&page.data, "a"));
            use_store::<Project>()
        });
        page.render(move || shown(store));
        assert_eq!(page.rendered().await, ["loading"]);
        page.data.resume();
        assert_eq!(page.rendered().await, ["a"], "the steps of the load render nothing");
        running(&page, "a").commit(created(1)).unwrap();
        assert_eq!(page.rendered().await, [""; 0], "a commit is no change of the store itself");
    });
}

#[test]
fn a_query_renders_exactly_when_its_result_differs() {
    on_one_thread(async {
        let page = Page::new();
        page.with(|| provide_store(provider(&page.data, "a")));
        page.idle().await;
        let store = running(&page, "a");
        let (status, set_status) = page.with(|| signal(Status::Todo));
        let count = page.with(|| {
            let store = store.clone();
            use_query(move || store.in_status(status.get()))
        });
        page.render(move || count.get().unwrap().to_string());
        assert_eq!(page.rendered().await, ["0"]);
        store.commit([created(1), created(2)]).unwrap();
        assert_eq!(page.rendered().await, ["2"], "a batch renders once");
        store.commit(created(3)).unwrap();
        store.commit(created(4)).unwrap();
        assert_eq!(page.rendered().await, ["4"], "as do commits in quick succession");
        store.view().update(|view| view.draft = "unrelated".into()).unwrap();
        store.commit([created(5), ProjectEvent::Finished { id: "5".into() }]).unwrap();
        assert_eq!(page.rendered().await, [""; 0], "the count is the same");
        set_status.set(Status::Done);
        assert_eq!(page.rendered().await, ["1"]);
        store.commit(created(7)).unwrap();
        assert_eq!(page.rendered().await, [""; 0], "the query before is not asked any more");
        assert_eq!(page.registry.snapshot().stores[0].live.len(), 1);
        set_status.set(Status::Done);
        assert_eq!(page.rendered().await, [""; 0]);
    });
}

#[test]
fn a_commit_of_another_thread_renders_once() {
    on_one_thread(async {
        let page = Page::new();
        page.with(|| provide_store(provider(&page.data, "a")));
        page.idle().await;
        let store = running(&page, "a");
        let counted = store.clone();
        let count = page.with(|| use_query(move || counted.issues().count()));
        page.render(move || count.get().unwrap().to_string());
        assert_eq!(page.rendered().await, ["0"]);
        std::thread::spawn(move || store.commit(created(1)).unwrap()).join().unwrap();
        assert_eq!(page.rendered().await, ["1"]);
    });
}

#[test]
fn two_components_on_one_query_run_it_once() {
    on_one_thread(async {
        let page = Page::new();
        page.with(|| provide_store(provider(&page.data, "a")));
        page.idle().await;
        for _ in 0..2 {
            let store = running(&page, "a");
            let count = page.with(|| use_query(move || store.issues().count()));
            page.render(move || count.get().unwrap().to_string());
        }
        assert_eq!(page.rendered().await, ["0", "0"]);
        running(&page, "a").commit(created(1)).unwrap();
        assert_eq!(page.rendered().await, ["1", "1"]);
        let live = page.registry.snapshot().stores[0].live.clone();
        assert_eq!((live.len(), live[0].subscribers, live[0].runs), (1, 2, 2));
    });
}

#[test]
fn an_error_is_shown_and_a_retry_loads_the_store() {
    on_one_thread(async {
        let mut page = Page::new();
        page.data = page.data.clone().fail_times(1);
        let (store, total) = page.with(|| {
            provide_store(provider(&page.data, "a"));
            (use_store::<Project>(), use_query_suspense(|project: &ProjectStore| project.issues().count()))
        });
        page.render(move || shown(store));
        page.render(move || match total.get() {
            None => "total loading".to_owned(),
            Some(total) => total.map_or_else(|_| "total error".to_owned(), |total| format!("total {total}")),
        });
        let rendered = page.rendered().await;
        assert_eq!(rendered[rendered.len() - 2..], ["store `project@a` did not", "total error"], "{rendered:?}");
        store.retry().unwrap();
        let rendered = page.rendered().await;
        assert_eq!(rendered[rendered.len() - 2..], ["a", "total 0"], "{rendered:?}");
        running(&page, "a").commit(created(1)).unwrap();
        assert_eq!(page.rendered().await, ["total 1"]);
        assert!(matches!(store.retry(), Err(StoreError::Transition { .. })));
    });
}

#[test]
fn another_id_is_another_store_and_the_one_before_is_released() {
    on_one_thread(async {
        let mut page = Page::new();
        let (id, set_id) = page.with(|| signal("a"));
        let store = page.with(|| {
            let data = page.data.clone();
            provide_store(move || provider(&data, id.get()));
            use_store::<Project>()
        });
        page.render(move || shown(store));
        page.rendered().await;
        let names = |page: &Page| {
            let stores = page.registry.snapshot().stores;
            stores.iter().map(|store| (store.name.id.to_string(), store.holders > 0)).collect::<Vec<_>>()
        };
        page.data.hang();
        set_id.set("b");
        assert_eq!(page.rendered().await, ["loading"]);
        set_id.set("c");
        assert_eq!(page.rendered().await, ["loading"], "switched again while it loads");
        page.data.resume();
        assert_eq!(page.rendered().await, ["c"]);
        assert_eq!(names(&page), [("a".into(), false), ("b".into(), false), ("c".into(), true)]);
        page.host.advance(CACHE);
        assert_eq!(names(&page), [("c".into(), true)]);
        set_id.set("not an id");
        assert_eq!(page.rendered().await, ["a store of the"], "an id that is none is an error");
        set_id.set("c");
        assert_eq!(page.rendered().await, ["c"], "the same instance, within its cache time");
        page.unmount();
        page.host.advance(CACHE);
        assert_eq!(names(&page), []);
    });
}

#[test]
fn the_nearest_provider_wins_and_an_outer_one_is_found_by_its_id() {
    on_one_thread(async {
        let page = Page::new();
        page.with(|| provide_store(provider(&page.data, "outer")));
        let inner = page.owner().child();
        let (nearest, by_id, missing) = inner.with(|| {
            provide_store(provider(&page.data, "inner"));
            (
                use_store::<Project>(),
                use_store_by_id::<Project, _>(|| "outer"),
                use_store_by_id::<Project, _>(|| "oter"),
            )
        });
        let notes = inner.with(use_store::<Notes>);
        page.idle().await;
        let read = |store: UseStore<Project>| inner.with(|| untrack(|| shown(store)));
        assert_eq!((read(nearest), read(by_id)), ("inner".to_owned(), "outer".to_owned()));
        assert_eq!(page.with(|| untrack(|| shown(use_store()))), "outer", "outside, the inner one is not seen");
        let said = |read: Option<Result<ProjectStore, StoreError>>| read.unwrap().unwrap_err().to_string();
        let message = inner.with(|| untrack(|| said(missing.get())));
        assert!(message.contains("did you mean `project@outer`"), "{message}");
        assert!(inner.with(|| untrack(|| missing.try_get())).is_none());
        let message = inner.with(|| untrack(|| notes.get().unwrap().unwrap_err().to_string()));
        assert!(message.contains("no provider of `notes` is in this scope"), "{message}");
        // With no provider at all.
        let alone = Owner::new();
        let message = alone.with(|| untrack(|| said(use_store::<Project>().get())));
        assert!(message.contains("no provider of `project`"), "{message}");
    });
}

#[test]
fn nested_providers_load_side_by_side() {
    on_one_thread(async {
        let page = Page::new();
        page.data.hang();
        page.with(|| {
            provide_store(provider(&page.data, "a"));
            provide_store(NotesProvider::new().adapter(page.data.clone()));
            provide_store(provider(&page.data, "b"));
        });
        page.idle().await;
        assert_eq!(page.registry.snapshot().stores.len(), 3, "all of them load, and none waits for another");
        page.data.resume();
        let registry = page.with(|| use_store_registry().unwrap());
        page.idle().await;
        assert!(registry == page.registry);
        assert!(
            registry.snapshot().stores.iter().all(|store| store.state.phase() == store_context::life::Phase::Running)
        );
    });
}

#[test]
fn a_shutdown_is_shown_and_another_mount_is_the_way_back() {
    on_one_thread(async {
        let page = Page::new();
        let store = page.with(|| {
            provide_store(provider(&page.data, "a"));
            use_store::<Project>()
        });
        page.render(move || shown(store));
        page.rendered().await;
        let key = "a".parse::<crate::ProjectKey>().unwrap();
        let mounted = page.registry.get(&key).unwrap();
        let shutdown = mounted.shutdown();
        page.host.block_on(shutdown).unwrap();
        assert_eq!(page.rendered().await, ["store `project@a` was shut"]);
        let again = provider(&page.data, "a").mount(&page.registry).unwrap();
        let rendered = page.rendered().await;
        assert_eq!(rendered.last().map(String::as_str), Some("a"), "{rendered:?}");
        drop(again);
    });
}

#[test]
fn what_is_written_before_the_store_runs_is_shown_at_once_and_kept_in_order() {
    on_one_thread(async {
        let page = Page::new();
        page.data.hang();
        let (id, set_id) = page.with(|| signal("a"));
        let (view, set_view) = page.with(|| {
            let data = page.data.clone();
            provide_store(move || provider(&data, id.get()));
            use_client_document(|project: &ProjectStore| project.view())
        });
        page.render(move || view.get().draft);
        assert_eq!(page.rendered().await, [""]);
        set_view.set(View { draft: "x".into() }).unwrap();
        assert_eq!(page.rendered().await, ["x"]);
        set_view.update(|view| view.draft.push('y')).unwrap();
        assert_eq!(page.rendered().await, ["xy"]);
        page.data.resume();
        page.idle().await;
        assert_eq!(running(&page, "a").view().get().unwrap().draft, "xy");
        assert!(page.rendered().await.iter().all(|draft| draft == "xy"), "it is not seen to go and come");
        set_view.update(|view| view.draft.push('z')).unwrap();
        assert_eq!(page.rendered().await, ["xyz"]);
        assert_eq!(running(&page, "a").sequence().unwrap(), 2, "what was pending is one commit");
        set_id.set("b");
        assert_eq!(page.rendered().await.last().map(String::as_str), Some(""), "another store has its own");
        set_id.set("a");
        assert_eq!(page.rendered().await.last().map(String::as_str), Some("xyz"));
    });
}

#[test]
fn mounting_and_unmounting_leaves_nothing_behind() {
    on_one_thread(async {
        let page = Page::new();
        let outer = page.with(|| {
            provide_store(provider(&page.data, "a"));
            use_store::<Project>()
        });
        page.render(move || shown(outer));
        page.idle().await;
        for round in 0..10_000 {
            let owner = page.owner().child();
            owner.with(|| {
                provide_store(provider(&page.data, "a"));
                let total = use_query_suspense(|project: &ProjectStore| project.issues().count());
                assert!(untrack(|| total.get()).unwrap().is_ok(), "within the cache time there is no fallback");
            });
            owner.cleanup();
            if round % 1000 == 0 {
                page.idle().await;
            }
        }
        page.idle().await;
        let store = &page.registry.snapshot().stores[0];
        assert_eq!((store.loads, store.live.len()), (1, 0));
        assert!(store.holders <= 4, "{}", store.holders);
    });
}
