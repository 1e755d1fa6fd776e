//! A crate that allows nothing.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// A task.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "tasks", unique(list, position), index(state, due), crate = ::store_context)]
pub struct Task {
    /// The list.
    #[row(primary_key, references = "lists.id", on_delete = "cascade")]
    pub list: String,
    /// The number.
    #[row(primary_key)]
    pub number: u32,
    /// The place.
    pub position: i64,
    /// The state.
    #[row(default = State::Open)]
    pub state: State,
    /// When it is due.
    #[row(default = -1.5, rename = "due_at")]
    pub due: f64,
    /// Whether it is done.
    #[row(default = false, index)]
    pub done: bool,
    /// Where it came from.
    #[row(references = "lists.id", on_delete = "set_null", unique)]
    pub origin: Option<String>,
    /// Labels.
    #[row(json, default = "[]")]
    pub labels: Vec<String>,
    /// A place on a map.
    #[row(json)]
    pub place: Option<(f64, f64)>,
    /// An icon.
    #[row(default = b"\x00")]
    pub icon: Vec<u8>,
    secret: Option<String>,
}

/// A list.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "lists")]
pub struct List {
    /// Its id.
    #[row(primary_key)]
    pub id: String,
}

/// The state of a task.
#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[column(rename_all = "kebab-case")]
pub enum State {
    /// Open.
    Open,
    /// In progress.
    InProgress,
    /// Done.
    #[column(rename = "closed")]
    Done,
}

#[derive(Column, Clone, Copy)]
enum Unused {
    One,
}

/// How many tasks a list has.
#[derive(Row, Clone, Debug)]
pub struct Count {
    /// The list.
    pub list: String,
    /// How many.
    pub tasks: i64,
    /// Labels.
    #[row(json)]
    pub labels: Option<Vec<String>>,
}

/// What a list shows.
#[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
#[document(name = "list_views")]
pub struct View {
    /// A draft.
    pub draft: String,
}

/// What happens.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum ListEvent {
    /// Everything goes.
    Cleared,
    /// Renamed.
    Renamed(String, String),
    /// Added.
    #[event(name = "v2.Added", alias = "v1.Added", alias = "Added")]
    Added {
        /// The list.
        list: String,
    },
}

/// Lists of tasks.
#[derive(StoreContext)]
#[store(name = "lists", events = ListEvent, version = 3)]
pub struct Lists {
    /// Every list.
    pub lists: Table<List>,
    /// Tasks.
    pub tasks: Table<Task>,
    /// Views.
    pub views: ClientDocument<View, String>,
    pub(crate) draft: ClientDocument<Draft>,
    /// Tasks of a list.
    #[query("SELECT list, count(*) AS tasks, NULL AS labels FROM tasks WHERE list = :list GROUP BY list")]
    pub counts: Query<fn(list: String) -> Vec<Count>>,
    /// The first.
    #[query("SELECT list FROM tasks LIMIT 1")]
    pub first: Query<fn() -> Option<String>>,
    #[query("SELECT 1")]
    one: Query<fn() -> i64>,
}

#[derive(Document, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Draft {
    text: String,
}

impl Materialize for Lists {
    fn materialize(event: ListEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ListEvent::Cleared => {
                tx.table::<Task>().delete()?;
            }
            ListEvent::Renamed(from, to) => {
                tx.table::<Task>()
                    .filter(|task| task.list.eq(from) & task.secret.is_null())
                    .update(|task| [task.list.set(to), task.due.set(0.0), task.place.set(&None)])?;
            }
            ListEvent::Added { list } => {
                tx.table::<Task>().by_key((list, 1)).delete()?;
            }
        }
        Ok(())
    }
}

mod private {
    use store_context::prelude::*;

    #[derive(Row, Clone, Debug)]
    #[row(table = "notes")]
    pub(crate) struct Note {
        #[row(primary_key)]
        pub(crate) id: i64,
    }

    #[derive(StoreContext)]
    #[store(events = super::ListEvent)]
    pub(crate) struct Notes {
        pub(crate) notes: Table<Note>,
    }

    impl Materialize for Notes {
        fn materialize(_: super::ListEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(())
        }
    }
}

fn read(lists: &ListsStore, notes: &private::NotesStore) -> Result<i64, StoreError> {
    let counts = lists.counts("a".to_owned()).get()?;
    let _ = (lists.first().get()?, lists.one().get()?, lists.tasks().by_key(("a", 1)).get()?, Unused::One);
    let _ = (lists.views("a").get()?.draft, lists.draft().get()?.text, notes.notes().get()?.first().map(|n| n.id));
    Ok(counts.iter().map(|count| count.tasks).sum())
}

fn main() {
    let _ = read;
    let table = &<Lists as StoreContext>::SCHEMA.tables[1];
    assert_eq!(table.primary_key, ["list", "number"]);
    assert_eq!(table.indexes.len(), 4);
    assert_eq!(table.foreign_keys.len(), 2);
    let defaults: Vec<_> =
        table.columns.iter().filter_map(|column| Some((column.name, format!("{:?}", column.default?)))).collect();
    let expected = [
        ("state", "Text(\"open\")"),
        ("due_at", "Real(-1.5)"),
        ("done", "Integer(0)"),
        ("labels", "Text(\"[]\")"),
        ("icon", "Blob([0])"),
    ];
    assert_eq!(defaults, expected.map(|(name, default)| (name, default.to_owned())));
    let nullable: Vec<_> = table.columns.iter().filter(|column| column.nullable).map(|column| column.name).collect();
    assert_eq!(nullable, ["origin", "place", "secret"]);
}
