//! Scopes and composed providers: which store a place in a program gets, and what it is told when there is none.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::executor::block_on;
use store_context::life::{Phase, State};
use store_context::prelude::*;
use store_context::registry::ProviderSet;
use store_context::test::{Scripted, TestHost};

use crate::project::{Project, ProjectProvider, created, ids};
use crate::registry::many_stores::{Archive, ArchiveProvider};

fn provider(data: &Sqlite, id: &str) -> ProjectProvider<Sqlite> {
    ProjectProvider::new().adapter(data.clone()).store_id(id)
}

fn name<S: StoreContext>(mounted: &Mounted<S>) -> String {
    mounted.name().to_string()
}

#[test]
fn the_nearest_provider_of_a_schema_wins_and_an_outer_one_stays_reachable_by_its_id() {
    let data = Sqlite::in_memory();
    let root = Scope::new(&StoreRegistry::new());
    let outer = root.provide(provider(&data, "alpha")).unwrap();
    let beside = outer.provide(ArchiveProvider::new().store_id("alpha")).unwrap();
    let inner = beside.provide(provider(&data, "beta")).unwrap();

    assert_eq!(name(inner.nearest::<Project>().unwrap()), "project@beta");
    assert_eq!(name(inner.nearest::<Archive>().unwrap()), "archive@alpha", "another schema's provider is in between");
    assert_eq!(name(inner.by_id::<Project>("alpha").unwrap()), "project@alpha");
    assert_eq!(name(inner.by_id::<Project>(store_id!("beta")).unwrap()), "project@beta");
    assert_eq!(name(beside.nearest::<Project>().unwrap()), "project@alpha", "a scope knows nothing of what is in it");
    assert!(beside.try_by_id::<Project>("beta").is_none());
    block_on(inner.nearest::<Project>().unwrap().store()).unwrap().commit(created("a", "of beta")).unwrap();
    assert_eq!(ids(&block_on(outer.nearest::<Project>().unwrap().store()).unwrap()), [""; 0]);
}

#[test]
fn asking_outside_any_provider_is_an_error_that_names_the_schema_and_what_is_provided() {
    let root = Scope::new(&StoreRegistry::new());
    let error = root.nearest::<Project>().map(|_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no provider of `project` is in this scope; provide `ProjectProvider::new()..` above, with a `StoreProvider` or \
         `scope.provide(..)`. Provided: nothing"
    );
    let scope = root.provide(ArchiveProvider::new().store_id("old")).unwrap();
    let error = scope.nearest::<Project>().map(|_| ()).unwrap_err();
    assert!(error.to_string().ends_with("Provided: `archive@old`"), "{error}");
    assert!(scope.try_nearest::<Project>().is_none());
    assert!(scope.try_nearest::<Archive>().is_some());
}

#[test]
fn asking_for_an_id_that_nobody_provided_says_what_is_and_what_may_have_been_meant() {
    let data = Sqlite::in_memory();
    let registry = StoreRegistry::new();
    let _elsewhere = provider(&data, "elsewhere").mount(&registry).unwrap();
    let scope = Scope::new(&registry).provide(provider(&data, "sprint-24")).unwrap();
    let scope = scope.provide(provider(&data, "backlog")).unwrap();
    let error = scope.by_id::<Project>("sprint-42").map(|_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no provider of `project@sprint-42` is in this scope; did you mean `project@sprint-24`? \
         Provided: `project@backlog`, `project@sprint-24`"
    );
    let error = scope.by_id::<Project>("nothing-like-it").map(|_| ()).unwrap_err();
    let add = "provide `ProjectProvider::new().store_id(\"nothing-like-it\")..` above, with a `StoreProvider` or \
               `scope.provide(..)`. Provided:";
    assert!(error.to_string().contains(add), "{error}");
    let error = scope.by_id::<Archive>("backlog").map(|_| ()).unwrap_err();
    assert!(!error.to_string().contains("did you mean"), "another schema's store is not meant: {error}");
    let error = scope.by_id::<Project>("not valid").map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::InvalidId { .. }), "{error}");
    assert!(scope.try_by_id::<Project>("not valid").is_none());
    assert!(scope.by_id::<Project>("elsewhere").is_err(), "a scope gives what its own providers mounted");
}

#[test]
fn a_scope_holds_its_store_until_it_and_all_scopes_in_it_are_gone() {
    let host = TestHost::new();
    let registry = host.registry().cache_time(std::time::Duration::ZERO).build();
    let data = Scripted::new(Sqlite::in_memory());
    let with = |id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id);
    let outer = Scope::new(&registry).provide(with("outer")).unwrap();
    let inner = outer.provide(with("inner")).unwrap();
    host.run();
    let order = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let _observes = ["outer", "inner"].map(|id| {
        let order = std::sync::Arc::clone(&order);
        inner.by_id::<Project>(id).unwrap().observe(move |_| order.lock().unwrap().push(id))
    });
    let mounted = || registry.snapshot().stores.iter().map(|store| store.name.id.to_string()).collect::<Vec<_>>();
    drop(outer);
    assert_eq!(mounted(), ["outer", "inner"]);
    let other = inner.clone();
    drop(inner);
    assert_eq!(mounted(), ["outer", "inner"]);
    drop(other);
    assert_eq!(mounted(), [""; 0]);
    assert_eq!(*order.lock().unwrap(), ["inner", "outer"], "from the inside out");
}

#[test]
fn scopes_of_any_depth_are_let_go() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let mut scope = Scope::new(&registry);
    for _ in 0..100_000 {
        scope = scope.provide(provider(&data, "one")).unwrap();
    }
    drop(scope);
}

#[test]
fn a_scope_takes_a_store_that_is_mounted_already() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let mounted = provider(&data, "alpha").mount(&registry).unwrap();
    let scope = Scope::new(&registry).with(mounted);
    assert_eq!(name(scope.nearest::<Project>().unwrap()), "project@alpha");
}

#[test]
fn composed_providers_load_side_by_side_and_have_a_result_each() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let failing = Scripted::new(Sqlite::in_memory()).fail_times(1);
    let composed = compose((
        provider(&data, "alpha"),
        ArchiveProvider::new().store_id("old"),
        ProjectProvider::new().adapter(failing).store_id("broken"),
        provider(&data, "not valid"),
    ))
    .mount(&registry);
    let (alpha, archive, broken, invalid) = block_on(composed.stores());
    assert_eq!(alpha.unwrap().name().to_string(), "project@alpha");
    assert_eq!(archive.unwrap().name().to_string(), "archive@old");
    assert!(matches!(broken.map(|_| ()), Err(StoreError::Open { .. })));
    assert!(matches!(invalid.map(|_| ()), Err(StoreError::InvalidId { .. })));

    let (_, _, broken, _) = composed.into_mounted();
    let broken = broken.unwrap();
    broken.retry().unwrap();
    assert_eq!(block_on(broken.store()).unwrap().name().to_string(), "project@broken");
}

#[test]
fn composed_providers_of_one_schema_may_be_any_number() {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let providers: Vec<_> = (0..20).map(|id| provider(&data, &format!("store-{id}"))).collect();
    let composed = compose(providers).mount(&registry);
    let stores: Vec<_> = block_on(composed.stores()).into_iter().map(Result::unwrap).collect();
    assert_eq!(stores.len(), 20);
    assert_eq!(stores[7].id().as_str(), "store-7", "in the order of the providers");
}

/// `loading`, `running`, or the first words of what is wrong.
fn said(state: &State) -> String {
    match state {
        State::Loading(_) | State::Running => state.phase().to_string(),
        State::Error(error) => error.to_string().split(' ').take(2).collect::<Vec<_>>().join(" "),
        other => format!("{other:?}"),
    }
}

#[test]
fn providers_of_a_set_are_one_scope_whose_state_is_the_worst_of_them() {
    let host = TestHost::new();
    let registry = host.registry().build();
    let (good, bad) = (Scripted::new(Sqlite::in_memory()), Scripted::new(Sqlite::in_memory()).fail_times(1));
    let with = |data: &Scripted, id: &str| ProjectProvider::new().adapter(data.clone()).store_id(id);
    let set = ProviderSet::from((with(&good, "a"), ArchiveProvider::new(), with(&bad, "b")));
    let scope = Scope::new(&registry).provide_all(&set).unwrap();
    assert_eq!(scope.nearest::<Project>().unwrap().name().to_string(), "project@b", "the last is the nearest");
    assert_eq!(scope.by_id::<Project>("a").unwrap().name().to_string(), "project@a");
    assert!(scope.nearest::<Archive>().is_ok());

    let state = scope.watch();
    let told = Arc::new(Mutex::new(Vec::new()));
    let (seen, tells) = (state.clone(), Arc::clone(&told));
    let _told = state.changed(move || tells.lock().unwrap().push(said(&seen.get())));
    assert_eq!(said(&state.get()), "loading");
    good.hang();
    host.run();
    assert_eq!(said(&state.get()), "store `project@b`", "an error is said while another still loads");
    scope.retry();
    host.run();
    assert_eq!(said(&state.get()), "loading", "the one that hangs");
    good.resume();
    host.run();
    assert_eq!(said(&state.get()), "running");
    host.block_on(scope.by_id::<Project>("a").unwrap().shutdown()).unwrap();
    assert_eq!(state.get().phase(), Phase::Shutdown);
    scope.retry();
    assert_eq!(state.get().phase(), Phase::Shutdown, "which another mount ends, and no retry");
    let told = told.lock().unwrap();
    assert!(told.iter().any(|state| state == "running") && told.last() != Some(&"running".to_owned()), "{told:?}");

    let same = ProviderSet::from((with(&good, "a"), ArchiveProvider::new(), with(&bad, "b")));
    let other = ProviderSet::from((with(&good, "a"), ArchiveProvider::new(), with(&bad, "c")));
    assert!(set == same && set != other && set != ProviderSet::from(with(&good, "a")));
}

#[test]
fn of_a_set_that_cannot_be_mounted_nothing_stays() {
    let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
    let data = Sqlite::in_memory();
    let set: ProviderSet = ["fine", "not fine"].into_iter().map(|id| provider(&data, id)).collect();
    let error = Scope::new(&registry).provide_all(&set).unwrap_err();
    assert!(matches!(error, StoreError::InvalidId { .. }), "{error}");
    block_on(registry.settled());
    assert_eq!(registry.snapshot().stores.len(), 0);
}
