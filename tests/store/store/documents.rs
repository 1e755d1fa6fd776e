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
