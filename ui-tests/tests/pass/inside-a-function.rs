//! Everything inside a function.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

fn main() {
    use serde::{Deserialize, Serialize};
    use store_context::prelude::*;

    #[derive(Row, Clone)]
    #[row(table = "issues")]
    struct Issue {
        #[row(primary_key)]
        id: i64,
        #[row(default = Status::Todo)]
        status: Status,
    }

    #[derive(Column, Clone)]
    enum Status {
        Todo,
    }

    #[derive(Document, Clone, Default, Serialize, Deserialize)]
    struct View {
        draft: String,
    }

    #[derive(Event, Clone, Serialize, Deserialize)]
    enum ProjectEvent {
        Created(i64),
    }

    #[derive(StoreContext)]
    #[store(events = ProjectEvent)]
    struct Project {
        issues: Table<Issue>,
        view: ClientDocument<View, i64>,
        #[query("SELECT id FROM issues")]
        ids: Query<fn() -> Vec<i64>>,
    }

    impl Materialize for Project {
        fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let ProjectEvent::Created(id) = event;
            Ok(tx.insert(Issue { id, status: Status::Todo })?)
        }
    }

    let _ = |store: &ProjectStore| {
        let _ = (store.issues().get(), store.view(1).get().map(|view| view.draft), store.ids().get());
    };
}
