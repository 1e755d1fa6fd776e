//! Random events, restarts and schema changes against a plain model in memory, equal after every step.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde::{Deserialize, Serialize};
use store_context::Subscription;
use store_context::prelude::*;

/// Set to the number that a failure prints, it repeats that run.
const SEED: &str = "STORE_CONTEXT_SEED";

#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    Todo,
    Done,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum TaskEvent {
    Added { id: i64, title: String, points: Option<i64> },
    Moved { id: i64, kind: Kind },
    Retitled { id: i64, title: String },
    Deleted { id: i64 },
    AllPointed { points: i64 },
    Refused,
}

#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Desk {
    pub draft: String,
    pub kind: Option<Kind>,
}

/// A task as every schema shows it.
type Task = (i64, String, Kind, Option<i64>);

/// Schemas of one name with other tables for the same events.
macro_rules! tasks {
    ($name:ident, $version:literal, $table:literal, { $($extra:tt)* }, |$id:ident| { $($value:tt)* }) => {
        pub mod $name {
            use super::*;

            #[derive(Row, Clone, Debug, PartialEq)]
            #[row(table = $table)]
            pub struct Row {
                #[row(primary_key)]
                pub id: i64,
                pub title: String,
                #[row(index)]
                pub kind: Kind,
                pub points: Option<i64>,
                $($extra)*
            }

            #[derive(StoreContext)]
            #[store(name = "tasks", events = TaskEvent, version = $version)]
            pub struct Tasks {
                pub rows: Table<Row>,
                pub desk: ClientDocument<Desk>,
            }

            impl Materialize for Tasks {
                fn materialize(event: TaskEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    match event {
                        TaskEvent::Added { id: $id, title, points } => {
                            tx.insert(Row { id: $id, title, kind: Kind::Todo, points, $($value)* })?;
                        }
                        TaskEvent::Moved { id, kind } => {
                            tx.table::<Row>().by_key(id).update(|row| row.kind.set(kind))?;
                        }
                        TaskEvent::Retitled { id, title } => {
                            tx.table::<Row>().by_key(id).update(|row| row.title.set(title))?;
                        }
                        TaskEvent::Deleted { id } => drop(tx.table::<Row>().by_key(id).delete()?),
                        TaskEvent::AllPointed { points } => {
                            tx.table::<Row>().filter(|row| row.points.is_null()).update(|row| row.points.set(points))?;
                        }
                        TaskEvent::Refused => return Err(MaterializeError::new("refused")),
                    }
                    Ok(())
                }
            }

            impl Running for TasksStore {
                fn commit_all(&self, events: Vec<TaskEvent>) -> Result<u64, StoreError> {
                    self.commit(events).map(|receipt| receipt.sequence())
                }
                fn tasks(&self) -> Vec<Task> {
                    let rows = self.rows().order_by(|row| row.id.asc()).get().unwrap();
                    rows.iter().map(|row| (row.id, row.title.clone(), row.kind, row.points)).collect()
                }
                fn count_of(&self, kind: Kind) -> i64 {
                    self.rows().filter(|row| row.kind.eq(kind)).count().get().unwrap()
                }
                fn read_desk(&self) -> Desk {
                    self.desk().get().unwrap()
                }
                fn update_desk(&self, change: Box<dyn FnOnce(&mut Desk)>) {
                    drop(self.desk().update(change).unwrap());
                }
                fn watch(&self, told: Arc<Mutex<i64>>) -> Subscription {
                    let count = self.rows().filter(|row| row.kind.eq(Kind::Todo)).count();
                    count.subscribe_now(move |count| *told.lock().unwrap() = count.unwrap()).unwrap()
                }
            }

            pub fn open(dir: &Path) -> Box<dyn Running> {
                Box::new(block_on(Tasks::open(Sqlite::in_dir(dir))).unwrap())
            }
        }
    };
}

tasks!(first, 1, "rows", {}, |id| {});
tasks!(wider, 2, "rows", { #[row(default = "it's new")] pub note: String }, |id| { note: "set".into() });
tasks!(renamed, 3, "tasks", { #[row(unique)] pub mirror: i64 }, |id| { mirror: -id });

pub trait Running {
    fn commit_all(&self, events: Vec<TaskEvent>) -> Result<u64, StoreError>;
    fn tasks(&self) -> Vec<Task>;
    fn count_of(&self, kind: Kind) -> i64;
    fn read_desk(&self) -> Desk;
    fn update_desk(&self, change: Box<dyn FnOnce(&mut Desk)>);
    fn watch(&self, told: Arc<Mutex<i64>>) -> Subscription;
}

const SCHEMAS: [fn(&Path) -> Box<dyn Running>; 3] = [first::open, wider::open, renamed::open];

/// What the store should hold.
#[derive(Clone, Debug, Default)]
struct Model {
    tasks: BTreeMap<i64, (String, Kind, Option<i64>)>,
    desk: Desk,
}

impl Model {
    /// `false` where the event cannot be materialized.
    fn apply(&mut self, event: &TaskEvent) -> bool {
        match event.clone() {
            TaskEvent::Added { id, .. } if self.tasks.contains_key(&id) => return false,
            TaskEvent::Added { id, title, points } => drop(self.tasks.insert(id, (title, Kind::Todo, points))),
            TaskEvent::Moved { id, kind } => self.tasks.get_mut(&id).into_iter().for_each(|task| task.1 = kind),
            TaskEvent::Retitled { id, title } => {
                self.tasks.get_mut(&id).into_iter().for_each(|task| task.0.clone_from(&title));
            }
            TaskEvent::Deleted { id } => drop(self.tasks.remove(&id)),
            TaskEvent::AllPointed { points } => {
                self.tasks.values_mut().for_each(|task| task.2 = task.2.or(Some(points)));
            }
            TaskEvent::Refused => return false,
        }
        true
    }

    fn tasks(&self) -> Vec<Task> {
        let tasks = self.tasks.iter();
        tasks.map(|(id, (title, kind, points))| (*id, title.clone(), *kind, *points)).collect()
    }
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<TaskEvent>),
    Type(String),
    Filter(Option<Kind>),
    Reopen(usize),
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Todo), Just(Kind::Done)]
}

fn event() -> impl Strategy<Value = TaskEvent> {
    let id = 0..8_i64;
    prop_oneof![
        6 => (id.clone(), ".{0,6}", proptest::option::of(any::<i64>()))
            .prop_map(|(id, title, points)| TaskEvent::Added { id, title, points }),
        3 => (id.clone(), kind()).prop_map(|(id, kind)| TaskEvent::Moved { id, kind }),
        2 => (id.clone(), ".{0,6}").prop_map(|(id, title)| TaskEvent::Retitled { id, title }),
        2 => id.prop_map(|id| TaskEvent::Deleted { id }),
        1 => any::<i64>().prop_map(|points| TaskEvent::AllPointed { points }),
        1 => Just(TaskEvent::Refused),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => proptest::collection::vec(event(), 0..4).prop_map(Step::Commit),
        1 => ".{0,4}".prop_map(Step::Type),
        1 => proptest::option::of(kind()).prop_map(Step::Filter),
        2 => (0..SCHEMAS.len()).prop_map(Step::Reopen),
    ]
}

fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let dir = tempfile::tempdir().unwrap();
    let mut model = Model::default();
    let mut store = SCHEMAS[0](dir.path());
    let told = Arc::new(Mutex::new(-1));
    let mut live = store.watch(told.clone());
    for step in steps {
        match step.clone() {
            Step::Commit(events) => {
                let mut after = model.clone();
                let fits = events.iter().all(|event| after.apply(event));
                prop_assert_eq!(store.commit_all(events).is_ok(), fits, "{:?}", step);
                if fits {
                    model = after;
                }
            }
            Step::Type(text) => {
                model.desk.draft.clone_from(&text);
                store.update_desk(Box::new(move |desk| desk.draft = text));
            }
            Step::Filter(kind) => {
                model.desk.kind = kind;
                store.update_desk(Box::new(move |desk| desk.kind = kind));
            }
            Step::Reopen(schema) => {
                drop((live, store));
                store = SCHEMAS[schema](dir.path());
                live = store.watch(told.clone());
            }
        }
        prop_assert_eq!(store.tasks(), model.tasks(), "{:?}", step);
        prop_assert_eq!(store.read_desk(), model.desk.clone(), "{:?}", step);
        let todo = model.tasks.values().filter(|task| task.1 == Kind::Todo).count() as i64;
        prop_assert_eq!(store.count_of(Kind::Todo), todo, "{:?}", step);
        prop_assert_eq!(*told.lock().unwrap(), todo, "the live query, {:?}", step);
    }
    drop(live);
    Ok(())
}

#[test]
fn a_store_equals_a_plain_model_after_every_step() {
    let seed = match std::env::var(SEED) {
        Ok(seed) => seed.parse().expect("a number"),
        Err(_) => rand_seed(),
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&u64::to_le_bytes(seed));
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    if let Err(failure) = runner.run(&proptest::collection::vec(step(), 1..30), run) {
        panic!("{failure}\nrepeat with {SEED}={seed}");
    }
}

/// A number that differs from run to run.
pub fn rand_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0)
}
