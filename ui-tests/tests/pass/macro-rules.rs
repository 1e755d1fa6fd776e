//! A schema that a macro writes.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

macro_rules! store {
    (
        $(#[$docs:meta])*
        $vis:vis $store:ident ($name:literal, $version:literal) of $row:ident ($table:literal)
        keyed by $key:ident: $type:ty = $default:expr,
        reports $event:ident, shows $view:ident, counts by $sql:literal
    ) => {
        /// A row.
        #[derive(Row, Clone, Debug)]
        #[row(table = $table, index($key, state))]
        $vis struct $row {
            /// The key.
            #[row(primary_key, default = $default)]
            pub $key: $type,
            /// The state.
            #[row(default = State::Open)]
            pub state: State,
        }

        /// A view.
        #[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
        $vis struct $view {
            /// A draft.
            pub draft: $type,
        }

        /// An event.
        #[derive(Event, Clone, Debug, Serialize, Deserialize)]
        $vis enum $event {
            /// It was made.
            #[event(name = $name)]
            Made($type),
        }

        $(#[$docs])*
        #[derive(StoreContext)]
        #[store(name = $name, events = $event, version = $version)]
        $vis struct $store {
            /// Rows.
            pub rows: Table<$row>,
            /// Views.
            pub view: ClientDocument<$view, $type>,
            /// How many.
            #[query($sql)]
            pub count: Query<fn($key: &str) -> i64>,
        }

        impl Materialize for $store {
            fn materialize(event: $event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                let $event::Made($key) = event;
                Ok(tx.insert($row { $key: $key.clone(), state: State::Open })?)
            }
        }
    };
}

macro_rules! state {
    ($name:ident: $($variant:ident = $text:literal),*) => {
        /// A state.
        #[derive(Column, Clone, Copy, Debug)]
        pub enum $name {
            $(
                /// One of them.
                #[column(rename = $text)]
                $variant
            ),*
        }
    };
}

state!(State: Open = "open", Done = "done");

store! {
    /// Notes.
    pub Notes("notes", 2) of Note("notes") keyed by id: String = "none",
    reports NotesEvent, shows NoteView, counts by "SELECT count(*) FROM notes WHERE id = :id"
}

store! {
    /// Tasks.
    Tasks("tasks", 1) of Task("tasks") keyed by name: String = "none",
    reports TasksEvent, shows TaskView, counts by "SELECT count(*) FROM tasks WHERE name = :name"
}

fn read(notes: &NotesStore, tasks: &TasksStore) -> Result<i64, StoreError> {
    let _ = (notes.rows().filter(|note| note.id.eq("a") & note.state.eq(State::Done)).get()?, notes.view("a").get()?);
    let _ = (tasks.rows().by_key("a").get()?, tasks.view("a").get()?);
    Ok(notes.count("a").get()? + tasks.count("a").get()?)
}

fn main() {
    let _ = read;
    assert_eq!((Notes::SCHEMA.name, Notes::SCHEMA.version), ("notes", 2));
    assert_eq!(Tasks::SCHEMA.tables[0].columns[0].name, "name");
}
