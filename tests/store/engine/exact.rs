//! Queries that run again only for rows that can matter to them, of the typed builder and of `#[query(..)]` fields, against
//! a fresh run: after every commit of random writes, what each subscriber was told last is what the query gives now.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;
use store_context::query::{Cardinality, Change, Filter, Many, TableRow};

use crate::model::rand_seed;

#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Small,
    Large,
    Odd,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "owners")]
struct Owner {
    #[row(primary_key)]
    id: i64,
    name: String,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "items")]
struct Item {
    #[row(primary_key, references = "owners.id", on_delete = "cascade")]
    owner: i64,
    #[row(primary_key)]
    number: i64,
    #[row(unique)]
    name: String,
    kind: Kind,
    weight: Option<f64>,
    done: bool,
    #[row(references = "owners.id", on_delete = "set_null")]
    borrower: Option<i64>,
    data: Vec<u8>,
    #[row(json)]
    tags: Vec<i64>,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Draft {
    text: String,
}

/// Writes whatever this number says.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum AtticEvent {
    Written { seed: u64 },
}

#[derive(StoreContext)]
#[store(name = "attic", events = AtticEvent)]
struct Attic {
    owners: Table<Owner>,
    items: Table<Item>,
    drafts: ClientDocument<Draft, i64>,
    #[query("SELECT * FROM items WHERE owner = :owner AND number <= :most ORDER BY name, number LIMIT 4")]
    of_owner: Query<fn(owner: i64, most: i64) -> Vec<Item>>,
    #[query(
        "SELECT i.name, o.name FROM items i JOIN owners o ON o.id = i.owner AND o.id = :owner WHERE :kind = i.kind"
    )]
    with_owner: Query<fn(owner: i64, kind: Kind) -> Vec<(String, String)>>,
    #[query(
        "SELECT o.name, i.name FROM owners o LEFT JOIN items i ON i.owner = o.id AND i.number = :number WHERE o.id > :more"
    )]
    left: Query<fn(number: i64, more: i64) -> Vec<(String, Option<String>)>>,
    #[query("SELECT o.name, i.name FROM owners o LEFT JOIN items i ON i.borrower = o.id WHERE i.number = :number")]
    left_bound: Query<fn(number: i64) -> Vec<(String, String)>>,
    #[query(
        "SELECT a.name, b.name FROM items a JOIN items b USING (number) WHERE a.owner = :one AND b.owner = :other"
    )]
    itself: Query<fn(one: i64, other: i64) -> Vec<(String, String)>>,
    #[query(
        "SELECT name FROM owners WHERE EXISTS (SELECT 1 FROM items WHERE items.owner = owners.id AND items.kind = :kind) AND id <> :id"
    )]
    has_kind: Query<fn(kind: Kind, id: i64) -> Vec<String>>,
    #[query(
        "SELECT name FROM items WHERE owner = :owner UNION ALL SELECT name FROM items WHERE borrower = :borrower ORDER BY 1"
    )]
    either: Query<fn(owner: i64, borrower: Option<i64>) -> Vec<String>>,
    #[query("SELECT count(*), sum(weight) FROM items WHERE done = :done AND (kind = :kind OR number = 3)")]
    weighed: Query<fn(done: bool, kind: Kind) -> (i64, Option<f64>)>,
    #[query("SELECT name FROM items WHERE weight = :weight AND borrower BETWEEN :first AND :last")]
    of_weight: Query<fn(weight: f64, first: i64, last: i64) -> Vec<String>>,
    #[query("SELECT name FROM items WHERE number = :text OR name = :text COLLATE NOCASE")]
    odd: Query<fn(text: String) -> Vec<String>>,
    #[query("SELECT name FROM items WHERE data = :text AND name < :text")]
    compared_across: Query<fn(text: String) -> Vec<String>>,
    #[query(
        "WITH mine AS (SELECT * FROM items WHERE owner = :owner) SELECT number, rank() OVER (ORDER BY name) FROM mine"
    )]
    ranked: Query<fn(owner: i64) -> Vec<(i64, i64)>>,
}

impl Materialize for Attic {
    fn materialize(event: AtticEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let AtticEvent::Written { seed } = event;
        let mut random = Random(seed | 1);
        (0..=random.below(3)).try_for_each(|_| write(&mut random, tx))
    }
}

/// xorshift64*: <https://doi.org/10.1145/2845077>.
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: i64) -> i64 {
        i64::try_from(self.number() >> 33).unwrap() % end
    }

    fn chance(&mut self, one_in: i64) -> bool {
        self.below(one_in) == 0
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.chance(4)).then(|| value(self))
    }

    fn kind(&mut self) -> Kind {
        [Kind::Small, Kind::Large, Kind::Odd][usize::try_from(self.below(3)).unwrap()]
    }

    /// Also zeros of both signs, which are equal and have different bits.
    fn weight(&mut self) -> f64 {
        [-0.0, 0.0, 0.5, -2.5, f64::INFINITY][usize::try_from(self.below(5)).unwrap()]
    }

    fn bytes(&mut self) -> Vec<u8> {
        (0..self.below(3)).map(|_| u8::try_from(self.below(2) * 255).unwrap()).collect()
    }

    fn name(&mut self) -> String {
        ["", "a", "A", "ä", "a\0b", "%", "long name"][usize::try_from(self.below(7)).unwrap()].to_owned()
    }
}

const OWNERS: i64 = 5;
const NUMBERS: i64 = 8;

fn item(random: &mut Random) -> Item {
    let number = random.below(NUMBERS);
    let name = if random.chance(3) { random.name() } else { format!("item {}", random.below(30)) };
    Item {
        owner: random.below(OWNERS),
        number,
        name,
        kind: random.kind(),
        weight: random.maybe(Random::weight),
        done: random.chance(2),
        borrower: random.maybe(|random| random.below(OWNERS)),
        data: random.bytes(),
        tags: (0..random.below(3)).map(|_| random.below(3)).collect(),
    }
}

/// One write. What a constraint refuses is swallowed: rows of it may have been told already.
fn write(random: &mut Random, tx: &mut Tx<'_, Attic>) -> Result<(), MaterializeError> {
    let (owner, number) = (random.below(OWNERS), random.below(NUMBERS));
    let refused: Result<(), _> = match random.below(16) {
        0 | 1 => tx.insert(item(random)),
        2 => tx.insert_or_ignore(item(random)).map(drop),
        3 => tx.insert_or_replace(item(random)),
        4 => {
            let done = random.chance(2);
            tx.insert_or_update(item(random), |i| i.done.set(done))
        }
        5 => tx.insert_or_replace(Owner { id: owner, name: random.name() }),
        6 => tx.insert_or_ignore(Owner { id: owner, name: random.name() }).map(drop),
        7 => {
            let kind = random.kind();
            tx.table::<Item>().by_key((owner, number)).update(|i| i.kind.set(kind)).map(drop)
        }
        8 => {
            let (weight, borrower) = (random.maybe(Random::weight), random.maybe(|random| random.below(OWNERS)));
            let filter = filter(random, 2);
            let update = tx.table::<Item>().filter(|_| filter);
            update.update(|i| [i.weight.set(weight), i.borrower.set(borrower)]).map(drop)
        }
        9 => {
            let to = random.below(NUMBERS);
            tx.table::<Item>().by_key((owner, number)).update(|i| i.number.set(to)).map(drop)
        }
        10 => {
            let filter = filter(random, 1);
            tx.table::<Item>().filter(|_| filter).limit(2).delete().map(drop)
        }
        11 if random.chance(4) => tx.table::<Item>().delete().map(drop),
        11 => tx.update(item(random)).map(drop),
        12 if random.chance(2) => tx.table::<Owner>().by_key(owner).delete().map(drop),
        13 => tx.table::<Item>().by_key((owner, number)).delete().map(drop),
        14 => {
            let tags: Vec<i64> = (0..random.below(3)).collect();
            tx.table::<Item>().by_key((owner, number)).update(|i| i.tags.set(&tags)).map(drop)
        }
        _ => {
            let name = random.name();
            tx.table::<Item>().filter(|i| i.owner.eq(owner)).update(|i| i.name.set(name)).map(drop)
        }
    };
    drop(refused);
    Ok(())
}

/// A condition on items, nested as deep as this.
fn filter(random: &mut Random, depth: i64) -> Filter<Item> {
    let i = <Item as TableRow>::COLUMNS;
    if depth > 0 && random.chance(2) {
        let (left, right) = (filter(random, depth - 1), filter(random, depth - 1));
        return match random.below(3) {
            0 => left & right,
            1 => left | right,
            _ => !left,
        };
    }
    match random.below(16) {
        0 => i.owner.eq(random.below(OWNERS)),
        1 => i.number.eq(random.below(NUMBERS)),
        2 => i.name.eq(random.name()),
        3 => i.kind.eq(random.kind()),
        4 => i.weight.eq(random.maybe(Random::weight)),
        5 => i.weight.ne(random.maybe(Random::weight)),
        6 => i.weight.le(random.weight()),
        7 => i.done.eq(random.chance(2)),
        8 => i.borrower.is_null(),
        9 => i.borrower.gt(random.below(OWNERS)),
        10 => i.borrower.is_in([random.below(OWNERS), random.below(OWNERS)]),
        11 => i.kind.not_in([random.kind()]),
        12 => i.data.eq(random.bytes()),
        13 => i.name.like("%a%"),
        14 => i.name.ge(random.name()),
        _ => i.tags.contains(random.below(3)),
    }
}

/// A live query: what its subscriber was told last, what a fresh run gives, and how often it ran again needlessly.
struct Watched {
    told: Arc<Mutex<String>>,
    fresh: Box<dyn Fn() -> String>,
    before: String,
    changes: u64,
    _live: Subscription,
}

fn watch<K: Cardinality>(store: &AtticStore, query: BoundQuery<Attic, K>) -> Watched
where
    K::Output: std::fmt::Debug,
{
    let told = Arc::new(Mutex::new(String::new()));
    let tells = Arc::clone(&told);
    let live = query.subscribe_now(move |result| *tells.lock().unwrap() = format!("{:?}", result.unwrap())).unwrap();
    let store = store.clone();
    let fresh = Box::new(move || format!("{:?}", store.read(|snap| snap.get(&query)).unwrap().unwrap()));
    let before = fresh();
    Watched { told, fresh, before, changes: 0, _live: live }
}

/// A list that is kept by what changes in it.
fn watch_changes(store: &AtticStore, query: BoundQuery<Attic, Many<Item>>) -> Watched {
    let told = Arc::new(Mutex::new("[]".to_owned()));
    let tells = Arc::clone(&told);
    let mut list: Vec<Arc<Item>> = Vec::new();
    let live = query.subscribe_changes(move |changes| {
        let changes = changes.unwrap();
        changes.changes.into_iter().for_each(|change| apply(&mut list, change));
        assert_eq!(list, changes.rows.to_vec().into_iter().map(Arc::new).collect::<Vec<_>>());
        *tells.lock().unwrap() = format!("{list:?}");
    });
    let (store, live) = (store.clone(), live.unwrap());
    let fresh = Box::new(move || format!("{:?}", store.read(|snap| snap.get(&query)).unwrap().unwrap()));
    let before = fresh();
    Watched { told, fresh, before, changes: 0, _live: live }
}

fn apply(list: &mut Vec<Arc<Item>>, change: Change<Item>) {
    match change {
        Change::Removed { index, row } => assert_eq!(list.remove(index), row),
        Change::Inserted { index, row } => list.insert(index, row),
        Change::Moved { from, to, row } => {
            let moved = list.remove(from);
            assert_eq!(moved, row);
            list.insert(to, moved);
        }
        Change::Updated { index, before, row } => {
            assert_eq!(list[index], before);
            list[index] = row;
        }
    }
}

fn watch_document(store: &AtticStore, key: i64) -> Watched {
    let document = store.drafts(key);
    let told = Arc::new(Mutex::new(String::new()));
    let tells = Arc::clone(&told);
    let live = document.subscribe_now(move |draft| *tells.lock().unwrap() = format!("{:?}", draft.unwrap())).unwrap();
    let store = store.clone();
    let fresh =
        Box::new(move || format!("{:?}", store.read(|snap| snap.document(&store.drafts(key))).unwrap().unwrap()));
    let before = fresh();
    Watched { told, fresh, before, changes: 0, _live: live }
}

fn random_query(store: &AtticStore, random: &mut Random) -> Watched {
    let depth = random.below(4);
    let items = store.items().filter(|_| filter(random, depth));
    match random.below(28) {
        23 => watch_changes(store, items.order_by(|i| [i.number.desc(), i.owner.asc()]).query()),
        24 => watch(store, items.order_by(|i| [i.weight.desc().nulls_first(), i.name.asc()]).query()),
        25 => watch_changes(store, items.order_by(|i| [i.borrower.asc().nulls_last(), i.name.desc()]).query()),
        26 => watch_changes(store, items.order_by(|i| [i.kind.asc(), i.done.desc()]).query()),
        27 => watch_changes(store, store.items().order_by(|i| [i.data.asc(), i.owner.asc(), i.number.asc()]).query()),
        20 => watch_changes(store, items.order_by(|i| [i.name.asc(), i.owner.asc(), i.number.asc()]).query()),
        21 => watch_changes(store, items.order_by(|i| [i.weight.desc(), i.number.asc()]).limit(5).query()),
        22 => watch_changes(store, store.of_owner(random.below(OWNERS), random.below(NUMBERS))),
        8 => watch(store, store.of_owner(random.below(OWNERS), random.below(NUMBERS))),
        9 => watch(store, store.with_owner(random.below(OWNERS), random.kind())),
        10 => watch(store, store.left(random.below(NUMBERS), random.below(OWNERS))),
        11 => watch(store, store.left_bound(random.below(NUMBERS))),
        12 => watch(store, store.itself(random.below(OWNERS), random.below(OWNERS))),
        13 => watch(store, store.has_kind(random.kind(), random.below(OWNERS))),
        14 => watch(store, store.either(random.below(OWNERS), random.maybe(|random| random.below(OWNERS)))),
        15 => watch(store, store.weighed(random.chance(2), random.kind())),
        16 => watch(store, store.of_weight(random.weight(), random.below(OWNERS), random.below(OWNERS))),
        17 => watch(store, store.odd(if random.chance(2) { random.name() } else { random.below(NUMBERS).to_string() })),
        18 => watch(store, store.compared_across(random.name())),
        19 => watch(store, store.ranked(random.below(OWNERS))),
        0 => watch(store, items.count()),
        1 => watch(store, items.exists()),
        2 => watch(store, items.order_by(|i| [i.name.desc(), i.owner.asc()]).first()),
        3 => watch(store, items.order_by(|i| i.name.asc()).limit(3).offset(1).query()),
        4 => watch(store, store.items().by_key((random.below(OWNERS), random.below(NUMBERS)))),
        5 => watch(store, items.limit(2).query()),
        6 => watch(store, store.owners().by_key(random.below(OWNERS))),
        _ => watch(store, items.query()),
    }
}

#[test]
fn a_query_is_told_of_every_change_and_seldom_of_none() {
    const SEED: &str = "STORE_CONTEXT_EXACT_SEED";
    let seed = std::env::var(SEED).map_or_else(|_| rand_seed() | 1, |seed| seed.parse().expect("a number"));
    let commits: u64 = std::env::var("STORE_CONTEXT_EXACT_COMMITS").map_or(150, |commits| commits.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let (mut comparisons, mut runs, mut changes) = (0_u64, 0, 0);
    let grouped = Durability::Grouped { delay: Duration::from_millis(5) };
    let in_groups = Sqlite::in_dir(directory.path().join("groups")).durability(grouped);
    for adapter in [Sqlite::in_memory(), Sqlite::in_dir(directory.path()), in_groups] {
        let registry = StoreRegistry::new();
        let mounted = AtticProvider::new().adapter(adapter).mount(&registry).unwrap();
        let store = block_on(mounted.store()).unwrap();
        let mut random = Random(seed);
        let mut watched: Vec<_> = (0..160).map(|_| random_query(&store, &mut random)).collect();
        watched.extend((0..4).map(|key| watch_document(&store, key)));
        let reruns = || registry.snapshot().stores.iter().map(|store| store.reruns).sum::<u64>();
        let first = reruns();
        for round in 0..commits {
            // Some come and go, so that what is watched differs.
            if round % 10 == 9 {
                let gone = usize::try_from(random.below(100)).unwrap();
                changes += watched.swap_remove(gone).changes;
                watched.push(random_query(&store, &mut random));
            }
            if random.chance(8) {
                let (key, text) = (random.below(4), random.name());
                store.drafts(key).update(|draft| draft.text = text).unwrap();
            } else {
                let events: Vec<_> =
                    (0..=random.below(2)).map(|_| AtticEvent::Written { seed: random.number() }).collect();
                store.commit(events).unwrap();
            }
            for watched in &mut watched {
                let (fresh, told) = ((watched.fresh)(), watched.told.lock().unwrap().clone());
                assert_eq!(told, fresh, "after commit {round}; repeat with {SEED}={seed}");
                watched.changes += u64::from(fresh != watched.before);
                watched.before = fresh;
                comparisons += 1;
            }
        }
        runs += reruns() - first;
        changes += watched.iter().map(|watched| watched.changes).sum::<u64>();
    }
    println!("{} commits, {comparisons} comparisons, {runs} runs for {changes} changes", 3 * commits);
    assert!(runs < 5 * changes, "{runs} runs for {changes} changes; repeat with {SEED}={seed}");
}
