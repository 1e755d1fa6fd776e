//! Bad input: each case a clear error that names the schema, the store and the way out; nothing is lost.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use futures::FutureExt;
use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::error::{InvalidStoreId, OpenError};
use store_context::prelude::*;

use crate::project::{Project, ProjectProvider, ProjectStore, created, ids, in_dir};

fn open(dir: &Path) -> Result<ProjectStore, StoreError> {
    block_on(Project::open(Sqlite::in_dir(dir)))
}

/// The error of opening, after checking that it names the store.
fn refused(dir: &Path) -> OpenError {
    let error = open(dir).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("project@default"), "{error}");
    match error {
        StoreError::Open { cause, .. } => cause,
        other => panic!("{other}"),
    }
}

#[test]
fn store_ids_that_are_none_are_refused() {
    let registry = StoreRegistry::new();
    let long = "x".repeat(121);
    for id in ["", &long, "../x", "a/b", "a\\b", "a\0b", "a\nb", "ä", "a b", ".", "con:"] {
        let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).store_id(id).mount(&registry);
        let error = mounted.map(|_| ()).unwrap_err();
        let StoreError::InvalidId { schema, cause } = &error else { panic!("{error}") };
        assert_eq!(*schema, "project");
        assert!(cause.to_string().contains("a store id is 1 to 120 of the characters"), "{cause}");
        assert!(id.parse::<StoreId>().is_err());
    }
    let named: InvalidStoreId = "a\nb".parse::<StoreId>().unwrap_err();
    assert!(named.to_string().contains(r#"the store id "a\nb" holds '\n'"#), "{named}");
    assert!("x".repeat(120).parse::<StoreId>().is_ok());
}

#[test]
fn ids_that_differ_only_in_case_are_refused_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path());
    let with = |id: &str| block_on(ProjectProvider::new().adapter(data.clone()).store_id(id).open().unwrap());
    drop(with("Alpha").unwrap());
    let error = with("alpha").map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("`Alpha`, which differs only in case"), "{error}");
    assert!(error.to_string().contains("project@alpha"), "{error}");
    with("Alpha").unwrap();
}

#[test]
fn a_missing_data_directory_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("not/yet/there");
    in_dir(&missing).commit(created("a", "kept")).unwrap();
    assert_eq!(ids(&in_dir(&missing)), ["a"]);
}

#[test]
fn a_data_directory_that_is_a_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "a file").unwrap();
    let error = refused(&file);
    assert!(matches!(&error, OpenError::NotADirectory { path } if path.ends_with("file")), "{error}");
    assert!(error.to_string().ends_with("remove the file, or name another data directory"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "a file");
    assert!(matches!(refused(&file.join("below")), OpenError::Inaccessible { .. }));
}

#[cfg(target_os = "linux")]
#[test]
fn a_data_directory_that_is_read_only_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write anywhere but where the system itself says no.
    let is_root = fs::write(dir.path().join("probe"), "").is_ok();
    let read_only = if is_root { Path::new("/proc/self") } else { dir.path() };
    assert!(matches!(refused(read_only), OpenError::Inaccessible { .. }));
}

#[test]
fn a_file_that_is_garbage_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("project@default.db");
    for garbage in
        [b"not a database at all, though long enough for its header to be read as one".to_vec(), vec![7; 8192]]
    {
        fs::write(&file, &garbage).unwrap();
        assert!(matches!(refused(dir.path()), OpenError::NotADatabase { .. }));
        assert_eq!(fs::read(&file).unwrap(), garbage);
    }
}

#[test]
fn a_file_that_is_cut_off_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    let many =
        (0..500).map(|n| created(&format!("issue {n}"), "long enough to need several pages")).collect::<Vec<_>>();
    store.commit(many).unwrap();
    drop(store);
    let file = dir.path().join("project@default.db");
    let whole = fs::read(&file).unwrap();
    for kept in [whole.len() / 2, 4096, 200] {
        fs::write(&file, &whole[..kept]).unwrap();
        let error = refused(dir.path());
        assert!(matches!(error, OpenError::Damaged { .. } | OpenError::NotADatabase { .. }), "{kept}: {error}");
        assert_eq!(fs::read(&file).unwrap(), whole[..kept]);
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(ids(&in_dir(dir.path())).len(), 500);
}

#[test]
fn a_database_of_another_program_or_schema_or_a_newer_format_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("project@default.db");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE mine (x); INSERT INTO mine VALUES (1)").unwrap();
    drop(other);
    let before = fs::read(&file).unwrap();
    assert!(matches!(refused(dir.path()), OpenError::ForeignDatabase { .. }));
    assert_eq!(fs::read(&file).unwrap(), before);
    fs::remove_file(&file).unwrap();

    in_dir(dir.path()).commit(created("a", "kept")).unwrap();
    let change = |sql: &str| rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    change("PRAGMA user_version = 1000");
    assert!(matches!(refused(dir.path()), OpenError::NewerFormat { found: 1000, supported: 1, .. }));
    change("PRAGMA user_version = 1; UPDATE store_context_meta SET value = 'garden' WHERE key = 'schema'");
    assert!(matches!(refused(dir.path()), OpenError::OtherSchema { found, .. } if found == "garden"));
    change("UPDATE store_context_meta SET value = 'project' WHERE key = 'schema'");
    assert_eq!(ids(&in_dir(dir.path())), ["a"]);
}

/// Schemas of one name that know other events.
macro_rules! diary {
    ($name:ident, $version:literal, { $($events:tt)* }, $pattern:pat => $id:expr) => {
        mod $name {
            use super::*;

            #[derive(Row, Clone, Debug, PartialEq)]
            #[row(table = "days")]
            pub struct Day {
                #[row(primary_key)]
                pub id: i64,
            }

            #[derive(Event, Clone, Debug, Serialize, Deserialize)]
            pub enum DiaryEvent { $($events)* }

            #[derive(StoreContext)]
            #[store(name = "diary", events = DiaryEvent, version = $version)]
            pub struct Diary {
                pub days: Table<Day>,
            }

            impl Materialize for Diary {
                fn materialize(event: DiaryEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    match event {
                        $pattern => Ok(tx.insert(Day { id: $id })?),
                    }
                }
            }

            pub fn open(dir: &Path) -> DiaryStore {
                block_on(Diary::open(Sqlite::in_dir(dir))).unwrap()
            }
        }
    };
}

diary!(two_events, 1, { Written { id: i64 }, Dreamt { id: i64 } },
    two_events::DiaryEvent::Written { id } | two_events::DiaryEvent::Dreamt { id } => id);
diary!(one_event, 2, { Written { id: i64 } }, one_event::DiaryEvent::Written { id } => id);
diary!(new_field, 3, { Written { id: i64, mood: String }, #[event(alias = "Dreamt")] Imagined { id: i64 } },
    new_field::DiaryEvent::Written { id, .. } | new_field::DiaryEvent::Imagined { id } => id);
// The same tables and version as `one_event`, so only the events that were left out can cause a replay.
diary!(known_again, 2, { Written { id: i64 }, Dreamt { id: i64 } },
    known_again::DiaryEvent::Written { id } | known_again::DiaryEvent::Dreamt { id } => id);

#[test]
fn events_that_are_not_known_or_do_not_decode_are_kept_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let store = two_events::open(dir.path());
    let _ =
        store.commit([two_events::DiaryEvent::Written { id: 1 }, two_events::DiaryEvent::Dreamt { id: 2 }]).unwrap();
    drop(store);

    let store = one_event::open(dir.path());
    let skipped = &store.boot_report().unwrap().skipped;
    assert_eq!((skipped.len(), skipped[0].sequence, skipped[0].name.as_str()), (1, 2, "Dreamt"));
    assert!(skipped[0].reason.contains("no variant is named"), "{}", skipped[0].reason);
    assert_eq!(store.days().count().get().unwrap(), 1);
    store.commit(one_event::DiaryEvent::Written { id: 3 }).unwrap();
    drop(store);
    let report = one_event::open(dir.path()).boot_report().unwrap().clone();
    assert_eq!((report.replayed, report.skipped.len()), (0, 1), "it is reported every time");

    let store = new_field::open(dir.path());
    let skipped = &store.boot_report().unwrap().skipped;
    assert_eq!(skipped.iter().map(|event| event.sequence).collect::<Vec<_>>(), [1, 3]);
    assert!(skipped[0].reason.contains("missing field `mood`"), "{}", skipped[0].reason);
    assert_eq!(store.days().count().get().unwrap(), 1, "the alias reads the old name");
    drop(store);

    let store = one_event::open(dir.path());
    assert_eq!(store.days().count().get().unwrap(), 2);
    drop(store);
    let store = known_again::open(dir.path());
    let report = store.boot_report().unwrap();
    assert_eq!((report.replayed, report.skipped.len()), (3, 0));
    assert_eq!(store.days().count().get().unwrap(), 3);
}

diary!(renamed, 2, { #[event(name = "v2.Written")] Written { id: i64 }, Dreamt { id: i64 } },
    renamed::DiaryEvent::Written { id } | renamed::DiaryEvent::Dreamt { id } => id);

#[test]
fn an_event_that_lost_its_name_is_reported_at_once_though_the_tables_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let store = known_again::open(dir.path());
    let _ =
        store.commit([known_again::DiaryEvent::Written { id: 1 }, known_again::DiaryEvent::Dreamt { id: 3 }]).unwrap();
    drop(store);
    let store = renamed::open(dir.path());
    assert_eq!(store.boot_report().unwrap().skipped[0].name, "Written");
    assert_eq!(store.days().count().get().unwrap(), 1, "the tables are what log and program give");
    store.commit(renamed::DiaryEvent::Written { id: 2 }).unwrap();
    drop(store);
    let store = renamed::open(dir.path());
    assert_eq!((store.boot_report().unwrap().replayed, store.days().count().get().unwrap()), (0, 2));
}

diary!(stranger, 2, { Cooked { id: i64 } }, stranger::DiaryEvent::Cooked { id } => id);
diary!(older_names, 4, { #[event(alias = "Dreamt", alias = "Written")] Noted { id: i64 } },
    older_names::DiaryEvent::Noted { id } => id);

/// A schema that is used for its client document.
mod desk {
    use super::*;

    #[derive(StoreContext)]
    #[store(name = "diary", events = DeskEvent)]
    pub struct Desk {
        pub view: ClientDocument<crate::project::BoardView>,
    }

    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    pub enum DeskEvent {
        Cleared,
    }

    impl Materialize for Desk {
        fn materialize(_: DeskEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(())
        }
    }
}

#[test]
fn a_log_of_which_the_schema_knows_no_event_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = two_events::open(dir.path());
    let _ =
        store.commit([two_events::DiaryEvent::Dreamt { id: 1 }, two_events::DiaryEvent::Written { id: 2 }]).unwrap();
    drop(store);
    let file = dir.path().join("diary@default.db");
    let before = fs::read(&file).unwrap();
    let data = Sqlite::in_dir(dir.path());
    let stranger = block_on(stranger::Diary::open(data.clone())).map(|_| ()).unwrap_err();
    let desk = block_on(desk::Desk::open(data)).map(|_| ()).unwrap_err();
    for error in [stranger, desk] {
        assert!(!error.is_retryable(), "{error}");
        let StoreError::Open { cause: OpenError::OtherEvents { schema: "diary", event, .. }, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(event, "Dreamt");
        let said = error.to_string();
        for word in ["\"Dreamt\"", "`diary`", "#[store(name", "#[event(alias", "upcast_from"] {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
    assert!(fs::read(&file).unwrap() == before, "nothing is changed");
    assert_eq!(two_events::open(dir.path()).days().count().get().unwrap(), 2);
    assert_eq!(older_names::open(dir.path()).days().count().get().unwrap(), 2, "an older name is known");
}

#[test]
fn a_log_with_nothing_but_client_documents_is_every_schemas_own() {
    let dir = tempfile::tempdir().unwrap();
    let desk = block_on(desk::Desk::open(Sqlite::in_dir(dir.path()))).unwrap();
    desk.view().update(|view| view.draft = "typed".into()).unwrap();
    drop(desk);
    let store = stranger::open(dir.path());
    assert_eq!(store.boot_report().unwrap().skipped.len(), 1, "the document is kept and reported");
    store.commit(stranger::DiaryEvent::Cooked { id: 1 }).unwrap();
}

// With the feature, by the compiler: `ui-tests/tests/query`.
#[cfg(not(feature = "checked-sql"))]
#[test]
fn a_query_with_a_wrong_parameter_or_column_is_refused_when_the_store_opens() {
    use crate::project::ProjectEvent;
    macro_rules! wrong {
        ($name:ident, $sql:literal, $function:ty, $message:literal) => {{
            #[derive(StoreContext)]
            #[store(name = "wrong", events = ProjectEvent)]
            struct $name {
                issues: Table<crate::project::Issue>,
                #[query($sql)]
                asked: Query<$function>,
            }
            impl Materialize for $name {
                fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    Ok(())
                }
            }
            let error = block_on($name::open(Sqlite::in_memory())).map(|_| ()).unwrap_err();
            let StoreError::Open { cause: OpenError::Query { query: "asked", message }, .. } = &error else {
                panic!("{error}")
            };
            assert!(message.contains($message), "{message}");
            assert!(error.to_string().contains("wrong@default"), "{error}");
        }};
    }
    wrong!(
        Unknown,
        "SELECT id FROM issues WHERE id = :other",
        fn(id: &str) -> Vec<String>,
        "`:other` is not a parameter"
    );
    wrong!(Unused, "SELECT id FROM issues", fn(id: &str) -> Vec<String>, "`id` does not occur as `:id`");
    wrong!(Nameless, "SELECT id FROM issues WHERE id = ?", fn(id: &str) -> Vec<String>, "has no name");
    wrong!(Column, "SELECT nobody FROM issues", fn() -> Vec<String>, "no such column: nobody");
    wrong!(Quoted, "SELECT id FROM issues WHERE id = \"text\"", fn() -> Vec<String>, "no such column: \"text\"");
    wrong!(Two, "SELECT id, title FROM issues", fn() -> Vec<String>, "it gives 2 columns, the declared type takes 1");
    wrong!(Missing, "SELECT id FROM issues", fn() -> Vec<crate::project::Issue>, "`title` is not in the result");
    wrong!(
        Twice,
        "SELECT i.*, o.id FROM issues i JOIN issues o ON o.title = i.title",
        fn() -> Vec<crate::project::Issue>,
        "two columns called `id`"
    );
    wrong!(Log, "SELECT name FROM store_context_events", fn() -> Vec<String>, "is the engine's own");
    wrong!(Pragma, "PRAGMA user_version", fn() -> i64, "it uses the pragma `user_version`");
    wrong!(Several, "SELECT 1; SELECT 2", fn() -> i64, "Multiple statements");
}

/// Holds a store open in a process of its own: says so, and closes when it is told to.
fn hold_open(dir: &Path) {
    let store = in_dir(dir);
    store.commit(created("theirs", "of the other process")).unwrap();
    println!("open");
    std::io::stdout().flush().unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
    drop(store);
    println!("closed");
}

#[test]
fn of_two_processes_on_one_file_the_second_gets_an_error_or_waits() {
    const CHILD: &str = "STORE_CONTEXT_TEST_HOLD_OPEN";
    if let Some(dir) = std::env::var_os(CHILD) {
        return hold_open(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "adapter::opening::of_two_processes_on_one_file_the_second_gets_an_error_or_waits",
            "--nocapture",
        ])
        .env(CHILD, dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut says = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(says.any(|line| line == "open"));
    let at_once = Project::open(Sqlite::in_dir(dir.path())).now_or_never();
    assert!(at_once.is_none(), "the other process may be ending: {at_once:?}");
    assert!(matches!(refused(dir.path()), OpenError::InUse { .. }));

    let waiting = Sqlite::in_dir(dir.path()).wait_for_lock(Duration::from_secs(60));
    let opening = Project::open(waiting);
    child.stdin.take().unwrap().write_all(b"close\n").unwrap();
    let store = block_on(opening).unwrap();
    assert_eq!(ids(&store), ["theirs"]);
    store.commit(created("ours", "of this process")).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(ids(&store), ["ours", "theirs"]);
}

#[test]
fn two_handles_opened_on_one_file_are_treated_as_two_processes() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    let error = refused(dir.path());
    assert!(matches!(&error, OpenError::InUse { .. }), "{error}");
    assert!(error.is_retryable());
    drop(store);
    in_dir(dir.path());
}
