//! Processes killed at random moments: what was acknowledged is there, and nothing is half there.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures::executor::block_on;
use store_context::prelude::*;

use crate::model::rand_seed;
use crate::project::{Project, created, ids, in_dir};

/// How many events a commit of the child has.
const BATCH: usize = 3;

/// A random number below `limit`, from a state that a failure prints.
fn below(state: &mut u64, limit: u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state % limit
}

/// Runs this test again in a process of its own, with `variable` set.
fn again(test: &str, variable: &str, dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(variable, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The lines of a child until it ends, killed after `lines` of them. A line that is cut off does not count.
fn kill_after(mut child: Child, lines: u64) -> Vec<String> {
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = Vec::new();
    loop {
        if said.len() as u64 == lines {
            child.kill().unwrap();
        }
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        if !line.ends_with('\n') {
            break;
        }
        said.push(line.trim_end().to_owned());
    }
    child.wait().unwrap();
    said
}

/// Commits batches for ever and says each one's number once it is acknowledged.
fn commit_for_ever(dir: &Path) {
    let store = in_dir(dir);
    let first = store.total().get().unwrap() as usize / BATCH;
    for batch in first.. {
        let events = (0..BATCH).map(|n| created(&format!("{batch:06}-{n}"), "one of a batch")).collect::<Vec<_>>();
        store.commit(events).unwrap();
        println!("committed {batch}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn killed_while_committing_every_acknowledged_commit_is_there_and_none_is_half_there() {
    const CHILD: &str = "STORE_CONTEXT_TEST_COMMIT";
    if let Some(dir) = std::env::var_os(CHILD) {
        return commit_for_ever(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let seed = rand_seed() | 1;
    let (mut random, mut kept) = (seed, 0);
    let test = "adapter::crash::killed_while_committing_every_acknowledged_commit_is_there_and_none_is_half_there";
    for round in 0..200 {
        // The harness says a few lines before the child's first commit.
        let lines = below(&mut random, 30);
        let said = kill_after(again(test, CHILD, dir.path()), lines);
        let acknowledged = said.iter().filter_map(|line| line.strip_prefix("committed ")?.parse::<usize>().ok()).max();
        let store = in_dir(dir.path());
        let ids = ids(&store);
        let context = format!("round {round}, seed {seed}: {} rows, acknowledged up to {acknowledged:?}", ids.len());
        assert_eq!(ids.len() % BATCH, 0, "{context}");
        assert!(acknowledged.is_none_or(|batch| ids.len() > batch * BATCH), "{context}");
        let expected = (0..ids.len()).map(|n| format!("{:06}-{}", n / BATCH, n % BATCH));
        assert!(ids.iter().eq(expected.collect::<Vec<_>>().iter()), "{context}");
        assert_eq!(store.sequence().unwrap(), ids.len() as u64, "log and rows agree, {context}");
        assert_eq!(store.boot_report().unwrap().replayed, 0);
        kept = ids.len();
    }
    assert!(kept > 200 * BATCH, "the children committed");
}

/// Commits one event after the other for ever, flushed together, and says which is acknowledged and which is durable.
fn commit_in_groups_for_ever(dir: &Path) {
    let data = Sqlite::in_dir(dir).durability(Durability::Grouped { delay: Duration::from_millis(2) });
    let store = block_on(Project::open(data)).unwrap();
    let first = store.total().get().unwrap();
    for number in first.. {
        let receipt = store.commit(created(&format!("{number:08}"), "one of a group")).unwrap();
        println!("committed {number}");
        if number % 50 == 0 {
            block_on(receipt.durable()).unwrap();
            println!("durable {number}");
        }
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn killed_between_two_flushes_exactly_the_first_of_the_acknowledged_commits_are_there() {
    const CHILD: &str = "STORE_CONTEXT_TEST_GROUPS";
    if let Some(dir) = std::env::var_os(CHILD) {
        return commit_in_groups_for_ever(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let seed = rand_seed() | 1;
    let (mut random, mut lost, mut kept) = (seed, 0, 0);
    let test = "adapter::crash::killed_between_two_flushes_exactly_the_first_of_the_acknowledged_commits_are_there";
    for round in 0..60 {
        let said = kill_after(again(test, CHILD, dir.path()), below(&mut random, 300));
        let last = |what: &str| said.iter().filter_map(|line| line.strip_prefix(what)?.parse::<usize>().ok()).max();
        let (acknowledged, durable) = (last("committed "), last("durable "));
        let store = in_dir(dir.path());
        let ids = ids(&store);
        let context = format!("round {round}, seed {seed}: {} rows, {acknowledged:?}, durable {durable:?}", ids.len());
        assert!(ids.iter().eq((0..ids.len()).map(|n| format!("{n:08}")).collect::<Vec<_>>().iter()), "{context}");
        assert!(durable.is_none_or(|durable| ids.len() > durable), "{context}");
        assert_eq!(store.sequence().unwrap(), ids.len() as u64, "log and rows agree, {context}");
        assert!(ids.len() >= kept, "what was there before is there still, {context}");
        lost += usize::from(acknowledged.is_some_and(|last| ids.len() <= last));
        kept = ids.len();
    }
    assert!(lost > 0 && kept > 0, "a kill met commits that were not flushed: {lost} of 60, {kept} rows");
}

/// The same store in another version: opening it replays the log.
mod later {
    use super::{Materialize, MaterializeError, StoreContext, Table, Tx};
    use crate::project::{Issue, ProjectEvent};

    #[derive(StoreContext)]
    #[store(name = "project", events = ProjectEvent, version = 2)]
    pub struct Project {
        pub issues: Table<Issue>,
        pub view: store_context::ClientDocument<crate::project::BoardView>,
        pub drafts: store_context::ClientDocument<crate::project::IssueDraft, String>,
    }

    impl Materialize for Project {
        fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            if let ProjectEvent::IssueCreated { id, title } = event {
                tx.insert_partial::<Issue, _>(|i| {
                    [
                        i.id.set(id),
                        i.title.set(title),
                        i.status.set(crate::project::Status::Todo),
                        i.labels.set(&vec![]),
                    ]
                })?;
            }
            Ok(())
        }
    }
}

/// Opens one version after the other for ever, each time replaying the log.
fn replay_for_ever(dir: &Path) {
    loop {
        for open in [open_later, open_first] {
            println!("opening");
            std::io::stdout().flush().unwrap();
            open(dir);
        }
    }
}

fn open_first(dir: &Path) -> (u64, i64) {
    let store = block_on(Project::open(Sqlite::in_dir(dir))).unwrap();
    (store.sequence().unwrap(), store.issues().count().get().unwrap())
}

fn open_later(dir: &Path) -> (u64, i64) {
    let store = block_on(later::Project::open(Sqlite::in_dir(dir))).unwrap();
    (store.sequence().unwrap(), store.issues().count().get().unwrap())
}

#[test]
fn killed_while_replaying_it_starts_again_and_loses_nothing() {
    const CHILD: &str = "STORE_CONTEXT_TEST_REPLAY";
    const EVENTS: i64 = 2_000;
    if let Some(dir) = std::env::var_os(CHILD) {
        return replay_for_ever(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let store = in_dir(dir.path());
    store.commit((0..EVENTS).map(|n| created(&n.to_string(), "kept")).collect::<Vec<_>>()).unwrap();
    drop(store);
    let seed = rand_seed() | 1;
    let mut random = seed;
    let test = "adapter::crash::killed_while_replaying_it_starts_again_and_loses_nothing";
    for round in 0..20 {
        // Killed right after it said that it opens, so in the middle of a replay.
        kill_after(again(test, CHILD, dir.path()), 4 + below(&mut random, 4));
        let open = if round % 2 == 0 { open_first } else { open_later };
        assert_eq!(open(dir.path()), (EVENTS as u64, EVENTS), "round {round}, seed {seed}");
    }
}
