//! Stores used inside the code that a store runs: an error, and no deadlock.

use futures::executor::block_on;
use store_context::prelude::*;

use crate::project::{ProjectEvent, ProjectStore, Status, created, ids, in_memory, moved};

#[test]
fn a_commit_inside_a_materializer_is_an_error() {
    thread_local! {
        static OUTER: std::cell::RefCell<Option<ProjectStore>> = const { std::cell::RefCell::new(None) };
    }
    #[derive(StoreContext)]
    #[store(name = "reaching", events = ProjectEvent)]
    struct Reaching {
        view: ClientDocument<crate::project::BoardView>,
    }
    impl Materialize for Reaching {
        fn materialize(event: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            OUTER.with_borrow(|outer| {
                let outer = outer.as_ref().ok_or_else(|| MaterializeError::new("no store to reach for"))?;
                match event {
                    ProjectEvent::Refused { reason } if reason == "read" => drop(outer.total().get()?),
                    ProjectEvent::Refused { reason } if reason == "subscribe" => drop(outer.total().subscribe(|_| {})?),
                    ProjectEvent::Refused { reason } if reason == "update" => drop(outer.view().update(|_| {})?),
                    event => drop(outer.commit(event)?),
                }
                Ok(())
            })
        }
    }
    OUTER.set(Some(in_memory()));
    let store = block_on(Reaching::open(Sqlite::in_memory())).unwrap();
    for reached in ["commit", "read", "subscribe", "update"] {
        let error = store.commit(ProjectEvent::Refused { reason: reached.into() }).unwrap_err();
        assert!(error.to_string().contains("inside a materializer is refused"), "{error}");
        assert!(error.to_string().contains("use the transaction `tx`"), "{error}");
    }
    assert_eq!(store.sequence().unwrap(), 0);
    OUTER.set(None);
}

#[test]
fn a_commit_inside_an_update_or_read_closure_is_an_error() {
    let store = in_memory();
    store.commit(created("a", "first")).unwrap();
    let mut inside = None;
    store.view().update(|_| inside = Some(store.commit(created("b", "second")).map(|_| ()))).unwrap();
    let error = inside.take().unwrap().unwrap_err();
    assert!(error.to_string().contains("a commit inside an `update` closure is refused"), "{error}");
    store.view().update(|_| inside = Some(store.total().get().map(|_| ()))).unwrap();
    assert!(matches!(inside.take().unwrap(), Err(StoreError::Reentrant { .. })));
    let receipt = store.commit(moved("a", Status::Doing)).unwrap();
    store.view().update(|_| inside = Some(block_on(receipt.durable()))).unwrap();
    assert!(matches!(inside.take().unwrap(), Err(StoreError::Reentrant { .. })), "it would wait for itself");
    store.read(|_| inside = Some(store.commit(created("b", "second")).map(|_| ()))).unwrap();
    assert!(matches!(inside.take().unwrap(), Err(StoreError::Reentrant { .. })));
    assert_eq!(ids(&store), ["a"]);
    store.commit(moved("a", Status::Done)).unwrap();
}
