//! Commits: all or none, receipts, and what materializers can write.

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;
use store_context::{Constraint, SessionError, TxError};

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

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "people")]
struct Person {
    #[row(primary_key)]
    id: i64,
    #[row(unique)]
    email: String,
    #[row(default = "new")]
    kind: String,
    nickname: Option<String>,
}

/// Runs once as the materializer of a fresh store, with three people in it.
type Script = fn(&mut Tx<'_, People>) -> Result<(), MaterializeError>;

thread_local! {
    static SCRIPT: std::cell::Cell<Option<Script>> = const { std::cell::Cell::new(None) };
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum PeopleEvent {
    Run,
}

#[derive(StoreContext)]
#[store(name = "people", events = PeopleEvent)]
struct People {
    people: Table<Person>,
}

impl Materialize for People {
    fn materialize(_: PeopleEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        SCRIPT.get().map_or(Ok(()), |script| script(tx))
    }
}

fn person(id: i64, email: &str) -> Person {
    Person { id, email: email.into(), kind: "old".into(), nickname: None }
}

fn run(script: Script) -> Result<Vec<(i64, String, String)>, StoreError> {
    let store = block_on(People::open(Sqlite::in_memory())).unwrap();
    for script in [
        |tx: &mut Tx<'_, People>| {
            for (id, email) in [(1, "one"), (2, "two"), (3, "three")] {
                tx.insert(person(id, email))?;
            }
            Ok(())
        },
        script,
    ] {
        SCRIPT.set(Some(script));
        store.commit(PeopleEvent::Run)?;
    }
    let people = store.people().order_by(|p| p.id.asc()).get()?;
    Ok(people.iter().map(|person| (person.id, person.email.clone(), person.kind.clone())).collect())
}

fn ids_of(people: &[(i64, String, String)]) -> Vec<i64> {
    people.iter().map(|person| person.0).collect()
}

#[test]
fn insert_refuses_a_taken_key_and_names_the_table() {
    let error = run(|tx| Ok(tx.insert(person(1, "other"))?)).unwrap_err();
    assert!(error.to_string().contains("people.id"), "{error}");
    let error = run(|tx| Ok(tx.insert(person(4, "one"))?)).unwrap_err();
    assert!(error.to_string().contains("people.email"), "{error}");
    assert_eq!(error.constraint(), Some(&Constraint::Unique(vec!["people.email".into()])));
    assert_eq!(format!("{error:?}"), error.to_string(), "an `unwrap` shows the sentence");
}

#[test]
fn insert_or_ignore_keeps_what_is_there() {
    let people = run(|tx| {
        assert!(!tx.insert_or_ignore(person(1, "other"))?);
        assert!(!tx.insert_or_ignore(person(4, "one"))?);
        assert!(tx.insert_or_ignore(person(5, "five"))?);
        Ok(())
    })
    .unwrap();
    assert_eq!(ids_of(&people), [1, 2, 3, 5]);
    assert_eq!(people[0].1, "one");
}

#[test]
fn insert_or_replace_deletes_every_row_it_conflicts_with() {
    let people = run(|tx| Ok(tx.insert_or_replace(person(1, "two"))?)).unwrap();
    assert_eq!(ids_of(&people), [1, 3]);
    assert_eq!(people[0].1, "two");
}

#[test]
fn insert_or_update_sets_what_it_is_told() {
    let people = run(|tx| {
        tx.insert_or_update(person(1, "ignored"), |p| [p.kind.set("updated"), p.nickname.set("nick")])?;
        tx.insert_or_update(person(4, "four"), |p| p.kind.set("updated"))?;
        assert_eq!(tx.table::<Person>().by_key(1).get()?.unwrap().nickname.as_deref(), Some("nick"));
        Ok(())
    })
    .unwrap();
    assert_eq!(people[0], (1, "one".into(), "updated".into()));
    assert_eq!(people[3], (4, "four".into(), "old".into()));
}

#[test]
fn insert_partial_takes_defaults_and_names_what_is_missing() {
    let people = run(|tx| Ok(tx.insert_partial::<Person, _>(|p| [p.id.set(4), p.email.set("four")])?)).unwrap();
    assert_eq!(people[3], (4, "four".into(), "new".into()));
    let error = run(|tx| {
        let error = tx.insert_partial::<Person, _>(|p| p.id.set(4)).unwrap_err();
        assert_eq!(error, TxError::MissingColumn { table: "people", column: "email" });
        Err(error.into())
    })
    .unwrap_err();
    assert!(error.to_string().contains("column `email` has no value"), "{error}");
}

#[test]
fn update_and_delete_take_the_same_filters() {
    let people = run(|tx| {
        let updated = tx.table::<Person>().filter(|p| p.id.gt(1)).update(|p| p.kind.set("updated"))?;
        assert_eq!(updated, 2);
        assert_eq!(tx.table::<Person>().filter(|p| p.email.like("t%")).limit(1).order_by(|p| p.id.desc()).delete()?, 1);
        assert_eq!(tx.table::<Person>().filter(|p| p.id.eq(99)).delete()?, 0);
        assert_eq!(tx.table::<Person>().update(|_| Vec::new())?, 0);
        Ok(())
    })
    .unwrap();
    assert_eq!(ids_of(&people), [1, 2], "the limit kept `two`");
    assert_eq!(people[1].2, "updated");
}

#[test]
fn reads_inside_a_transaction_see_what_it_wrote() {
    run(|tx| {
        tx.insert(person(4, "four"))?;
        assert_eq!(tx.table::<Person>().count()?, 4);
        assert!(tx.table::<Person>().by_key(4).exists()?);
        assert!(tx.table::<Person>().by_key(4).update(|p| p.kind.set("updated"))?);
        assert_eq!(tx.table::<Person>().by_key(4).get()?.unwrap().kind, "updated");
        assert!(!tx.table::<Person>().by_key(9).update(|p| p.kind.set("nobody"))?);
        assert!(!tx.table::<Person>().by_key(9).delete()?);
        assert_eq!(tx.table::<Person>().order_by(|p| p.id.desc()).first()?.unwrap().email, "four");
        assert_eq!(tx.table::<Person>().filter(|p| p.id.le(2)).get()?.len(), 2);
        assert_eq!((tx.meta().sequence, tx.meta().parent), (2, 1));
        assert!(tx.meta().unix_ms > 1_600_000_000_000);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_write_that_failed_and_was_caught_leaves_the_rest_of_the_transaction() {
    let people = run(|tx| {
        tx.insert(person(1, "taken")).unwrap_err();
        Ok(tx.insert(person(4, "four"))?)
    })
    .unwrap();
    assert_eq!(ids_of(&people), [1, 2, 3, 4]);
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
    let read =
        |events: Vec<store_context::LoggedEvent>| events.iter().map(|event| event.meta.sequence).collect::<Vec<_>>();
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
