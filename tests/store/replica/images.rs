//! Images of the state: they save a replay, and change nothing else.

use futures::executor::block_on;
use store_context::adapter::Image;
use store_context::prelude::*;

use super::fake_log::{FakeLog, Outcome};
use super::{Dinner, DinnerStore, TableEvent, quiesce, seatings};

fn open(log: &FakeLog) -> DinnerStore {
    block_on(Dinner::open(Sqlite::over(log.clone()))).unwrap()
}

fn replayed(store: &DinnerStore) -> u64 {
    store.boot_report().unwrap().replayed
}

fn seated(number: i64) -> TableEvent {
    TableEvent::Seated { token: 0, number, guest: format!("guest {number}") }
}

/// A log with an image of all of it but the last event.
fn with_image() -> FakeLog {
    let log = FakeLog::default();
    log.append(seatings(600));
    let store = open(&log);
    assert_eq!(replayed(&store), 1_200);
    quiesce(&log);
    assert_eq!(log.images().len(), 1);
    store.commit(seated(2)).unwrap();
    quiesce(&log);
    log
}

#[test]
fn a_store_opens_from_an_image_and_the_log_behind_it() {
    let log = with_image();
    let store = open(&log);
    assert_eq!(replayed(&store), 1);
    assert_eq!(store.sequence().unwrap(), 1_201);
    assert_eq!(store.seats().count().get().unwrap(), 1);
    assert_eq!(store.events(..).unwrap().len(), 1_201, "the log is in it");
    store.commit(seated(3)).unwrap();
    quiesce(&log);
    assert_eq!(log.events().last().unwrap().meta.sequence, 1_202);
}

#[test]
fn no_image_is_taken_while_something_is_pending_and_the_next_one_only_after_many_events() {
    let log = FakeLog::default();
    log.append(seatings(600));
    let store = open(&log);
    store.commit(seated(2)).unwrap();
    // The image is asked for first.
    log.step(0, Outcome::Taken);
    assert!(log.images().is_empty());
    quiesce(&log);
    assert_eq!(log.images().values().next().unwrap().head, 1_201, "once it is in the log");
    store.commit(seated(3)).unwrap();
    quiesce(&log);
    assert_eq!(log.images().values().next().unwrap().head, 1_201);
    store
        .commit((0..500).flat_map(|_| [seated(4), TableEvent::Left { token: 0, number: 4 }]).collect::<Vec<_>>())
        .unwrap();
    quiesce(&log);
    assert_eq!(log.images().values().next().unwrap().head, 2_202);
}

#[test]
fn an_image_that_cannot_be_used_is_thrown_away_and_the_log_replayed() {
    let log = with_image();
    let (hash, whole) = log.images().pop_first().unwrap();
    let cut = |length: usize| Image { bytes: whole.bytes[..length].to_vec(), ..whole.clone() };
    let filled = |from: usize, to: usize| {
        let mut image = whole.clone();
        image.bytes[from..to].fill(0x5a);
        image
    };
    let length = whole.bytes.len();
    let damaged = [
        ("empty", cut(0)),
        ("cut in the header", cut(50)),
        ("cut after the first page", cut(4096.min(length / 2))),
        ("overwritten header", filled(0, 100)),
        ("overwritten schema", filled(100, 4000)),
        ("of an earlier event than it says", Image { head: whole.head + 1, ..whole.clone() }),
        ("of a later event than the log has", Image { head: whole.head - 1, ..whole.clone() }),
    ];
    for (what, image) in damaged {
        log.set_images([(hash, image)].into());
        let store = open(&log);
        assert_eq!(replayed(&store), 1_201, "{what}");
        assert_eq!(store.seats().count().get().unwrap(), 1, "{what}");
        assert!(log.images().is_empty(), "{what}");
        drop(store);
        quiesce(&log);
    }
    // A log that begins anew, with the image of what was there before.
    let other = FakeLog::default();
    other.append(seatings(1));
    other.set_images([(hash, whole)].into());
    let store = open(&other);
    assert_eq!((replayed(&store), store.sequence().unwrap()), (2, 2));
    assert!(other.images().is_empty());
}
