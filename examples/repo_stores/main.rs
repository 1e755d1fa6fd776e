//! The history of git repositories, a store for each. Run it twice: the second run reads only new commits.
//!
//!     cargo run --release --example repo_stores -- [--data DIR] [--compare A B] [--json] [PATH…]

mod args;
mod git;
mod import;
mod loaded;
mod numstat;
mod progress;
mod report;
mod repository;
mod summary;
mod text;
mod workspace;

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use futures::executor::block_on;
use store_context::prelude::*;

use crate::args::Args;
use crate::loaded::Loaded;
use crate::report::{Report, Scale, newest, side_by_side};
use crate::repository::RepositoryStore;
use crate::summary::Summary;
use crate::workspace::{Ids, LastView, Target, WorkspaceProvider, WorkspaceStore};

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every repository was read.
fn run(args: &Args) -> Result<bool, Failure> {
    let registry = StoreRegistry::new();
    let workspace = WorkspaceProvider::new().adapter(Sqlite::in_dir(&args.data)).mount(&registry)?;
    let workspace = block_on(workspace.store())?;

    let targets = targets(args, &workspace)?;
    let loaded = loaded::load(&registry, &args.data, &workspace, targets);
    let shown = if args.json { summaries(&loaded)? } else { reports(args, &loaded)? };
    print(&shown)?;
    remember(args, &loaded, &workspace)?;

    let failed: Vec<_> = loaded.iter().filter_map(|loaded| loaded.store.as_ref().err()).collect();
    for error in &failed {
        eprintln!("error: {error}");
    }
    block_on(registry.dispose())?;
    Ok(failed.is_empty())
}

/// The repositories that were asked for.
fn targets(args: &Args, workspace: &WorkspaceStore) -> Result<Vec<Target>, Failure> {
    let mut ids = Ids::new(workspace, &args.data)?;
    for path in &args.paths {
        ids.add(path);
    }
    if let Some((left, right)) = args.compared() {
        for id in [left, right] {
            if !ids.add_by_id(&id) {
                return Err(unknown_id(&id, &ids));
            }
        }
    } else if args.paths.is_empty() {
        match git::enclosing() {
            Ok(here) => ids.add(&here),
            Err(error) => return Err(nowhere(&error, &ids, &workspace.last_view().get()?)),
        }
    }
    Ok(ids.into_targets())
}

fn unknown_id(id: &str, ids: &Ids) -> Failure {
    match ids.all().as_slice() {
        [] => format!("no store is called `{id}`; no repository was read into this data directory yet").into(),
        known => format!("no store is called `{id}`; known are `{}`", known.join("`, `")).into(),
    }
}

/// This folder is in no repository; those that were shown last may be meant.
fn nowhere(error: &git::GitError, ids: &Ids, last: &LastView) -> Failure {
    let paths: Vec<_> = last.shown.iter().filter_map(|id| ids.path_of(id)).collect();
    match paths.as_slice() {
        [] => format!("{error}; name a repository").into(),
        paths => format!("{error}; name a repository, for example one shown last: {}", paths.join(" ")).into(),
    }
}

fn summaries(loaded: &[Loaded]) -> Result<String, Failure> {
    let mut lines = String::new();
    for loaded in loaded {
        lines += &serde_json::to_string(&Summary::of(loaded))?;
        lines.push('\n');
    }
    Ok(lines)
}

fn reports(args: &Args, loaded: &[Loaded]) -> Result<String, Failure> {
    let room = text::terminal_width();
    let running: Vec<_> = loaded.iter().filter_map(|loaded| Some((loaded, loaded.store.as_ref().ok()?))).collect();
    let find = |id: &str| running.iter().find(|(loaded, _)| loaded.target.store_id == id).copied();
    let compared = args.compared().and_then(|(left, right)| Some((find(&left)?, find(&right)?)));
    let mut blocks = Vec::new();
    match compared {
        Some((left, right)) => {
            let until = newest(left.1)?.max(newest(right.1)?);
            blocks.push(side_by_side(&report(left, until)?, &report(right, until)?, room));
        }
        None => {
            for repository in running {
                let report = report(repository, newest(repository.1)?)?;
                blocks.push(report.lines(room, &Scale::of(&[&report])));
            }
        }
    }
    let blocks =
        blocks.iter().map(|lines| lines.iter().map(|line| format!("{}\n", line.trim_end())).collect::<String>());
    Ok(blocks.collect::<Vec<_>>().join("\n"))
}

fn report((loaded, store): (&Loaded, &RepositoryStore), until: Option<i64>) -> Result<Report, StoreError> {
    Report::read(&loaded.target, store, until, loaded.new_events, loaded.load_time)
}

/// Prints to a reader who may stop reading.
fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Keeps what was shown as the last view. Where nothing could be shown, the one before stays.
fn remember(args: &Args, loaded: &[Loaded], workspace: &WorkspaceStore) -> Result<(), StoreError> {
    let shown = loaded.iter().filter(|loaded| loaded.store.is_ok()).map(|loaded| loaded.target.store_id.clone());
    let view = LastView { shown: shown.collect(), compared: args.compared() };
    if !view.shown.is_empty() {
        workspace.last_view().set(view)?;
    }
    Ok(())
}
