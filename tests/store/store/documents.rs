//! Client documents: defaults from reading, changes field by field, one event each.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

use crate::project::{BoardView, IssueDraft, ProjectEvent, Status, in_dir, in_memory};

fn log_of(dir: &std::path::Path, schema: &str) -> Vec<(i64, String, String)> {
    let file = rusqlite::Connection::open(dir.join(format!("{schema}@default.db"))).unwrap();
    let mut log = file.prepare("SELECT sequence, name, arguments FROM store_context_events ORDER BY sequence").unwrap();
    log.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_update_changes_the_document_and_only_that() {
    let store = in_memory();
    store.view().update(|view| view.draft = "typed".into()).unwrap();
    assert_eq!(store.view().get().unwrap(), BoardView { filter: None, draft: "typed".into() });
    store.view().update(|view| view.filter = Some(Status::Done)).unwrap();
    assert_eq!(store.view().get().unwrap(), BoardView { filter: Some(Status::Done), draft: "typed".into() });
    store.view().set(BoardView::default()).unwrap();
    assert_eq!(store.view().get().unwrap(), BoardView::default());
    assert_eq!(store.total().get().unwrap(), 0);
}

#[test]
fn documents_with_a_key_are_kept_apart() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    store.drafts("a").update(|draft| draft.text = "for a".into()).unwrap();
    store.drafts("b").update(|draft| draft.text = "for b".into()).unwrap();
    drop(store);
    let store = in_dir(dir.path());
    let text = |key: &str| store.drafts(key).get().unwrap().text;
    assert_eq!((text("a").as_str(), text("b").as_str(), text("c").as_str()), ("for a", "for b", ""));
}

#[test]
fn typing_does_not_grow_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    for n in 0..20 {
        store.view().update(|view| view.draft = format!("draft {n}")).unwrap();
    }
    store.view().update(|view| view.filter = Some(Status::Todo)).unwrap();
    store.drafts("a").update(|draft| draft.text = "other".into()).unwrap();
    assert_eq!(store.sequence().unwrap(), 22);
    drop(store);
    let log = log_of(dir.path(), "project");
    assert_eq!(log.len(), 2);
    assert_eq!((log[0].0, log[0].1.as_str()), (21, "store_context.DocumentUpdated"));
    assert!(log[0].2.contains("draft 19") && log[0].2.contains("Todo"), "{}", log[0].2);
}

#[test]
fn an_update_that_changes_nothing_commits_nothing() {
    let store = in_memory();
    let receipt = store.view().update(|_| {}).unwrap();
    assert_eq!((receipt.sequence(), store.sequence().unwrap()), (0, 0));
}

#[test]
fn a_panicking_update_leaves_the_document_as_it_was() {
    let store = in_memory();
    store.view().update(|view| view.draft = "kept".into()).unwrap();
    let error = store
        .view()
        .update(|view| {
            view.draft = "lost".into();
            panic!("the closure's own panic")
        })
        .unwrap_err();
    assert!(matches!(&error, StoreError::Panicked { what: "an `update` closure", .. }), "{error}");
    assert_eq!(store.view().get().unwrap().draft, "kept");
    store.view().update(|view| view.draft = "works".into()).unwrap();
}

#[test]
fn subscribers_see_the_document_change() {
    let store = in_memory();
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let teller = told.clone();
    let _live = store.view().subscribe_now(move |view| teller.lock().unwrap().push(view.unwrap().draft)).unwrap();
    store.view().update(|view| view.draft = "typed".into()).unwrap();
    store.drafts("a").update(|draft| draft.text = "another document".into()).unwrap();
    store.commit(crate::project::created("a", "a row")).unwrap();
    assert_eq!(*told.lock().unwrap(), ["", "typed"]);
}

#[test]
fn updates_of_several_threads_are_all_kept() {
    let store = in_memory();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    store.drafts("a").update(|draft| draft.text.push('x')).unwrap();
                }
            });
        }
    });
    assert_eq!(store.drafts("a").get().unwrap(), IssueDraft { text: "x".repeat(100) });
}

/// Schemas of one name whose document has other fields.
macro_rules! desk {
    ($name:ident, $version:literal, { $($fields:tt)* }, $default:expr) => {
        mod $name {
            use super::*;

            #[derive(Document, Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct View { $($fields)* }

            impl Default for View {
                fn default() -> Self {
                    $default
                }
            }

            #[derive(StoreContext)]
            #[store(name = "desk", events = ProjectEvent, version = $version)]
            pub struct Desk {
                pub view: ClientDocument<View>,
            }

            impl Materialize for Desk {
                fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    Ok(())
                }
            }

            pub fn open(dir: &std::path::Path) -> DeskStore {
                block_on(Desk::open(Sqlite::in_dir(dir))).unwrap()
            }
        }
    };
}

desk!(older, 1, { pub zoom: String, pub draft: String, pub gone: bool },
    View { zoom: "100%".into(), draft: String::new(), gone: false });
desk!(newer, 2, { pub zoom: u32, pub draft: String, pub colour: String },
    View { zoom: 100, draft: String::new(), colour: "blue".into() });

#[test]
fn an_older_document_merges_into_the_default_field_by_field() {
    let dir = tempfile::tempdir().unwrap();
    let store = older::open(dir.path());
    let _ =
        store.view().update(|view| (view.zoom, view.draft, view.gone) = ("150%".into(), "kept".into(), true)).unwrap();
    drop(store);
    let store = newer::open(dir.path());
    assert_eq!(store.boot_report().unwrap().replayed, 1);
    let view = store.view().get().unwrap();
    assert_eq!(view, newer::View { zoom: 100, draft: "kept".into(), colour: "blue".into() });
    assert_eq!(store.view().dropped_fields().unwrap(), ["gone", "zoom"]);
    // What was dropped is stored still: the older program finds it again.
    drop(store);
    assert_eq!(older::open(dir.path()).view().get().unwrap().zoom, "150%");
}

desk!(other_default, 1, { pub zoom: String, pub draft: String, pub gone: bool },
    View { zoom: "80%".into(), draft: "new default".into(), gone: false });

#[test]
fn fields_that_were_never_changed_follow_the_programs_default() {
    let dir = tempfile::tempdir().unwrap();
    let store = older::open(dir.path());
    store.view().update(|view| view.gone = true).unwrap();
    drop(store);
    let view = other_default::open(dir.path()).view().get().unwrap();
    assert_eq!(view, other_default::View { zoom: "80%".into(), draft: "new default".into(), gone: true });
}

#[test]
fn a_document_whose_key_has_another_type_now_is_reported_and_the_rest_loads() {
    mod numbered {
        use super::*;

        #[derive(StoreContext)]
        #[store(name = "project", events = ProjectEvent, version = 3)]
        pub struct Project {
            pub drafts: ClientDocument<crate::project::IssueDraft, i64>,
        }

        impl Materialize for Project {
            fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                Ok(())
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    store.drafts("a").update(|draft| draft.text = "kept".into()).unwrap();
    drop(store);
    let store = block_on(numbered::Project::open(Sqlite::in_dir(dir.path()))).unwrap();
    let skipped = &store.boot_report().unwrap().skipped;
    assert!(skipped[0].reason.contains("the key of `issue_drafts` is INTEGER now"), "{}", skipped[0].reason);
    store.drafts(1).update(|draft| draft.text = "new".into()).unwrap();
    drop(store);
    assert_eq!(in_dir(dir.path()).drafts("a").get().unwrap().text, "kept");
}

#[test]
fn a_document_subscription_keeps_no_store_open() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..50 {
        let store = in_dir(dir.path());
        let _live = store.view().subscribe(|_| std::thread::yield_now()).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..2 {
                let store = &store;
                scope.spawn(move || {
                    for m in 0..5 {
                        store.view().update(|view| view.draft = format!("{n} {thread} {m}")).unwrap();
                    }
                });
            }
        });
        // The next opening finds the file closed.
        drop(store);
    }
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum NoteEvent {
    Written { id: i64 },
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "notes")]
struct Note {
    #[row(primary_key)]
    id: i64,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Dialog {
    #[default]
    Closed,
    Rename {
        id: i64,
        to: Option<String>,
    },
    Message(String),
}

#[derive(Document, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Zoom(f64);

impl Default for Zoom {
    fn default() -> Self {
        Self(1.0)
    }
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Query {
    words: Vec<String>,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[document(session)]
struct Selection {
    ids: Vec<i64>,
}

#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[document(session, name = "scrolled")]
struct Scrolled(i64);

#[derive(StoreContext)]
#[store(name = "notes", events = NoteEvent)]
struct Notes {
    notes: Table<Note>,
    dialog: ClientDocument<Dialog>,
    zoom: ClientDocument<Zoom>,
    words: ClientDocument<Query, String>,
    selection: ClientDocument<Selection>,
    scrolled: ClientDocument<Scrolled, i64>,
}

impl Materialize for Notes {
    fn materialize(event: NoteEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let NoteEvent::Written { id } = event;
        Ok(tx.insert(Note { id })?)
    }
}

fn notes(dir: &std::path::Path) -> NotesStore {
    block_on(Notes::open(Sqlite::in_dir(dir))).unwrap()
}

#[test]
fn an_enum_and_a_struct_around_a_value_are_documents() {
    let dir = tempfile::tempdir().unwrap();
    let store = notes(dir.path());
    assert_eq!((store.dialog().get().unwrap(), store.zoom().get().unwrap()), (Dialog::Closed, Zoom(1.0)));
    let rename = Dialog::Rename { id: 3, to: Some("x".into()) };
    store.dialog().set(rename.clone()).unwrap();
    store.zoom().update(|zoom| zoom.0 *= 1.5).unwrap();
    store.words("left").update(|query| query.words.push("a".into())).unwrap();
    drop(store);
    let store = notes(dir.path());
    assert_eq!((store.dialog().get().unwrap(), store.zoom().get().unwrap()), (rename, Zoom(1.5)));
    assert_eq!(
        (store.words("left").get().unwrap().words, store.words("right").get().unwrap().words.len()),
        (vec!["a".into()], 0)
    );
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = Arc::clone(&told);
    let _live = store.dialog().subscribe(move |dialog| tells.lock().unwrap().push(dialog.unwrap())).unwrap();
    // Of another variant nothing is left over.
    store.dialog().set(Dialog::Message("hello".into())).unwrap();
    store.dialog().set(Dialog::Closed).unwrap();
    assert_eq!(*told.lock().unwrap(), [Dialog::Message("hello".into()), Dialog::Closed]);
    assert_eq!(store.dialog().dropped_fields().unwrap(), Vec::<String>::new());
    store_context::test::assert_replays_alike(&store, Sqlite::in_memory);
}

/// What an earlier program had in the place of [`Notes`].
mod earlier {
    use super::{Deserialize, Note, NoteEvent, Serialize, Zoom};
    use store_context::prelude::*;

    #[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub(super) enum Dialog {
        #[default]
        Closed,
        Gone(Vec<u8>),
    }

    #[derive(StoreContext)]
    #[store(name = "notes", events = NoteEvent)]
    pub(super) struct Notes {
        notes: Table<Note>,
        pub(super) dialog: ClientDocument<Dialog>,
        pub(super) zoom: ClientDocument<Zoom>,
    }

    impl Materialize for Notes {
        fn materialize(event: NoteEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let NoteEvent::Written { id } = event;
            Ok(tx.insert(Note { id })?)
        }
    }
}

#[test]
fn a_whole_that_no_longer_reads_is_the_default_and_stays_stored() {
    let dir = tempfile::tempdir().unwrap();
    let before = block_on(earlier::Notes::open(Sqlite::in_dir(dir.path()))).unwrap();
    before.dialog().set(earlier::Dialog::Gone(vec![1])).unwrap();
    before.zoom().set(Zoom(2.0)).unwrap();
    drop(before);
    let store = notes(dir.path());
    assert_eq!((store.dialog().get().unwrap(), store.zoom().get().unwrap()), (Dialog::Closed, Zoom(2.0)));
    assert_eq!(store.dialog().dropped_fields().unwrap(), ["value"]);
    drop(store);
    let before = block_on(earlier::Notes::open(Sqlite::in_dir(dir.path()))).unwrap();
    assert_eq!(before.dialog().get().unwrap(), earlier::Dialog::Gone(vec![1]));
}

#[test]
fn a_document_of_the_session_begins_anew_with_each_opening_and_is_not_logged() {
    let dir = tempfile::tempdir().unwrap();
    let store = notes(dir.path());
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = Arc::clone(&told);
    let _live = store.selection().subscribe(move |new| tells.lock().unwrap().push(new.map(|new| new.ids))).unwrap();
    store.selection().update(|selection| selection.ids.push(7)).unwrap();
    store.scrolled(2).set(Scrolled(40)).unwrap();
    store.zoom().set(Zoom(3.0)).unwrap();
    assert_eq!((store.selection().get().unwrap().ids, store.scrolled(2).get().unwrap()), (vec![7], Scrolled(40)));
    assert!(matches!(&told.lock().unwrap()[..], [Ok(ids)] if *ids == [7]));
    let log: Vec<_> = store.events(..).unwrap().into_iter().map(|event| event.arguments).collect();
    assert!(log.len() == 1 && log[0].contains("zoom"), "{log:?}");
    store_context::test::assert_replays_alike(&store, Sqlite::in_memory);
    drop(store);
    let store = notes(dir.path());
    assert_eq!((store.selection().get().unwrap(), store.scrolled(2).get().unwrap()), Default::default());
    assert_eq!(store.zoom().get().unwrap(), Zoom(3.0));
    assert_eq!(store.sequence().unwrap(), 1);
}

#[test]
fn events_and_documents_are_committed_together_or_not_at_all() {
    let store = in_memory();
    let other = in_memory();
    let created = |id: &str| ProjectEvent::IssueCreated { id: id.into(), title: "t".into() };
    store.view().update(|view| view.draft = "title".into()).unwrap();
    let rounds = Arc::new(Mutex::new(Vec::new()));
    let (tells, seen) = (Arc::clone(&rounds), store.clone());
    let _live = store
        .total()
        .subscribe(move |total| tells.lock().unwrap().push((total.unwrap(), seen.view().get().unwrap().draft)))
        .unwrap();

    let receipt = store
        .commit_with(
            created("1"),
            [
                store.view().change(|view| view.draft.clear()),
                store.drafts("1").change(|draft| draft.text = "for 1".into()),
            ],
        )
        .unwrap();
    assert_eq!(receipt.sequence(), 4);
    assert_eq!(*rounds.lock().unwrap(), [(1, String::new())], "one state, with both in it");
    assert_eq!(store.drafts("1").get().unwrap().text, "for 1");

    let state = || (store.sequence().unwrap(), store.total().get().unwrap(), store.view().get().unwrap());
    let before = state();
    // The event fails: the document is as it was.
    let mut has_run = false;
    let refused = store.commit_with(created("1"), [store.view().change(|_| has_run = true)]).unwrap_err();
    assert!(matches!(refused, StoreError::Materialize { .. }) && !has_run, "{refused}");
    assert_eq!(state(), before);
    // The document fails: the event is not there.
    let changes =
        [store.view().change(|view| view.draft = "lost".into()), store.view().change(|_| panic!("on purpose"))];
    let refused = store.commit_with(created("2"), changes).unwrap_err();
    assert!(matches!(refused, StoreError::Panicked { what: "an `update` closure", .. }), "{refused}");
    assert_eq!(state(), before);
    // A document of another store.
    let refused = store.commit_with(created("2"), [other.view().change(|view| view.draft.push('x'))]).unwrap_err();
    assert!(matches!(refused, StoreError::OtherStore { .. }), "{refused}");
    assert_eq!((state(), other.sequence().unwrap()), (before.clone(), 0));
    // A change that changes nothing is no event; the later of two sees the earlier.
    store.commit_with(created("2"), [store.view().change(|_| {})]).unwrap();
    assert_eq!(store.sequence().unwrap(), before.0 + 1);
    let none: [ProjectEvent; 0] = [];
    store.commit_with(none.clone(), [store.view().change(|_| {})]).unwrap();
    let appended = ["a", "b"].map(|text| store.view().change(move |view| view.draft += text));
    store.commit_with(none, appended).unwrap();
    assert_eq!((store.sequence().unwrap(), store.view().get().unwrap().draft.as_str()), (before.0 + 3, "ab"));
}
