//! Several replicas of one store over a shared log.

mod bad_logs;
mod fake_log;
mod images;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::adapter::LoggedEvent;
use store_context::prelude::*;

use crate::model::rand_seed;
use fake_log::{FakeLog, Outcome};

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "seats")]
struct Seat {
    #[row(primary_key)]
    number: i64,
    #[row(unique)]
    guest: String,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Note {
    text: String,
}

/// What is of one replica alone.
#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[document(session)]
struct Draft {
    text: String,
}

/// Each event has a token of its own, by which it is found in the log.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum TableEvent {
    Seated { token: u64, number: i64, guest: String },
    Moved { token: u64, number: i64, to: i64 },
    Left { token: u64, number: i64 },
}

#[derive(StoreContext)]
#[store(name = "dinner", events = TableEvent)]
struct Dinner {
    seats: Table<Seat>,
    note: ClientDocument<Note>,
    draft: ClientDocument<Draft>,
}

impl Materialize for Dinner {
    fn materialize(event: TableEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            TableEvent::Seated { number, guest, .. } => tx.insert(Seat { number, guest })?,
            TableEvent::Moved { number, to, .. } => {
                if !tx.table::<Seat>().by_key(number).update(|seat| seat.number.set(to))? {
                    return Err(MaterializeError::new("nobody sits there"));
                }
            }
            TableEvent::Left { number, .. } => {
                if !tx.table::<Seat>().by_key(number).delete()? {
                    return Err(MaterializeError::new("nobody sits there"));
                }
            }
        }
        Ok(())
    }
}

/// xorshift64*: <https://doi.org/10.1145/2845077>.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end
    }
}

/// One replica, and what its subscribers were told last.
struct Replica {
    store: DinnerStore,
    list: Arc<Mutex<String>>,
    count: Arc<Mutex<i64>>,
    note: Arc<Mutex<String>>,
    /// What was written to the draft last.
    draft: String,
    receipts: Vec<(Vec<u64>, Receipt)>,
    /// How many commits the store said were refused.
    refused: Arc<AtomicU64>,
    _live: [Subscription; 4],
}

/// Takes results; the end of the store is none.
fn told<T>(mut take: impl FnMut(T) + Send + 'static) -> impl FnMut(Result<T, StoreError>) + Send + 'static {
    move |result| match result {
        Ok(value) => take(value),
        Err(StoreError::Shutdown { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}

impl Replica {
    fn open(log: &FakeLog) -> Self {
        let store = block_on(Dinner::open(Sqlite::over(log.clone()))).unwrap();
        let [list, note] = [(); 2].map(|()| Arc::new(Mutex::new(String::new())));
        let count = Arc::new(Mutex::new(0));
        let (tells, counts, notes) = (Arc::clone(&list), Arc::clone(&count), Arc::clone(&note));
        let refused = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&refused);
        let live = [
            store
                .subscribe_refused(move |commit| {
                    assert!(!commit.events.is_empty() && !commit.message.is_empty(), "{commit:?}");
                    counted.fetch_add(1, Ordering::Relaxed);
                })
                .unwrap(),
            store
                .seats()
                .order_by(|seat| seat.number.asc())
                .subscribe_now(told(move |seats| *tells.lock().unwrap() = format!("{seats:?}")))
                .unwrap(),
            store.seats().count().subscribe_now(told(move |count| *counts.lock().unwrap() = count)).unwrap(),
            store.note().subscribe_now(told(move |note: Note| *notes.lock().unwrap() = note.text)).unwrap(),
        ];
        Self { store, list, count, note, draft: String::new(), receipts: Vec::new(), refused, _live: live }
    }

    fn seats(&self) -> String {
        let seats = self.store.read(|snap| snap.get(&self.store.seats().order_by(|seat| seat.number.asc())));
        format!("{:?}", seats.unwrap().unwrap())
    }

    /// What subscribers know is what is there.
    fn check_told(&self, context: &str) {
        assert_eq!(*self.list.lock().unwrap(), self.seats(), "{context}");
        assert_eq!(*self.count.lock().unwrap(), self.store.seats().count().get().unwrap(), "{context}");
        assert_eq!(*self.note.lock().unwrap(), self.store.note().get().unwrap().text, "{context}");
        assert_eq!(self.draft, self.store.draft().get().unwrap().text, "{context}");
    }
}

#[derive(Debug, Default)]
struct Counts {
    commits: u64,
    exchanges: u64,
    failed: u64,
    pages: u64,
    images: u64,
    taken: u64,
    refused: u64,
    closed: u64,
}

const REPLICAS: u64 = 3;

fn commit(replica: &mut Replica, random: &mut Random, token: &mut u64, counts: &mut Counts) {
    if random.below(6) == 0 {
        *token += 1;
        let text = format!("note {token}");
        if let Ok(receipt) = replica.store.note().update(move |note| note.text.clone_from(&text)) {
            replica.receipts.push((Vec::new(), receipt));
        }
        return;
    }
    let draft = format!("draft {token}");
    if random.below(8) == 0 {
        // Of no concern to the log: it is kept, and there is nothing that could be refused.
        replica.store.draft().update(|before| before.text.clone_from(&draft)).unwrap();
        replica.draft = draft;
        return;
    }
    let mut tokens = Vec::new();
    let events: Vec<_> = (0..=random.below(2))
        .map(|_| {
            *token += 1;
            tokens.push(*token);
            let (token, number) = (*token, random.below(8).cast_signed());
            match random.below(5) {
                0 => TableEvent::Left { token, number },
                1 => TableEvent::Moved { token, number, to: random.below(8).cast_signed() },
                _ => TableEvent::Seated { token, number, guest: format!("guest {}", random.below(6)) },
            }
        })
        .collect();
    // What does not hold here is refused at once, and is nowhere.
    let store = &replica.store;
    let writes_draft = random.below(8) == 0;
    let committed = match writes_draft {
        true => store.commit_with(events, [store.draft().change(|before| before.text.clone_from(&draft))]),
        false => store.commit(events),
    };
    if let Ok(receipt) = committed {
        counts.commits += 1;
        if writes_draft {
            replica.draft = draft;
        }
        replica.receipts.push((tokens, receipt));
    }
}

/// Every receipt is answered, and says what the log has.
fn check_receipts(
    receipts: &mut Vec<(Vec<u64>, Receipt)>,
    told: &AtomicU64,
    log: &FakeLog,
    counts: &mut Counts,
    context: &str,
) {
    let before = counts.refused;
    let found: BTreeMap<u64, u64> = log
        .events()
        .iter()
        .filter_map(|event| {
            let arguments: serde_json::Value = serde_json::from_str(&event.arguments).unwrap();
            let token = arguments.as_object()?.get("token")?.as_u64()?;
            Some((token, event.meta.sequence))
        })
        .collect();
    for (tokens, receipt) in receipts.drain(..) {
        let answer = receipt.durable().now_or_never().unwrap_or_else(|| panic!("{context}: it is answered"));
        match answer {
            Ok(()) => {
                counts.taken += 1;
                assert!(tokens.iter().all(|token| found.contains_key(token)), "{context}: {tokens:?} are in the log");
                let last = tokens.last().map(|token| found[token]);
                assert!(last.is_none_or(|last| last == receipt.sequence()), "{context}: where it says");
            }
            Err(StoreError::Refused { message, .. }) => {
                counts.refused += 1;
                assert!(!message.is_empty());
                assert!(!tokens.iter().any(|token| found.contains_key(token)), "{context}: {tokens:?} are nowhere");
            }
            Err(error) => panic!("{context}: {error}"),
        }
    }
    assert_eq!(told.swap(0, Ordering::Relaxed), counts.refused - before, "{context}: each refusal is told");
}

fn quiesce(log: &FakeLog) {
    while log.waiting() > 0 {
        log.step(0, Outcome::Taken);
    }
}

/// A log of twice as many events, after which nobody sits.
fn seatings(count: u64) -> Vec<LoggedEvent> {
    let store = block_on(Dinner::open(Sqlite::in_memory())).unwrap();
    let events = (0..count).flat_map(|_| {
        let seated = TableEvent::Seated { token: 0, number: 1, guest: "guest 1".to_owned() };
        [seated, TableEvent::Left { token: 0, number: 1 }]
    });
    store.commit(events.collect::<Vec<_>>()).unwrap();
    store.events(..).unwrap()
}

#[test]
fn replicas_come_to_one_state_and_each_receipt_is_answered() {
    const SEED: &str = "STORE_CONTEXT_REPLICA_SEED";
    let rounds: u64 = std::env::var("STORE_CONTEXT_REPLICA_ROUNDS").map_or(40, |rounds| rounds.parse().unwrap());
    let seed = std::env::var(SEED).map_or_else(|_| rand_seed() | 1, |seed| seed.parse().expect("a number"));
    let mut counts = Counts::default();
    let mut token = 0;
    for round in 0..rounds {
        let context = format!("round {round}, repeat with {SEED}={seed}");
        let mut random = Random(seed.wrapping_add(round).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let log = FakeLog::default();
        if round % 8 == 7 {
            // Long enough that whoever opens it leaves an image of the state.
            log.append(seatings(600));
        }
        let mut replicas: Vec<_> = (0..REPLICAS).map(|_| Replica::open(&log)).collect();
        for _ in 0..120 {
            let which = usize::try_from(random.below(REPLICAS)).unwrap();
            match random.below(12) {
                0..5 => commit(&mut replicas[which], &mut random, &mut token, &mut counts),
                5..9 => {
                    let waiting = log.waiting().max(1);
                    log.step(usize::try_from(random.below(waiting as u64)).unwrap(), Outcome::Taken);
                }
                9 => {
                    counts.failed += u64::from(log.waiting() > 0);
                    let outcomes = [Outcome::Aborted, Outcome::Failed, Outcome::Unknown];
                    // Often as many as a replica repeats by itself, and one more.
                    for _ in 0..=random.below(3) {
                        log.step(0, outcomes[usize::try_from(random.below(3)).unwrap()]);
                    }
                }
                10 => log.hint(),
                _ if random.below(3) > 0 => {}
                _ => {
                    // Closed, with what it has still to send, and opened anew.
                    counts.closed += 1;
                    let Replica { store, mut receipts, refused, _live, .. } = replicas.swap_remove(which);
                    drop(store);
                    quiesce(&log);
                    check_receipts(&mut receipts, &refused, &log, &mut counts, &context);
                    replicas.push(Replica::open(&log));
                }
            }
            replicas.iter().for_each(|replica| replica.check_told(&context));
        }
        // Whoever could not send tries again, and everybody hears of the others.
        for _ in 0..3 {
            log.hint();
            quiesce(&log);
        }
        let fresh = Replica::open(&log);
        for replica in &mut replicas {
            assert_eq!(replica.seats(), fresh.seats(), "{context}");
            assert_eq!(replica.store.note().get().unwrap(), fresh.store.note().get().unwrap(), "{context}");
            let events = |store: &DinnerStore| format!("{:?}", store.events(..).unwrap());
            assert_eq!(events(&replica.store), events(&fresh.store), "{context}");
            replica.check_told(&context);
            check_receipts(&mut replica.receipts, &replica.refused, &log, &mut counts, &context);
        }
        counts.exchanges += log.exchanges();
        counts.pages += log.pages();
        counts.images += log.images().len() as u64;
    }
    println!("{counts:?}, 0 diverged");
    assert!(
        counts.refused > 0 && counts.taken > 0 && counts.failed > 0 && counts.closed > 0 && counts.images > 0,
        "{counts:?}"
    );
}
