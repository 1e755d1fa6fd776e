//! The example `repo_stores` on real repositories: what it counts is what git counts, whatever ended a run before.

#![allow(missing_docs)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The example, which `cargo test` builds beside the tests; where one test alone is built, it is built here.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().and_then(Path::parent).unwrap().join("examples/repo_stores");
    if !program.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--example", "repo_stores"]).status().unwrap();
        assert!(built.success() && program.exists(), "run `cargo build --example repo_stores` first");
    }
    program
}

fn git(repository: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    let configured = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgSign=false"];
    let output = git.arg("-C").arg(repository).args(configured).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository whose history has so many commits, by three authors, two files each.
fn repository(folder: &Path, commits: u32) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    let mut stream = String::new();
    for number in 0..commits {
        let author =
            ["Ada <ada@example.org>", "Grace <grace@example.org>", "Lin Čapek <lin@example.org>"][number as usize % 3];
        let (time, message) = (1_600_000_000 + number * 3600, format!("Commit {number}"));
        let text = format!("line {number}\n");
        write!(stream, "commit refs/heads/main\ncommitter {author} {time} +0000\ndata {}\n{message}\n", message.len())
            .unwrap();
        for path in [format!("src/file {}.rs", number % 7), "tägliche-notiz.md".to_owned()] {
            write!(stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
    }
    let mut import = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    folder.to_path_buf()
}

fn started(data: &Path, arguments: &[&str], paths: &[&Path]) -> Command {
    let mut program = Command::new(program());
    program.arg("--data").arg(data).args(arguments).args(paths).stdout(Stdio::piped()).stderr(Stdio::piped());
    program
}

fn run(data: &Path, arguments: &[&str], paths: &[&Path]) -> Output {
    started(data, arguments, paths).output().unwrap()
}

/// The program's JSON, an object a line.
fn objects(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn assert_counts(data: &Path, output: &Output, repositories: &[&Path]) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (object, repository) in objects(output).iter().zip(repositories) {
        let expected: u64 = git(repository, &["rev-list", "--count", "HEAD"]).parse().unwrap();
        assert_eq!(
            (object["commits"].as_u64(), object["state"].as_str()),
            (Some(expected), Some("running")),
            "{object}"
        );
        // No event twice: the log has each commit once.
        let file = data.join(format!("repository@{}.db", object["store_id"].as_str().unwrap()));
        let store = rusqlite::Connection::open(file).unwrap();
        let counted = "SELECT count(*), count(DISTINCT json_extract(arguments, '$.id')) FROM store_context_events \
                       WHERE name = 'v1.CommitRead'";
        let (events, distinct): (i64, i64) =
            store.query_row(counted, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(events, distinct, "{object}");
    }
}

#[test]
fn three_repositories_at_once_are_counted_as_git_counts_them_and_a_second_run_reads_only_what_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let one = repository(&dir.path().join("one"), 120);
    let two = repository(&dir.path().join("Two, with spaces"), 75);
    let three = repository(&dir.path().join("other/one"), 40);
    let all = [one.as_path(), two.as_path(), three.as_path()];

    let first = run(&data, &["--json"], &all);
    assert_counts(&data, &first, &all);
    let objects_of_first = objects(&first);
    let ids: Vec<_> = objects_of_first.iter().map(|object| object["store_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["one", "Two--with-spaces", "one-2"], "made valid, made unique");
    assert_eq!(objects_of_first[0]["events_new"], 120);
    let mut fields: Vec<_> = objects_of_first[0].as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    let expected = ["authors", "commits", "error", "events_new", "events_total", "load_ms", "state", "store_id"];
    assert_eq!(fields, expected);

    std::fs::write(three.join("new.txt"), "new\n").unwrap();
    git(&three, &["add", "new.txt"]);
    git(&three, &["commit", "--quiet", "-m", "One more"]);
    // In another order: a repository keeps its store.
    let second = run(&data, &["--json"], &[&three, &one, &two]);
    assert_counts(&data, &second, &[&three, &one, &two]);
    let new: Vec<_> = objects(&second).iter().map(|object| object["events_new"].as_u64().unwrap()).collect();
    assert_eq!(new, [1, 0, 0]);
    assert_eq!(objects(&second)[0]["store_id"], "one-2");
}

#[test]
fn a_path_that_is_no_repository_is_reported_and_leaves_the_others_alone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let fine = repository(&dir.path().join("fine"), 10);
    let plain = dir.path().join("plain");
    std::fs::create_dir(&plain).unwrap();
    let output = run(&data, &["--json"], &[&plain, &fine]);
    assert_eq!(output.status.code(), Some(1));
    let objects = objects(&output);
    assert_eq!((objects[0]["state"].as_str(), objects[1]["state"].as_str()), (Some("error"), Some("running")));
    assert_eq!(objects[1]["commits"], 10);
    assert!(objects[0]["error"].as_str().unwrap().contains("it is no git repository"), "{}", objects[0]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("error: store `repository@plain`"), "{stderr}");

    git(&plain, &["init", "--quiet"]);
    let empty = run(&data, &["--json"], &[&plain]);
    assert!(empty.status.success(), "a repository without commits is one");
}

#[test]
fn history_that_was_rewritten_is_followed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let one = repository(&dir.path().join("one"), 30);
    run(&data, &["--json"], &[&one]);
    git(&one, &["reset", "--quiet", "--hard", "HEAD~5"]);
    git(&one, &["commit", "--quiet", "--amend", "-m", "Said otherwise"]);
    let output = run(&data, &["--json"], &[&one]);
    assert_counts(&data, &output, &[&one]);
    assert_eq!(objects(&output)[0]["commits"], 25);
}

#[test]
fn two_repositories_are_shown_side_by_side() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (one, two) = (repository(&dir.path().join("one"), 12), repository(&dir.path().join("two"), 34));
    run(&data, &["--json"], &[&one, &two]);
    let output = run(&data, &["--compare", "one", "two"], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.lines().any(|line| line.contains("12 commits") && line.contains("34 commits")), "{text}");
    assert!(text.contains("Lin Čapek") && text.contains("2020-09"), "{text}");
    let unknown = run(&data, &["--compare", "one", "three"], &[]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("known are `one`, `two`"));
}

#[test]
fn killed_in_the_middle_and_run_again_nothing_is_missing_and_nothing_is_there_twice() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let repositories: Vec<_> = (0..3).map(|n| repository(&dir.path().join(format!("r{n}")), 4_000)).collect();
    let paths: Vec<&Path> = repositories.iter().map(PathBuf::as_path).collect();
    let mut kept_in_the_middle = 0;
    for round in 1..=6_u64 {
        let killed = kill_when(started(&data, &["--json"], &paths).spawn().unwrap(), &data, round * 400_000);
        let commits = commits_on_disk(&data);
        kept_in_the_middle += u64::from(killed && commits > 0 && commits < 12_000);
    }
    assert!(kept_in_the_middle > 0, "no round was killed in the middle of its import");
    let output = run(&data, &["--json"], &paths);
    assert_counts(&data, &output, &paths);
    assert!(objects(&run(&data, &["--json"], &paths)).iter().all(|object| object["events_new"] == 0));
}

/// Kills the program once its files have so many bytes; says whether it was still running.
fn kill_when(mut program: Child, data: &Path, bytes: u64) -> bool {
    let size = || -> u64 {
        let files = std::fs::read_dir(data).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
    };
    while size() < bytes && program.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let was_running = program.try_wait().unwrap().is_none();
    let _ = program.kill();
    program.wait().unwrap();
    was_running
}

fn commits_on_disk(data: &Path) -> i64 {
    let count = |file: std::fs::DirEntry| {
        let path = file.path();
        let is_repository = path.file_name()?.to_str()?.starts_with("repository@") && path.extension()? == "db";
        let store = rusqlite::Connection::open(is_repository.then_some(path)?).ok()?;
        store.query_row("SELECT count(*) FROM commits", [], |row| row.get::<_, i64>(0)).ok()
    };
    std::fs::read_dir(data).into_iter().flatten().flatten().filter_map(count).sum()
}
