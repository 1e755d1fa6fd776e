//! What materializers can write, and read meanwhile.

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::error::{Constraint, TxError};
use store_context::prelude::*;

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
fn insert_or_update_meets_every_unique_index() {
    let people = run(|tx| {
        // The key is new, and the email is that of the second.
        tx.insert_or_update(person(9, "two"), |p| p.kind.set("met by its email"))?;
        Ok(tx.insert_or_update(person(3, "new"), |p| p.kind.set("met by its key"))?)
    });
    let people = people.unwrap();
    assert_eq!(ids_of(&people), [1, 2, 3]);
    assert_eq!((people[1].2.as_str(), people[2].2.as_str()), ("met by its email", "met by its key"));
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
fn update_replaces_the_row_with_the_rows_key() {
    let people = run(|tx| {
        assert!(tx.update(Person { nickname: Some("new".into()), ..person(2, "changed") })?);
        assert!(!tx.update(person(9, "nobody"))?, "no such row");
        tx.update(person(3, "one")).unwrap_err();
        Ok(())
    });
    let expected = [(1, "one"), (2, "changed"), (3, "three")];
    assert!(people.unwrap().iter().map(|(id, email, _)| (*id, email.as_str())).eq(expected));
}

#[test]
fn a_number_is_set_to_what_is_computed_of_a_column() {
    let people = run(|tx| {
        tx.table::<Person>().filter(|p| p.id.ge(2)).update(|p| p.id.set_to(p.id + 10))?;
        tx.table::<Person>().by_key(1).update(|p| p.id.set_to(p.id - 1))?;
        tx.table::<Person>().by_key(0).update(|p| p.id.set_to(p.id + i64::MAX))?;
        tx.table::<Person>().by_key(i64::MAX).update(|p| p.id.set_to(p.id + 1)).unwrap_err();
        let error = tx.insert_partial::<Person, _>(|p| [p.id.set_to(p.id + 1), p.email.set("new")]).unwrap_err();
        assert!(error.to_string().contains("a new row has none"), "{error}");
        Ok(())
    });
    let mut ids = ids_of(&people.unwrap());
    ids.sort_unstable();
    assert_eq!(ids, [12, 13, i64::MAX]);
}
