//! Calls fail by chance, while a store opens, commits and closes: what was acknowledged is there, what was refused is
//! not, and where it is not known, that is what was told.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::executor::block_on;
use store_context::prelude::*;
use store_context::test::assert_replays_alike;

use crate::disk::{self, Said, asked, say};
use crate::project::{Project, ProjectEvent, ProjectStore, created, ids, in_dir};

const SECONDS: &str = "FAULTS_SECONDS";
const SEED: &str = "FAULTS_SEED";

/// How many commits a process tries.
const COMMITS: u64 = 30;

/// How many rounds a directory lasts.
const ROUNDS: u64 = 8;

/// A random number below `limit`.
fn below(state: &mut u64, limit: u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state % limit
}

/// What one commit writes: issues of these ids, or a text in a client document.
#[derive(Clone, Debug)]
enum Write {
    Issues(Vec<String>),
    Draft(String),
}

impl Write {
    /// Both processes know it from the round's seed and the commit's number.
    fn of(seed: u64, number: u64) -> Self {
        let mut state = seed ^ (number + 1) << 32 | 1;
        let kind = (0..8).map(|_| below(&mut state, 4)).last();
        match kind {
            Some(0) => Self::Draft(format!("{seed}-{number}")),
            Some(1) => Self::Issues((0..20).map(|part| format!("{seed}-{number}-{part}")).collect()),
            _ => Self::Issues(vec![format!("{seed}-{number}")]),
        }
    }

    fn commit(self, store: &ProjectStore) -> Result<Receipt, StoreError> {
        match self {
            Self::Issues(ids) => {
                let long = "x".repeat(200);
                store.commit(ids.iter().map(|id| created(id, &long)).collect::<Vec<ProjectEvent>>())
            }
            Self::Draft(text) => store.view().update(|view| view.draft = text),
        }
    }
}

/// Says what became of each commit. Where opening fails, it is tried again.
fn commit_what_can_be(dir: &Path) {
    let mut asked = asked().split(' ').map(|number| number.parse().unwrap()).collect::<Vec<u64>>().into_iter();
    let seed = asked.next().unwrap();
    let grouped = Durability::Grouped { delay: Duration::from_millis(1) };
    let durability = [Durability::Process, Durability::Power, grouped][asked.next().unwrap() as usize];
    let data = Sqlite::in_dir(dir).durability(durability);
    let mut state = seed | 1;
    let mut open = None;
    for number in 0..COMMITS {
        let store = match open.take() {
            Some(store) => store,
            None => match block_on(Project::open(data.clone())) {
                Ok(store) => {
                    say(format!("opened {number}"));
                    store
                }
                Err(error) => {
                    say(format!("closed {number} {} {error}", error.is_retryable()));
                    continue;
                }
            },
        };
        say(format!("begun {number}"));
        let answer = Write::of(seed, number).commit(&store);
        match &answer {
            Ok(_) => say(format!("kept {number}")),
            Err(error @ StoreError::OutcomeUnknown { .. }) => say(format!("unknown {number} {error}")),
            Err(error) => say(format!("refused {number} {} {error}", error.is_retryable())),
        }
        if let (Ok(receipt), 0) = (&answer, below(&mut state, 5))
            && block_on(receipt.durable()).is_ok()
        {
            say(format!("durable {number}"));
        }
        if let (Err(error), 0) = (store.issues().count().get(), below(&mut state, 3)) {
            say(format!("unread {} {error}", error.is_retryable()));
        }
        let goes_on = answer.as_ref().map_or_else(StoreError::is_retryable, |_| true);
        // Closed now and then, and where the store is over.
        open = (goes_on && below(&mut state, 8) > 0).then_some(store);
    }
}

/// What the store may hold after a round.
#[derive(Debug, Default)]
struct Expected {
    ids: BTreeSet<String>,
    drafts: BTreeSet<String>,
    /// Of commits that were told as unknown, or not answered before the end.
    open: Vec<Write>,
    /// Of each opening whose commits are flushed together.
    groups: Vec<Group>,
}

/// Commits that are flushed together: the first of them are there, and those that were told as durable.
#[derive(Debug, Default)]
struct Group {
    writes: Vec<Write>,
    durable: usize,
}

impl Group {
    /// The ids that are there, as far as the commits are, one after the other.
    fn kept(&self, found: &BTreeSet<String>) -> (usize, Vec<String>) {
        let is_there = |write: &&Write| match write {
            Write::Issues(ids) => ids.iter().all(|id| found.contains(id)),
            Write::Draft(_) => true,
        };
        let kept: Vec<_> = self.writes.iter().take_while(is_there).collect();
        let ids = kept.iter().filter_map(|write| match write {
            Write::Issues(ids) => Some(ids.clone()),
            Write::Draft(_) => None,
        });
        (kept.len(), ids.flatten().collect())
    }
}

impl Expected {
    fn group(&mut self) -> &mut Group {
        self.groups.last_mut().expect("it was opened")
    }

    fn add_to_group(&mut self, write: Write) {
        if let Write::Draft(text) = &write {
            self.drafts.insert(text.clone());
        }
        self.group().writes.push(write);
    }
}

#[derive(Debug, Default)]
struct Counts {
    rounds: u64,
    killed: u64,
    faults: u64,
    acknowledged: u64,
    refused: u64,
    unknown: u64,
    unanswered: u64,
    not_opened: u64,
    lost: u64,
    wrongly_told: u64,
    by_fault: BTreeMap<String, u64>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "rounds {}, of which {} ended in a crash; {} openings failed",
            self.rounds, self.killed, self.not_opened
        )?;
        writeln!(f, "faults {}: {:?}", self.faults, self.by_fault)?;
        writeln!(
            f,
            "acknowledged {}, refused {}, unknown {}, not answered before a crash {}",
            self.acknowledged, self.refused, self.unknown, self.unanswered
        )?;
        write!(f, "lost {}, wrongly told {}", self.lost, self.wrongly_told)
    }
}

impl Counts {
    /// Takes up what a process said, and gives what is wrong with it.
    fn take_up(&mut self, seed: u64, said: &Said, is_grouped: bool, expected: &mut Expected) -> Vec<String> {
        self.rounds += 1;
        self.killed += u64::from(!said.ended);
        self.faults += said.faults.len() as u64;
        for fault in &said.faults {
            *self.by_fault.entry(fault.clone()).or_default() += 1;
        }
        let mut wrong = Vec::new();
        if said.errors.contains("panicked") {
            wrong.push(format!("a panic: {}", said.errors));
        }
        let mut begun = None;
        for line in &said.lines {
            let (what, rest) = line.split_once(' ').unwrap();
            let number = || Write::of(seed, rest.split(' ').next().unwrap().parse().unwrap());
            // No file is damaged here, and no other program has it.
            if ["is damaged", "is not a database", "open elsewhere", "another program"]
                .iter()
                .any(|no| rest.contains(no))
            {
                wrong.push(line.clone());
            }
            if is_grouped {
                match what {
                    "opened" => expected.groups.push(Group::default()),
                    "kept" | "unknown" => expected.add_to_group(number()),
                    "durable" => expected.group().durable = expected.group().writes.len(),
                    _ => {}
                }
            }
            match what {
                "begun" => begun = Some(number()),
                "kept" if is_grouped => self.acknowledged += 1,
                "unknown" if is_grouped => self.unknown += 1,
                "kept" => {
                    self.acknowledged += 1;
                    match number() {
                        Write::Issues(ids) => expected.ids.extend(ids),
                        Write::Draft(text) => expected.drafts = BTreeSet::from([text]),
                    }
                }
                "unknown" => {
                    self.unknown += 1;
                    expected.open.push(number());
                    if let Write::Draft(text) = number() {
                        expected.drafts.insert(text);
                    }
                }
                "refused" => self.refused += 1,
                "closed" => self.not_opened += 1,
                _ => {}
            }
            if what != "begun" {
                begun = None;
            }
        }
        if let Some(unanswered) = begun {
            self.unanswered += 1;
            if is_grouped {
                expected.add_to_group(unanswered);
                return wrong;
            }
            if let Write::Draft(text) = &unanswered {
                expected.drafts.insert(text.clone());
            }
            expected.open.push(unanswered);
        }
        wrong
    }

    /// Holds the store against what was said.
    fn compare(&mut self, dir: &Path, expected: &mut Expected) -> Vec<String> {
        let mut wrong = Vec::new();
        let store = in_dir(dir);
        let found: BTreeSet<_> = ids(&store).into_iter().collect();
        for write in std::mem::take(&mut expected.open) {
            let Write::Issues(ids) = write else { continue };
            match ids.iter().filter(|id| found.contains(*id)).count() {
                0 => {}
                kept if kept == ids.len() => expected.ids.extend(ids),
                kept => wrong.push(format!("{kept} of {} are there: {ids:?}", ids.len())),
            }
        }
        for group in std::mem::take(&mut expected.groups) {
            let (kept, ids) = group.kept(&found);
            if kept < group.durable {
                wrong.push(format!("{kept} are there of {group:?}"));
            }
            expected.ids.extend(ids);
        }
        let lost: Vec<_> = expected.ids.difference(&found).collect();
        let untold: Vec<_> = found.difference(&expected.ids).collect();
        self.lost += lost.len() as u64;
        if !lost.is_empty() || !untold.is_empty() {
            wrong.push(format!("lost {lost:?}, refused and there all the same {untold:?}"));
        }
        let draft = store.view().get().unwrap().draft;
        if !expected.drafts.contains(&draft) {
            wrong.push(format!("the draft is {draft:?}, not of {:?}", expected.drafts));
        }
        expected.drafts = BTreeSet::from([draft]);
        let logged = store.events(..).unwrap();
        let named = logged.iter().filter(|event| event.name == "v1.IssueCreated").count();
        if named != found.len() {
            wrong.push(format!("{named} events, {} rows", found.len()));
        }
        assert_replays_alike(&store, Sqlite::in_memory);
        drop(store);
        let file = rusqlite::Connection::open(dir.join("project@default.db")).unwrap();
        let check: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        if check != "ok" {
            wrong.push(check);
        }
        wrong
    }
}

#[test]
fn a_disk_that_fails_by_chance_loses_nothing_and_is_told_of() {
    if let Some(dir) = disk::dir() {
        return commit_what_can_be(&dir);
    }
    let asked: Option<u64> = std::env::var(SEED).ok().map(|seed| seed.parse().expect("a number"));
    let seconds = std::env::var(SECONDS).map_or(5, |seconds| seconds.parse().expect("a number of seconds"));
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut first = asked.unwrap_or_else(|| {
        use std::hash::{BuildHasher, RandomState};
        RandomState::new().hash_one(0) >> 16
    });
    let mut counts = Counts::default();
    while counts.rounds == 0 || Instant::now() < until {
        // A directory's seed repeats its rounds.
        let dir = tempfile::tempdir().unwrap();
        let mut expected = Expected { drafts: BTreeSet::from([String::new()]), ..Expected::default() };
        let mut state = first | 1;
        for round in 0..ROUNDS {
            let seed = first + round;
            let (every, durability) = ([15, 40, 120, 400][below(&mut state, 4) as usize], below(&mut state, 3));
            let said = disk::run(
                "campaign::a_disk_that_fails_by_chance_loses_nothing_and_is_told_of",
                dir.path(),
                &format!("random/{seed}/{every}"),
                &format!("{seed} {durability}"),
            );
            let mut wrong = counts.take_up(seed, &said, durability == 2, &mut expected);
            wrong.extend(counts.compare(dir.path(), &mut expected));
            counts.wrongly_told += wrong.len() as u64;
            assert!(
                wrong.is_empty(),
                "{counts}\nround {round}, repeat it with {SEED}={first}:\n{wrong:#?}\n{:#?}\n{:#?}",
                said.lines,
                said.faults
            );
        }
        first += ROUNDS;
    }
    println!("{counts}");
    assert!(counts.faults > 0 && counts.acknowledged > 0, "{counts}");
}
