//! Files that are not ours, or not where they were: each is left alone.

use std::fs;
use std::path::Path;

use futures::executor::block_on;
use store_context::error::OpenError;
use store_context::prelude::*;

use crate::project::{Project, ProjectProvider, ProjectStore, created, in_dir};

fn refused(dir: &Path) -> OpenError {
    match block_on(Project::open(Sqlite::in_dir(dir))).map(|_| ()).unwrap_err() {
        StoreError::Open { cause, .. } => cause,
        other => panic!("{other}"),
    }
}

#[test]
fn a_log_that_another_program_left_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let other = dir.path().join("other.db");
    let program = rusqlite::Connection::open(&other).unwrap();
    program.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)").unwrap();
    // As a killed program leaves them: the table is in the log only.
    for (from, to) in [("other.db", "project@default.db"), ("other.db-wal", "project@default.db-wal")] {
        fs::copy(dir.path().join(from), dir.path().join(to)).unwrap();
    }
    let files = || ["", "-wal"].map(|end| fs::read(dir.path().join(format!("project@default.db{end}"))).unwrap());
    let before = files();
    assert!(matches!(refused(dir.path()), OpenError::ForeignDatabase { .. }));
    assert_eq!(files(), before);
}

#[test]
fn a_database_without_tables_that_somebody_numbered_is_not_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("project@default.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch("PRAGMA user_version = 7").unwrap();
    assert!(matches!(refused(dir.path()), OpenError::ForeignDatabase { .. }));
}

#[cfg(unix)]
#[test]
fn two_links_to_one_file_are_one_store() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = in_dir(one.path());
    let file = "project@default.db";
    std::os::unix::fs::symlink(one.path().join(file), other.path().join(file)).unwrap();
    assert!(matches!(refused(other.path()), OpenError::InUse { .. }));
    drop(store);
    in_dir(other.path()).commit(created("a", "through the link")).unwrap();
    assert_eq!(in_dir(one.path()).total().get().unwrap(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn directories_are_compared_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let named = |name: &[u8]| Sqlite::in_dir(dir.path().join(OsStr::from_bytes(name))).identity();
    assert_ne!(named(b"\xff"), named(b"\xfe"));
    assert_eq!(named(b"missing/../there"), named(b"there"));
    assert_eq!(named(b"./there"), named(b"there"));
}

#[test]
fn ids_that_differ_in_case_cannot_both_open_side_by_side() {
    let dir = tempfile::tempdir().unwrap();
    let data = Sqlite::in_dir(dir.path());
    let open = |id: String| ProjectProvider::new().adapter(data.clone()).store_id(id).open().unwrap();
    for round in 0..20 {
        let both = [open(format!("Round-{round}")), open(format!("round-{round}"))];
        let opened: Vec<Result<ProjectStore, _>> = both.into_iter().map(block_on).collect();
        let ids: Vec<_> = opened.iter().flatten().map(|store| store.id().to_string()).collect();
        assert_eq!(ids.len(), 1, "{opened:?}");
        let refused: Vec<_> = opened.iter().filter_map(|opened| opened.as_ref().err()).collect();
        assert!(matches!(refused[..], [StoreError::Open { cause: OpenError::CaseConflict { .. }, .. }]), "{opened:?}");
        drop(opened);
        block_on(open(ids[0].clone())).unwrap();
    }
}

#[test]
fn a_file_that_was_moved_away_is_not_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    let file = dir.path().join("project@default.db");
    fs::rename(&file, dir.path().join("moved.db")).unwrap();
    assert!(store.total().get().is_err());
    assert!(!file.exists());
}

#[test]
fn zeros_are_no_database() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("project@default.db");
    fs::write(&file, vec![0; 8192]).unwrap();
    assert!(matches!(refused(dir.path()), OpenError::NotADatabase { .. }));
    assert_eq!(fs::read(&file).unwrap(), vec![0; 8192]);
}
