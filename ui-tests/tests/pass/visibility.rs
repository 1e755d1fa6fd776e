//! Schemas in private modules and of every visibility: what is generated is as visible as what it is made from.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

mod notes {
    use serde::{Deserialize, Serialize};
    use store_context::prelude::*;

    #[derive(Row, Clone, Debug)]
    #[row(table = "notes")]
    pub(crate) struct Note {
        #[row(primary_key)]
        pub(crate) id: i64,
        pub(super) title: String,
        text: String,
    }

    #[derive(Column, Clone, Copy, Debug)]
    pub(crate) enum State {
        Open,
    }

    #[derive(Column, Clone, Debug)]
    pub(crate) struct Label(String);

    #[derive(Row, Clone, Debug)]
    pub(crate) struct Summary {
        pub(crate) state: State,
        pub(crate) label: Label,
    }

    #[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
    pub(in crate::notes) struct View {
        draft: String,
    }

    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    pub(crate) enum NotesEvent {
        Taken(String),
    }

    #[derive(StoreContext)]
    #[store(events = NotesEvent)]
    pub(crate) struct Notes {
        pub(crate) all: Table<Note>,
        view: ClientDocument<View>,
        #[query("SELECT 'Open' AS state, title AS label FROM notes")]
        pub(super) summaries: Query<fn() -> Vec<Summary>>,
    }

    impl Materialize for Notes {
        fn materialize(event: NotesEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let NotesEvent::Taken(text) = event;
            let id = i64::try_from(tx.meta().sequence)?;
            Ok(tx.insert(Note { id, title: String::new(), text: text.clone() })?)
        }
    }

    pub(crate) fn drafts(store: &NotesStore) -> Result<String, StoreError> {
        let _ =
            (State::Open, store.all().filter(|note| note.text.like("%")).get()?.first().map(|note| note.text.len()));
        Ok(store.view().get()?.draft)
    }

    impl Label {
        pub(crate) fn text(&self) -> &str {
            &self.0
        }
    }
}

fn read(store: &notes::NotesStore) -> Result<String, store_context::StoreError> {
    let _ = store.commit(notes::NotesEvent::Taken(String::new()))?;
    let titles = store.all().filter(|note| note.title.eq("a") & note.id.gt(1)).get()?;
    let summaries = store.summaries().get()?;
    let states: Vec<_> = summaries.iter().map(|summary| (summary.state, summary.label.text())).collect();
    let _ = (titles.first().map(|note| (note.id, &note.title)), states);
    notes::drafts(store)
}

fn main() {
    let _ = read;
    let _: Option<(notes::NotesKey, notes::NotesProvider)> = None;
}
