//! The story that `tracing` is told is the one that the book's table lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use store_context::prelude::*;
use store_context::test::{Scripted, TestHost};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::project::{ProjectProvider, created};

/// Name, kind and level; the fields.
type Story = BTreeMap<(String, String, String), BTreeSet<String>>;

#[derive(Clone, Default)]
struct Tells {
    story: Arc<Mutex<Story>>,
    /// Everything that any field said.
    text: Arc<Mutex<String>>,
}

impl Tells {
    fn tell(&self, metadata: &Metadata<'_>) {
        if metadata.target() != "store_context" {
            return;
        }
        let kind = if metadata.is_span() { "span" } else { "event" };
        let key = (metadata.name().to_owned(), kind.to_owned(), metadata.level().as_str().to_lowercase());
        let fields = metadata.fields().iter().map(|field| field.name().to_owned());
        self.story.lock().unwrap().entry(key).or_default().extend(fields);
    }
}

impl Visit for Tells {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        self.text.lock().unwrap().push_str(&format!("{value:?}\n"));
    }
}

impl<S: Subscriber> Layer<S> for Tells {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.tell(attributes.metadata());
        attributes.record(&mut self.clone());
    }

    fn on_record(&self, _: &Id, values: &tracing::span::Record<'_>, _: Context<'_, S>) {
        values.record(&mut self.clone());
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        self.tell(event.metadata());
        event.record(&mut self.clone());
    }
}

/// The rows of the book's table.
fn listed() -> Story {
    let book = include_str!("../../../docs/src/watching.md");
    let rows = book.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').map(|cell| cell.trim().replace('`', "")).collect();
        let fields = cells[4].split(", ").map(str::to_owned).collect();
        ((cells[1].clone(), cells[2].clone(), cells[3].clone()), fields)
    })
    .collect()
}

#[test]
fn the_books_table_of_spans_is_what_is_emitted_and_no_value_of_a_user_is_in_it() {
    // Alone: a callsite that another thread meets first, where there is one subscriber and not on that thread, is off.
    crate::soak::alone(
        "slot::watching::the_books_table_of_spans_is_what_is_emitted_and_no_value_of_a_user_is_in_it",
        emitted_spans_are_the_books,
    );
}

fn emitted_spans_are_the_books() {
    let tells = Tells::default();
    let host = TestHost::new();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(tells.clone()), || {
        let registry = host.registry().build();
        let data = Scripted::new(Sqlite::in_memory()).fail_times(1);
        let mounted = ProjectProvider::new().adapter(data).on_boot(|_| Ok(())).mount(&registry).unwrap();
        host.run();
        mounted.retry().unwrap();
        host.run();
        let store = mounted.read().unwrap().ready().unwrap();
        let _live = store.title_of("secret-id").subscribe(|_| ()).unwrap();
        store.commit(created("secret-id", "secret title")).unwrap();
        store.view().update(|view| view.draft = "secret draft".into()).unwrap();
        store.issues().filter(|i| i.title.eq("secret title")).get().unwrap();
        store.read(|snap| snap.get(&store.title_of("secret-id"))).unwrap().unwrap();
        let shutdown = mounted.shutdown();
        host.run();
        block_on(shutdown).unwrap();
    });
    assert_eq!(*tells.story.lock().unwrap(), listed());
    let text = tells.text.lock().unwrap();
    assert!(text.contains("project@default") && text.contains("SELECT"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}
