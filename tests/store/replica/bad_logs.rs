//! Logs that others wrote, with other programs.

use futures::StreamExt;
use futures::executor::block_on;
use store_context::adapter::{EventMeta, LoggedEvent};
use store_context::error::OpenError;
use store_context::life::{ShutdownCause, State};
use store_context::prelude::*;
use uuid::Uuid;

use super::fake_log::{FakeLog, Outcome};
use super::{Dinner, DinnerProvider, TableEvent, quiesce};

fn event(sequence: u64, name: &str, arguments: &str) -> LoggedEvent {
    let id = Uuid::from_u128(sequence.into());
    let meta = EventMeta { sequence, parent: sequence - 1, id, unix_ms: 0, client: id, session: id };
    LoggedEvent { meta, name: name.to_owned(), arguments: arguments.to_owned() }
}

fn seated(sequence: u64, number: i64) -> LoggedEvent {
    let arguments = format!(r#"{{"token":{sequence},"number":{number},"guest":"guest {number}"}}"#);
    event(sequence, "Seated", &arguments)
}

#[test]
fn a_log_of_which_no_event_is_known_is_refused_and_left_alone() {
    let log = FakeLog::default();
    log.append([event(1, "Opened", "{}"), event(2, "Closed", "{}")]);
    let refused = block_on(Dinner::open(Sqlite::over(log.clone()))).unwrap_err();
    let StoreError::Open { cause: OpenError::OtherEvents { event, .. }, .. } = &refused else { panic!("{refused}") };
    assert_eq!(event, "Opened");
    assert!(refused.to_string().contains("dinner@default"), "{refused}");
    assert_eq!((log.events().len(), log.waiting()), (2, 0));
}

#[test]
fn events_that_this_program_does_not_know_are_left_out_at_opening_and_later_and_stay_in_the_log() {
    let log = FakeLog::default();
    log.append([seated(1, 1), event(2, "Danced", "{}"), event(3, "Sung", "{}")]);
    let store = block_on(Dinner::open(Sqlite::over(log.clone()))).unwrap();
    let skipped = &store.boot_report().unwrap().skipped;
    assert_eq!(skipped.iter().map(|event| &*event.name).collect::<Vec<_>>(), ["Danced", "Sung"]);
    log.append([event(4, "Danced", "{}"), seated(5, 2)]);
    log.hint();
    quiesce(&log);
    assert_eq!(store.seats().count().get().unwrap(), 2);
    assert_eq!(store.events(..).unwrap().len(), 5);
}

#[test]
fn an_event_of_the_log_that_fails_here_is_an_error_at_opening() {
    let log = FakeLog::default();
    log.append([seated(1, 1), seated(2, 1)]);
    let refused = block_on(Dinner::open(Sqlite::over(log))).unwrap_err();
    let StoreError::Open { cause: OpenError::Replay { sequence: 2, event, .. }, .. } = &refused else {
        panic!("{refused}")
    };
    assert_eq!(event, "Seated");
}

#[test]
fn an_event_of_others_that_fails_here_ends_the_store_at_once_and_answers_its_receipts() {
    let log = FakeLog::default();
    let registry = StoreRegistry::new();
    let mounted = DinnerProvider::new().adapter(Sqlite::over(log.clone())).mount(&registry).unwrap();
    let store = block_on(mounted.store()).unwrap();
    let receipt = store.commit(TableEvent::Seated { token: 1, number: 7, guest: "guest 7".into() }).unwrap();
    // Another program with another materializer took it.
    log.append([seated(1, 1), seated(2, 1)]);
    quiesce(&log);
    let ended = mounted.transitions().filter_map(async |transition| match transition.to {
        State::Shutdown(cause) => Some(cause),
        _ => None,
    });
    let ended = block_on(Box::pin(ended).next());
    let Some(ShutdownCause::Broken { message }) = &ended else { panic!("{ended:?}") };
    assert!(message.contains("the event 2 (`Seated`) of the shared log fails here"), "{message}");
    let error = log.until(Outcome::Taken, receipt.durable()).unwrap_err();
    assert!(matches!(error, StoreError::NotDurable { .. } | StoreError::Shutdown { .. }), "{error}");
    assert_eq!(log.events().len(), 2, "nothing was appended");
}

#[test]
fn a_commit_while_the_log_refuses_is_there_and_says_so_and_goes_with_the_next() {
    let log = FakeLog::default();
    let store = block_on(Dinner::open(Sqlite::over(log.clone()))).unwrap();
    let receipt = store.commit(TableEvent::Seated { token: 1, number: 1, guest: "guest 1".into() }).unwrap();
    let error = log.until(Outcome::Aborted, receipt.durable()).unwrap_err();
    assert!(matches!(error, StoreError::NotDurable { .. }) && error.is_retryable(), "{error}");
    assert_eq!((store.seats().count().get().unwrap(), log.events().len()), (1, 0));
    store.commit(TableEvent::Seated { token: 2, number: 2, guest: "guest 2".into() }).unwrap();
    log.until(Outcome::Taken, receipt.durable()).unwrap();
    assert_eq!(log.events().len(), 2);
}
