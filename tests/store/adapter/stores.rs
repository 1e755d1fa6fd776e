//! The stores of a directory: list, ask, open only what is there, delete, back up, restore, export, import.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use futures::executor::block_on;
use store_context::StoreKey;
use store_context::error::{OpenError, StoresError};
use store_context::event::LoggedEvent;
use store_context::prelude::*;

use crate::project::{Project, ProjectEvent, ProjectKey, ProjectProvider, ProjectStore, created, ids};
use crate::registry::many_stores::Archive;

fn key(id: &str) -> ProjectKey {
    id.parse().unwrap()
}

fn open(data: &Sqlite, id: &str) -> Result<ProjectStore, StoreError> {
    block_on(ProjectProvider::new().adapter(data.clone()).store_id(id).open()?)
}

fn files(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<_> = entries.collect();
    files.sort();
    files
}

#[test]
fn stores_are_listed_by_schema_and_asked_for_by_key() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path().join("data"));
    assert!(data.stores::<Project>().unwrap().is_empty(), "there is no directory yet");
    assert!(!dir.path().join("data").exists(), "asking makes none");
    for id in ["b", "a", "a-third"] {
        open(&data, id).unwrap().commit(created("x", id)).unwrap();
    }
    fs::write(dir.path().join("data/project@not an id.db"), "").unwrap();
    fs::write(dir.path().join("data/projects@other.db"), "").unwrap();
    let listed: Vec<_> = data.stores::<Project>().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(listed, ["a", "a-third", "b"]);
    assert!(data.stores::<Archive>().unwrap().is_empty());
    assert!(data.has(&key("a")).unwrap() && !data.has(&key("c")).unwrap());
}

#[test]
fn only_what_is_there_is_opened_where_that_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path().join("data"));
    let existing = data.clone().existing_only();
    let error = open(&existing, "guess").unwrap_err();
    assert!(matches!(&error, StoreError::Open { cause: OpenError::NotFound { .. }, .. }), "{error}");
    assert!(!error.is_retryable() && !dir.path().join("data").exists());
    open(&data, "real").unwrap().commit(created("x", "kept")).unwrap();
    assert_eq!(ids(&open(&existing, "real").unwrap()), ["x"]);
    open(&existing, "guess").unwrap_err();
    assert_eq!(files(&dir.path().join("data")), ["project@real.db", "project@real.lock"]);
}

#[test]
fn that_a_store_is_not_there_is_kept_no_longer_than_somebody_holds_it() {
    let dir = tempfile::tempdir().unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    let provider = |data: &Sqlite| ProjectProvider::new().adapter(data.clone()).store_id("new");
    let existing = data.clone().existing_only();
    let is_missing = |error: &StoreError| matches!(error, StoreError::Open { cause: OpenError::NotFound { .. }, .. });
    let guess = provider(&existing).mount(&registry).unwrap();
    assert!(is_missing(&block_on(guess.store()).unwrap_err()));
    let beside = provider(&data).mount(&registry).unwrap();
    assert!(is_missing(&block_on(beside.store()).unwrap_err()), "an error is everybody's until a retry");
    drop((guess, beside));
    assert!(registry.snapshot().stores.is_empty());
    // Nobody waits for this one.
    block_on(registry.preload(provider(&existing)));
    assert!(registry.snapshot().stores.is_empty());
    let made = provider(&data).mount(&registry).unwrap();
    block_on(made.store()).unwrap().commit(created("x", "first")).unwrap();
}

#[test]
fn a_retry_opens_as_the_present_provider_asks_where_nobody_holds_the_former_one() {
    let dir = tempfile::tempdir().unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    let mount = |data: &Sqlite| ProjectProvider::new().adapter(data.clone()).store_id("new").mount(&registry).unwrap();
    let file = dir.path().join("project@new.db");
    fs::write(&file, "a text and no database").unwrap();
    let guess = mount(&data.clone().existing_only());
    block_on(guess.store()).unwrap_err();
    drop(guess);
    let making = mount(&data);
    block_on(making.store()).unwrap_err();
    fs::remove_file(file).unwrap();
    making.retry().unwrap();
    block_on(making.store()).unwrap().commit(created("x", "first")).unwrap();
}

#[test]
fn a_store_is_deleted_while_this_process_closes_it() {
    let dir = tempfile::tempdir().unwrap();
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir(dir.path()));
    for _ in 0..10 {
        let mounted = ProjectProvider::new().adapter(data.clone()).store_id("a").mount(&registry).unwrap();
        block_on(mounted.store()).unwrap().commit(created("x", "first")).unwrap();
        let closing = mounted.shutdown();
        block_on(data.delete(&key("a"))).unwrap();
        block_on(closing).unwrap();
        assert!(files(dir.path()).is_empty());
    }
}

#[test]
fn a_store_is_deleted_with_all_its_files_and_not_while_it_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path());
    let store = open(&data, "gone").unwrap();
    store.commit(created("x", "first")).unwrap();
    let error = block_on(data.delete(&key("gone"))).unwrap_err();
    assert!(
        matches!(&error, StoresError::Open { cause: OpenError::InUse { .. }, .. }) && error.is_retryable(),
        "{error}"
    );
    assert_eq!(ids(&store), ["x"]);
    drop(store);
    block_on(data.delete(&key("gone"))).unwrap();
    assert_eq!(files(dir.path()), [""; 0]);
    let error = block_on(data.delete(&key("gone"))).unwrap_err();
    assert!(matches!(error, StoresError::NotFound { .. }) && error.to_string().contains("project@gone"));
    assert_eq!(open(&data, "gone").unwrap().total().get().unwrap(), 0, "a new one begins empty");
}

#[test]
fn a_backup_is_one_state_while_others_commit_and_restores_to_a_store() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = Sqlite::in_dir(dir.path());
    let store = open(&data, "busy").unwrap();
    std::thread::scope(|scope| {
        let committing = scope.spawn(|| {
            for n in 0..200 {
                // Two issues in one commit: a copy has both or none.
                store.commit([created(&format!("{n}-a"), "one"), created(&format!("{n}-b"), "two")]).unwrap();
            }
        });
        for copy in 0..5 {
            store.backup(copies.path().join(format!("{copy}.db"))).unwrap();
        }
        committing.join().unwrap();
    });
    let mut before = 0;
    for copy in 0..5 {
        let id = format!("copy-{copy}");
        block_on(data.restore(&key(&id), copies.path().join(format!("{copy}.db")))).unwrap();
        let restored = open(&data, &id).unwrap();
        let (total, sequence) = (restored.total().get().unwrap(), restored.sequence().unwrap());
        assert_eq!((total % 2, u64::try_from(total).unwrap()), (0, sequence));
        assert!(sequence >= before, "a later copy is not older");
        before = sequence;
        restored.commit(created("after", "it goes on")).unwrap();
    }
    let error = store.backup(copies.path().join("0.db")).unwrap_err();
    assert!(matches!(error, StoreError::Backup { .. }) && error.to_string().contains("is there already"), "{error}");
    let error = store.backup(copies.path().join("missing/0.db")).unwrap_err();
    assert!(matches!(error, StoreError::Backup { .. }), "{error}");
    assert_eq!(files(copies.path()).len(), 5, "nothing is left of what failed");
}

#[test]
fn what_is_no_whole_backup_is_refused_and_nothing_is_left() {
    let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = Sqlite::in_dir(dir.path());
    let store = open(&data, "one").unwrap();
    store.commit((0..200).map(|n| created(&n.to_string(), "many")).collect::<Vec<_>>()).unwrap();
    let whole = copies.path().join("whole.db");
    store.backup(&whole).unwrap();
    drop(store);
    let bytes = fs::read(&whole).unwrap();
    for (name, content) in [("half", &bytes[..bytes.len() / 2]), ("empty", &[]), ("text", b"not a database".as_slice())]
    {
        let path = copies.path().join(name);
        fs::write(&path, content).unwrap();
        let error = block_on(data.restore(&key("two"), &path)).unwrap_err();
        assert!(matches!(error, StoresError::NotABackup { .. }), "{name}: {error}");
    }
    let other: StoreKey<Archive> = "two".parse().unwrap();
    let error = block_on(data.restore(&other, &whole)).unwrap_err().to_string();
    assert!(error.contains("a store of the schema `project`"), "{error}");
    let error = block_on(data.restore(&key("one"), &whole)).unwrap_err();
    assert!(matches!(error, StoresError::Exists { .. }), "{error}");
    let error = block_on(data.restore(&key("two"), copies.path().join("missing.db"))).unwrap_err();
    assert!(matches!(&error, StoresError::NotABackup { message, .. } if message.contains("No such file")), "{error}");
    assert!(!error.is_retryable());
    assert!(!files(dir.path()).iter().any(|file| file.contains("two@") || file.ends_with(".part")));
    assert!(!data.has(&key("two")).unwrap());
}

fn lines(store: &ProjectStore) -> String {
    let mut log = Vec::new();
    store.export(&mut log).unwrap();
    String::from_utf8(log).unwrap()
}

#[test]
fn an_exported_log_is_imported_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path());
    let store = open(&data, "from").unwrap();
    for n in 0..600 {
        store.commit(created(&n.to_string(), "quoted \"\n title")).unwrap();
    }
    for draft in ["a", "b"] {
        store.view().update(|view| view.draft = draft.into()).unwrap();
        store.drafts(draft).update(|issue| issue.text = draft.into()).unwrap();
    }
    let exported = lines(&store);
    assert_eq!(exported.lines().count(), 603, "of a document only the latest event is kept");
    assert_eq!(block_on(data.import(&key("to"), Cursor::new(&exported))).unwrap(), 603);
    let imported = open(&data, "to").unwrap();
    assert_eq!((lines(&imported), ids(&imported)), (exported.clone(), ids(&store)));
    assert_eq!(
        (imported.view().get().unwrap(), imported.drafts("a").get().unwrap().text),
        (store.view().get().unwrap(), "a".to_owned())
    );
    imported.view().update(|view| view.draft = "c".into()).unwrap();
    assert_eq!(lines(&imported).lines().count(), 603, "the imported one was the latest");
    let first: ProjectEvent = LoggedEvent::from_line(exported.lines().next().unwrap()).unwrap().decode().unwrap();
    assert!(matches!(first, ProjectEvent::IssueCreated { id, .. } if id == "0"));

    let damaged = exported.replacen("\"sequence\":3,", "\"sequence\":\"3\",", 1);
    let error = block_on(data.import(&key("damaged"), Cursor::new(damaged))).unwrap_err();
    assert!(matches!(error, StoresError::Line { line: 3, .. }), "{error}");
    let twice = format!("{exported}{exported}");
    let error = block_on(data.import(&key("damaged"), Cursor::new(twice))).unwrap_err();
    assert!(matches!(error, StoresError::Line { line: 604, .. }), "{error}");
    assert!(!data.has(&key("damaged")).unwrap());
    let error = block_on(data.import(&key("to"), Cursor::new(exported))).unwrap_err();
    assert!(matches!(error, StoresError::Exists { .. }), "{error}");
}

#[test]
fn stores_in_memory_are_backed_up_and_are_in_no_directory() {
    let (dir, data) = (tempfile::tempdir().unwrap(), Sqlite::in_memory());
    let store = open(&data, "memory").unwrap();
    store.commit(created("x", "first")).unwrap();
    store.backup(dir.path().join("copy.db")).unwrap();
    let files = Sqlite::in_dir(dir.path().join("data"));
    block_on(files.restore(&key("file"), dir.path().join("copy.db"))).unwrap();
    assert_eq!(ids(&open(&files, "file").unwrap()), ["x"]);
    assert_eq!(data.stores::<Project>().unwrap_err(), StoresError::InMemory);
    assert_eq!(block_on(data.delete(&key("memory"))).unwrap_err(), StoresError::InMemory);
}
