//! Several stores at once: registry, providers, who holds a store.

use std::time::Duration;

use futures::executor::block_on;
use futures::future::join_all;
use store_context::error::OpenError;
use store_context::life::BootStatus;
use store_context::prelude::*;
use store_context::registry::AdapterIdentity;
use store_context::{StoreState, Suspended};

use crate::project::{Project, ProjectEvent, ProjectKey, ProjectProvider, ProjectStore, created, ids};

#[derive(StoreContext)]
#[store(name = "archive", events = ProjectEvent, adapter = Sqlite::in_memory())]
pub struct Archive {
    pub view: ClientDocument<crate::project::BoardView>,
}

impl Materialize for Archive {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn mount(registry: &StoreRegistry, data: &Sqlite, id: &str) -> store_context::Mounted<Project> {
    ProjectProvider::new().adapter(data.clone()).store_id(id).mount(registry).unwrap()
}

fn running(suspended: Suspended<Project>) -> ProjectStore {
    block_on(suspended).unwrap()
}

#[test]
fn stores_of_one_schema_are_kept_apart_by_their_id() {
    let dir = tempfile::tempdir().unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    let mounted: Vec<_> = ["alpha", "beta", "gamma"].iter().map(|id| mount(&registry, &data, id)).collect();
    let stores = block_on(join_all(mounted.iter().map(store_context::Mounted::store)));
    let stores: Vec<_> = stores.into_iter().map(Result::unwrap).collect();
    for store in &stores {
        store.commit(created(store.id().as_str(), "one of its own")).unwrap();
    }
    for store in &stores {
        assert_eq!(ids(store), [store.id().as_str()]);
    }
    assert!(dir.path().join("project@gamma.db").exists());
}

#[test]
fn two_schemas_may_use_the_same_id() {
    let dir = tempfile::tempdir().unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    let project = mount(&registry, &data, "same");
    let archive = ArchiveProvider::new().adapter(data).store_id(store_id!("same")).mount(&registry).unwrap();
    let (project, archive) = (running(project.store()), block_on(archive.store()).unwrap());
    project.view().update(|view| view.draft = "of the project".into()).unwrap();
    assert_eq!(archive.view().get().unwrap().draft, "");
    assert_eq!(
        (project.name().to_string(), archive.name().to_string()),
        ("project@same".into(), "archive@same".into())
    );
}

#[test]
fn requests_for_one_key_share_one_store() {
    let dir = tempfile::tempdir().unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    let (one, other) = (mount(&registry, &data, "alpha"), mount(&registry, &data, "alpha"));
    let (one, other) = (running(one.store()), running(other.store()));
    assert!(one.is_same(&other));
    one.commit(created("a", "seen by both")).unwrap();
    assert_eq!(ids(&other), ["a"]);
}

#[test]
fn without_cache_time_a_store_closes_with_its_last_holder_and_opens_again() {
    let dir = tempfile::tempdir().unwrap();
    let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
    let data = Sqlite::in_dir(dir.path());
    let guard = mount(&registry, &data, "alpha");
    let store = running(guard.store());
    let weak = store.downgrade();
    store.commit(created("a", "kept")).unwrap();
    drop(guard);
    assert!(weak.upgrade().is_some(), "the handle holds it");
    let query = store.total();
    drop(store);
    assert!(weak.upgrade().is_some(), "a bound query holds it");
    drop(query);
    assert!(weak.upgrade().is_none());
    // The file would be in use if the store had not closed.
    for _ in 0..20 {
        let again = running(mount(&registry, &data, "alpha").store());
        assert_eq!(ids(&again), ["a"]);
    }
}

#[test]
fn one_key_with_another_adapter_is_an_error_that_names_both() {
    let (registry, dir) = (StoreRegistry::new(), tempfile::tempdir().unwrap());
    let memory = Sqlite::in_memory();
    let _guard = mount(&registry, &memory, "alpha");
    assert!(mount(&registry, &memory.clone(), "alpha").name().id.as_str() == "alpha", "a clone is the same adapter");
    let error = ProjectProvider::new()
        .adapter(Sqlite::in_dir(dir.path()))
        .store_id("alpha")
        .mount(&registry)
        .map(|_| ())
        .unwrap_err();
    let StoreError::AdapterConflict { mounted, requested, .. } = &error else { panic!("{error}") };
    assert_eq!(*requested, store_context::Adapter::identity(&Sqlite::in_dir(dir.path().join("."))));
    assert_ne!(mounted, requested);
    assert_ne!(*mounted, AdapterIdentity::new("memory"));
    assert!(error.to_string().contains("project@alpha"), "{error}");
}

#[test]
fn one_key_with_another_durability_is_an_error_that_names_both() {
    let (registry, dir) = (StoreRegistry::new(), tempfile::tempdir().unwrap());
    let data = Sqlite::in_dir(dir.path());
    let guard = mount(&registry, &data, "alpha");
    let durable = data.clone().durability(Durability::Power);
    let provider = ProjectProvider::new().adapter(durable).store_id("alpha");
    let error = provider.clone().mount(&registry).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("(`Durability::Process`), not with"), "{error}");
    assert!(error.contains("(`Durability::Power`); give both a clone of one adapter"), "{error}");
    block_on(guard.shutdown()).unwrap();
    drop(guard);
    block_on(provider.mount(&registry).unwrap().store()).expect("nobody stands for the other durability any more");
}

#[test]
fn a_clone_of_a_guard_is_another_guard_and_a_key_finds_its_store() {
    let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
    let guard = mount(&registry, &Sqlite::in_memory(), "alpha");
    let store = running(guard.store());
    let (clone, key) = (guard.clone(), guard.key());
    assert_eq!(key, ProjectKey::new(store_id!("alpha")));
    let weak = store.downgrade();
    drop((store, guard));
    assert!(weak.upgrade().expect("the clone holds it").is_same(&running(registry.get(&key).unwrap().store())));
    drop(clone);
    assert!(weak.upgrade().is_none());
}

#[test]
fn clones_of_a_provider_mount_one_store_with_one_hook() {
    let registry = StoreRegistry::builder().cache_time(Duration::ZERO).build();
    let provider = ProjectProvider::new().adapter(Sqlite::in_memory()).store_id("alpha").on_boot(|store| {
        store.commit(created("a", "from the hook"))?;
        Ok(())
    });
    let (one, other) = (provider.clone().mount(&registry).unwrap(), provider.clone().mount(&registry).unwrap());
    assert!(running(one.store()).is_same(&running(other.store())));
    drop((one, other));
    // Another generation, in memory and empty but for its hook.
    assert_eq!(ids(&running(provider.mount(&registry).unwrap().store())), ["a"]);
}

#[test]
fn an_adapter_may_be_chosen_while_the_program_runs() {
    let (registry, memory) = (StoreRegistry::new(), Sqlite::in_memory());
    let shared: std::sync::Arc<dyn Adapter> = std::sync::Arc::new(memory.clone());
    let boxed: Box<dyn Adapter> = Box::new(std::sync::Arc::clone(&shared));
    let provider = ProjectProvider::new().store_id("alpha");
    let shared = running(provider.clone().adapter(shared).mount(&registry).unwrap().store());
    let boxed = running(provider.adapter(boxed).mount(&registry).unwrap().store());
    assert!(shared.is_same(&boxed), "both stand for the adapter behind them");
    assert!(shared.is_same(&running(mount(&registry, &memory, "alpha").store())));
}

#[test]
fn one_name_with_another_schema_is_an_error() {
    mod other {
        use super::*;

        #[derive(StoreContext)]
        #[store(name = "project", events = ProjectEvent, version = 99)]
        pub struct Imposter {
            pub view: ClientDocument<crate::project::BoardView>,
        }

        impl Materialize for Imposter {
            fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                Ok(())
            }
        }
    }
    let (registry, memory) = (StoreRegistry::new(), Sqlite::in_memory());
    let _guard = mount(&registry, &memory, "alpha");
    let error =
        other::ImposterProvider::new().adapter(memory).store_id("alpha").mount(&registry).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::SchemaConflict { .. }), "{error}");
    assert!(error.to_string().contains("project::Project`, not as a `store::registry::many_stores"), "{error}");
}

#[test]
fn a_store_that_does_not_open_says_so_to_everybody_and_leaves_the_others_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("project@broken.db"), "this is no database, but it is long enough to look").unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    let (broken, fine) = (mount(&registry, &data, "broken"), mount(&registry, &data, "fine"));
    let errors = block_on(join_all([broken.store(), broken.store()]));
    for error in errors {
        let error = error.map(|_| ()).unwrap_err();
        assert!(matches!(error, StoreError::Open { cause: OpenError::NotADatabase { .. }, .. }), "{error}");
    }
    assert!(matches!(broken.state(), StoreState::Error(_)));
    let store = running(fine.store());
    assert!(matches!(fine.state(), StoreState::Running(_)));
    store.commit(created("a", "fine")).unwrap();
}

#[test]
fn a_loading_store_may_be_dropped_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    for _ in 0..20 {
        let guard = mount(&registry, &data, "alpha");
        assert!(!matches!(guard.state(), StoreState::Error(_)));
        drop(guard.store());
    }
    let store = running(mount(&registry, &data, "alpha").store());
    store.commit(created("a", "works")).unwrap();
}

#[test]
fn the_schemas_default_adapter_serves_a_provider_that_names_none() {
    let registry = StoreRegistry::new();
    let archive = ArchiveProvider::new().store_id("old").mount(&registry).unwrap();
    assert_eq!(block_on(archive.store()).unwrap().view().get().unwrap().draft, "");
}

#[test]
fn one_store_needs_no_registry_and_a_key_names_what_a_registry_would() {
    let store = block_on(Project::open(Sqlite::in_memory())).unwrap();
    assert_eq!(store.name().to_string(), "project@default");
    let named = block_on(ProjectProvider::new().adapter(Sqlite::in_memory()).store_id("own").open().unwrap()).unwrap();
    assert_eq!(named.name(), &ProjectKey::new(store_id!("own")).name());
}

#[test]
fn loading_tells_what_it_does() {
    let status = BootStatus::Replaying { done: 1, total: 2 };
    assert_eq!(format!("{:?}", StoreState::<Project>::Loading(status)), "Loading(Replaying { done: 1, total: 2 })");
}

#[test]
fn of_more_stores_than_may_be_open_the_least_recently_used_one_goes_first() {
    let host = store_context::test::TestHost::new();
    let registry = host.registry().most_open(3).build();
    let data = Sqlite::in_memory();
    let used = |id: &str| {
        let mounted = mount(&registry, &data, id);
        host.run();
        host.advance(std::time::Duration::from_secs(1));
        mounted
    };
    let open = || registry.snapshot().stores.iter().map(|store| store.name.id.to_string()).collect::<Vec<_>>();
    let held = used("held");
    for id in ["a", "b"] {
        drop(used(id));
    }
    drop(used("a"));
    drop(used("c"));
    host.run();
    assert_eq!(open(), ["held", "a", "c"], "`b` was not used for longest");
    let guards: Vec<_> = ["d", "e", "f"].map(used).into();
    host.run();
    assert_eq!(open(), ["held", "d", "e", "f"], "what is held stays open");
    assert!(held.read().unwrap().ready().is_some());
    drop(guards);
    drop(used("g"));
    host.run();
    assert_eq!(open(), ["held", "f", "g"]);
}
