//! Commits: all or none, receipts, and what materializers can write.

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::error::SessionError;
use store_context::prelude::*;

use crate::project::{ProjectEvent, Status, created, filed, ids, in_dir, in_memory};

#[test]
fn a_commit_takes_one_event_an_array_or_a_vec() {
    let store = in_memory();
    assert_eq!(store.commit(created("a", "one")).unwrap().sequence(), 1);
    assert_eq!(store.commit([created("b", "two"), created("c", "three")]).unwrap().sequence(), 3);
    assert_eq!(store.commit(vec![created("d", "four")]).unwrap().sequence(), 4);
    assert_eq!(store.commit(Vec::new()).unwrap().sequence(), 4, "no events, no transaction");
    assert_eq!(ids(&store), ["a", "b", "c", "d"]);
}

#[test]
fn a_materializer_that_panics_in_the_middle_leaves_nothing_of_the_batch() {
    let store = in_memory();
    let error = store.commit([created("a", "one"), ProjectEvent::Panicked, created("b", "two")]).unwrap_err();
    assert!(matches!(&error, StoreError::Panicked { what: "a materializer", .. }), "{error}");
    assert!(error.to_string().contains("the materializer's own panic"), "{error}");
    assert!(error.to_string().contains("project@default"), "{error}");
    assert_eq!((ids(&store).len(), store.sequence().unwrap()), (0, 0));
    assert_eq!(store.commit(created("a", "one")).unwrap().sequence(), 1);
}

#[test]
fn durable_means_power_loss_and_one_flush_serves_many() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    let receipts: Vec<_> = (0..50).map(|n| store.commit(created(&n.to_string(), "one")).unwrap()).collect();
    let all = futures::future::join_all(receipts.iter().map(store_context::Receipt::durable));
    assert!(block_on(all).into_iter().all(|durable| durable.is_ok()));
}

#[test]
fn a_receipt_is_answered_after_its_store_closed() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    let receipt = store.commit(created("a", "one")).unwrap();
    drop(store);
    block_on(receipt.durable()).unwrap();
}

#[test]
fn under_power_every_commit_is_durable_when_it_returns() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path()).durability(Durability::Power);
    let store = block_on(crate::project::Project::open(data)).unwrap();
    let receipt = store.commit(created("a", "one")).unwrap();
    use futures::FutureExt;
    assert!(receipt.durable().now_or_never().unwrap().is_ok(), "it need not wait");
}

#[test]
fn a_store_in_memory_says_that_it_is_not_durable() {
    let store = in_memory();
    let receipt = store.commit(created("a", "one")).unwrap();
    let error = block_on(receipt.durable()).unwrap_err();
    assert!(matches!(error, StoreError::NotDurable { cause: SessionError::InMemory, .. }), "{error}");
}

#[test]
fn an_event_that_does_not_survive_json_is_refused() {
    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    enum Measured {
        Value(f64),
    }
    #[derive(Row, Clone, Debug, PartialEq)]
    #[row(table = "values_measured")]
    struct Measure {
        #[row(primary_key)]
        id: i64,
        value: f64,
    }
    #[derive(StoreContext)]
    #[store(name = "measures", events = Measured)]
    struct Measures {
        values: Table<Measure>,
    }
    impl Materialize for Measures {
        fn materialize(Measured::Value(value): Measured, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let id = i64::try_from(tx.meta().sequence)?;
            Ok(tx.insert(Measure { id, value })?)
        }
    }
    let store = block_on(Measures::open(Sqlite::in_memory())).unwrap();
    let error = store.commit([Measured::Value(1.5), Measured::Value(f64::NAN)]).unwrap_err();
    assert!(matches!(error, StoreError::Event { .. }), "{error}");
    assert_eq!(store.values().count().get().unwrap(), 0);
    store.commit(Measured::Value(1.5)).unwrap();
    assert_eq!(store.values().by_key(1).get().unwrap().unwrap().value, 1.5);
}

#[test]
fn a_commit_is_seen_by_the_next_read_of_every_thread() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..25 {
                    let id = format!("{thread}-{n}");
                    store.commit(filed(&id, Status::Todo, None, &[], n)).unwrap();
                    assert!(store.issues().by_key(id.as_str()).get().unwrap().is_some());
                }
            });
        }
    });
    assert_eq!(store.total().get().unwrap(), 100);
}

#[test]
fn the_log_is_read_by_sequence_number() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    store.commit([created("a", "one"), created("b", "two"), created("c", "three")]).unwrap();
    let read = |events: Vec<store_context::event::LoggedEvent>| {
        events.iter().map(|event| event.meta.sequence).collect::<Vec<_>>()
    };
    assert_eq!(read(store.events(..).unwrap()), [1, 2, 3]);
    assert_eq!(read(store.events(2..).unwrap()), [2, 3]);
    assert_eq!(read(store.events(1..2).unwrap()), [1]);
    assert_eq!(read(store.events(2..=2).unwrap()), [2]);
    assert!(store.events(4..).unwrap().is_empty());
    let first = store.events(1..=1).unwrap().remove(0);
    assert_eq!((first.name.as_str(), first.arguments.as_str()), ("v1.IssueCreated", r#"{"id":"a","title":"one"}"#));
    assert_ne!(first.meta.id, store.events(2..=2).unwrap()[0].meta.id);
}

#[test]
fn a_materializer_is_given_its_event_and_copies_nothing() {
    /// Not `Clone`: it can only be handed over.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Letter(String);

    #[derive(Event, Debug, Serialize, Deserialize)]
    enum PostEvent {
        Sent(Letter),
    }

    #[derive(Row, Clone)]
    #[row(table = "letters")]
    struct Sent {
        #[row(primary_key)]
        id: i64,
        text: String,
    }

    #[derive(StoreContext)]
    #[store(name = "post", events = PostEvent)]
    struct Post {
        letters: Table<Sent>,
    }

    impl Materialize for Post {
        fn materialize(event: PostEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let PostEvent::Sent(Letter(text)) = event;
            Ok(tx.insert(Sent { id: i64::try_from(tx.meta().sequence)?, text })?)
        }
    }

    let store = block_on(Post::open(Sqlite::in_memory())).unwrap();
    store.commit([PostEvent::Sent(Letter("one".into())), PostEvent::Sent(Letter("two".into()))]).unwrap();
    let texts: Vec<_> = store.letters().get().unwrap().iter().map(|sent| (sent.id, sent.text.clone())).collect();
    assert_eq!(texts, [(1, "one".to_owned()), (2, "two".to_owned())]);
    store_context::test::assert_replays_alike(&store, Sqlite::in_memory);
}
