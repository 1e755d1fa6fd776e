//! How many files a store holds open, and what is said where no more can be opened. Linux shows them in `/proc`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;

use futures::executor::block_on;
use store_context::error::{OpenError, SessionError};
use store_context::prelude::*;

use crate::project::{ProjectProvider, ProjectStore, created, in_dir};

/// The files below a directory that this process has open.
fn open_files(dir: &Path) -> Vec<String> {
    let open = fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    let mut open: Vec<_> = open
        .filter(|path| path.starts_with(dir))
        .map(|path| path.extension().unwrap().to_string_lossy().into_owned())
        .collect();
    open.sort();
    open
}

#[test]
fn an_idle_store_holds_four_files_open_and_two_more_once_it_was_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    store.commit(created("a", "written")).unwrap();
    assert_eq!(open_files(dir.path()), ["db", "db-shm", "db-wal", "lock"]);
    store.issues().get().unwrap();
    assert_eq!(open_files(dir.path()), ["db", "db", "db-shm", "db-wal", "db-wal", "lock"]);
    // As many readers as there are at the most, all inside a snapshot at once.
    for _ in 0..3 {
        let (all, counted) = (Barrier::new(4), Barrier::new(5));
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    store.read(|_| {
                        all.wait();
                        counted.wait();
                    })
                });
            }
            counted.wait();
        });
    }
    let of = |extension: &str| open_files(dir.path()).iter().filter(|open| *open == extension).count();
    assert_eq!((of("db"), of("db-wal"), of("db-shm"), of("lock")), (5, 5, 1, 1));
    // One that rested is closed when another is given back. SQLite keeps a database's descriptor for its next connection:
    // closing one would end the locks of all.
    while of("db-wal") > 2 {
        store.issues().get().unwrap();
    }
    assert_eq!((of("db"), of("db-wal"), of("db-shm"), of("lock")), (5, 2, 1, 1));
    drop(store);
    assert_eq!(open_files(dir.path()), [""; 0]);
}

/// Runs a test again in a process that may open so many files.
fn with_at_most(files: u32, test: &str, variable: &str, dir: &Path) {
    let limited = format!("ulimit -n {files} && exec \"$0\" --exact adapter::descriptors::{test} --nocapture");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(limited).arg(std::env::current_exe().unwrap()).env(variable, dir);
    let output = shell.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn open(data: &Sqlite, id: usize) -> Result<ProjectStore, StoreError> {
    block_on(ProjectProvider::new().adapter(data.clone()).store_id(format!("s{id}")).open().unwrap())
}

fn is_said(error: &StoreError) -> bool {
    let said = error.to_string();
    let has_ways_out =
        ["too many files are open", "`cache_time`", "`ulimit -n`"].iter().all(|word| said.contains(word));
    has_ways_out && !said.contains("writable") && error.is_retryable()
}

/// Opens stores until no more can be opened.
fn exhaust(dir: &Path) {
    let data = Sqlite::in_dir(dir);
    // Each number of files that are left, so that each file of a store is once the one that is too many.
    for left in 0..6 {
        let spare: Vec<_> = (0..left).map(|_| fs::File::open("/dev/null").unwrap()).collect();
        let mut stores = Vec::new();
        let error = loop {
            match open(&data, stores.len()) {
                Ok(store) => stores.push(store),
                Err(error) => break error,
            }
        };
        assert!(
            matches!(&error, StoreError::Open { cause: OpenError::TooManyOpenFiles { .. }, .. }),
            "{left}: {error}"
        );
        assert!(is_said(&error), "{error}");
        drop(spare);
        // A reader of its own is too many too; the stores go on.
        let mut taken = Vec::new();
        while let Ok(file) = fs::File::open("/dev/null") {
            taken.push(file);
        }
        let unread = stores.last().unwrap();
        let error = unread.issues().get().unwrap_err();
        assert!(is_said(&error), "{error}");
        assert!(matches!(&error, StoreError::Query { cause: SessionError::TooManyOpenFiles { .. }, .. }), "{error}");
        unread.commit(created(&left.to_string(), "the writer needs no more files")).unwrap();
        drop(taken);
        // With fewer stores open, the next one opens.
        let tried = stores.len();
        drop(stores.split_off(tried - 2));
        open(&data, tried).unwrap().issues().get().unwrap();
    }
}

#[test]
fn too_many_open_files_are_said_to_be_that() {
    const CHILD: &str = "STORE_CONTEXT_TEST_DESCRIPTORS";
    if let Some(dir) = std::env::var_os(CHILD) {
        return exhaust(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    with_at_most(64, "too_many_open_files_are_said_to_be_that", CHILD, dir.path());
}
