//! [`Git`]: one repository, asked through the `git` program.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread::JoinHandle;

use crate::numstat::{self, Numstat};

/// Why git gave no answer, as a sentence.
#[derive(Debug)]
pub(crate) struct GitError(String);

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GitError {}

/// Set by whoever runs this from a git hook; they would name another repository than the one asked about.
const REPOSITORY_VARIABLES: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_CEILING_DIRECTORIES",
];

/// Git in a folder, so that its answer depends on the repository alone, not on the user's settings.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    for variable in REPOSITORY_VARIABLES {
        git.env_remove(variable);
    }
    git.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    git.arg("--no-pager").arg("-C").arg(folder);
    for setting in ["core.quotePath=false", "diff.renames=false", "log.showSignature=false", "log.showRoot=true"] {
        git.arg("-c").arg(setting);
    }
    git.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    git
}

/// The repository that the current folder is in.
pub(crate) fn enclosing() -> Result<PathBuf, GitError> {
    // Named in full, for the error.
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let here = Git { folder: here, ceiling: None };
    // A bare repository has no top level.
    let found = here.answer(&["rev-parse", "--show-toplevel"]);
    let found = found.or_else(|_| here.answer(&["rev-parse", "--absolute-git-dir"]))?;
    Ok(PathBuf::from(found))
}

/// A git repository.
#[derive(Clone)]
pub(crate) struct Git {
    folder: PathBuf,
    /// Where git stops looking for a repository.
    ceiling: Option<PathBuf>,
}

impl Git {
    /// The repository in this folder; one around it does not count.
    pub(crate) fn open(folder: &Path) -> Result<Self, GitError> {
        let git = Self { folder: folder.to_path_buf(), ceiling: folder.parent().map(Path::to_path_buf) };
        if !folder.is_dir() {
            return Err(git.error(if folder.exists() { "it is no folder" } else { "there is no such folder" }));
        }
        git.answer(&["rev-parse", "--git-dir"])?;
        Ok(git)
    }

    /// The commit that is checked out. A new repository has none.
    pub(crate) fn head(&self) -> Result<Option<String>, GitError> {
        let output = self.output(&["rev-parse", "--verify", "--quiet", "HEAD"])?;
        if output.status.success() {
            return Ok(Some(trimmed(&output.stdout)));
        }
        // A branch without a commit yet. Anything else would be a damaged `HEAD`.
        self.answer(&["symbolic-ref", "HEAD"]).map(|_| None)
    }

    /// The ids of the commits that lead to this one and its own, parents first.
    pub(crate) fn ids(&self, head: &str) -> Result<CommitIds, GitError> {
        Running::start(self, self.command(&["rev-list", "--reverse", "--topo-order", head, "--"])).map(CommitIds)
    }

    /// Reads commits with their changes. Git answers once it was told all ids.
    pub(crate) fn log(&self) -> Result<Asking, GitError> {
        let mut command =
            self.command(&["log", "--stdin", "--no-walk=unsorted", "--diff-merges=off", "--numstat", "-z"]);
        command.args(["--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--no-mailmap"]);
        command.args(["--no-notes", "--encoding=UTF-8", numstat::FORMAT]).stdin(Stdio::piped());
        Running::start(self, command).map(Asking)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = git(&self.folder);
        if let Some(ceiling) = &self.ceiling {
            command.env("GIT_CEILING_DIRECTORIES", ceiling);
        }
        command.args(arguments);
        command
    }

    fn output(&self, arguments: &[&str]) -> Result<Output, GitError> {
        self.command(arguments).output().map_err(|error| not_started(&error))
    }

    /// What git prints, on one line.
    fn answer(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.output(arguments)?;
        if output.status.success() { Ok(trimmed(&output.stdout)) } else { Err(self.refused(&output.stderr)) }
    }

    fn refused(&self, stderr: &[u8]) -> GitError {
        let said = String::from_utf8_lossy(stderr);
        if said.contains("not a git repository") {
            return self.error("it is no git repository");
        }
        match said.lines().map(str::trim).find(|line| !line.is_empty()) {
            Some(said) => self.error(&format!("git says {said:?}")),
            None => self.error("git failed and does not say why"),
        }
    }

    fn error(&self, why: &str) -> GitError {
        GitError(format!("{} cannot be read: {why}", self.folder.display()))
    }
}

fn not_started(error: &std::io::Error) -> GitError {
    GitError(format!("`git` cannot be started: {error}; install it, or add it to the PATH"))
}

fn trimmed(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned()
}

/// A git process whose answer is read while it comes. It ends with this value.
struct Running {
    git: Git,
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed, which is no harm.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(git: &Git, mut command: Command) -> Result<Self, GitError> {
        let mut child = command.spawn().map_err(|error| not_started(&error))?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(git.error("git has no output"));
        };
        // Read on the side, so that a git with much to complain about does not wait for a reader.
        let stderr = std::thread::spawn(move || {
            let (mut said, mut stderr) = (Vec::new(), stderr);
            let _ = (&mut stderr).take(1 << 16).read_to_end(&mut said);
            let _ = std::io::copy(&mut stderr, &mut std::io::sink());
            said
        });
        Ok(Self { git: git.clone(), child, stdout: BufReader::with_capacity(1 << 16, stdout), stderr: Some(stderr) })
    }

    /// Reads up to `end`, without it; `None` at the end of an answer that git completed.
    fn read_until(&mut self, end: u8) -> Result<Option<Vec<u8>>, GitError> {
        let mut bytes = Vec::new();
        let read = self.stdout.read_until(end, &mut bytes);
        match read.map_err(|error| self.git.error(&format!("git's answer broke off ({error})")))? {
            0 => self.finish().map(|()| None),
            _ => {
                if bytes.last() == Some(&end) {
                    bytes.pop();
                }
                Ok(Some(bytes))
            }
        }
    }

    fn finish(&mut self) -> Result<(), GitError> {
        let status = self.child.wait().map_err(|error| self.git.error(&format!("git got lost ({error})")))?;
        if status.success() {
            return Ok(());
        }
        let said = self.stderr.take().and_then(|stderr| stderr.join().ok()).unwrap_or_default();
        Err(self.git.refused(&said))
    }
}

/// Ids of commits, as git finds them.
pub(crate) struct CommitIds(Running);

impl CommitIds {
    /// The next ids, at most so many; none at the end.
    pub(crate) fn next_chunk(&mut self, size: usize) -> Result<Vec<String>, GitError> {
        let mut ids = Vec::new();
        while ids.len() < size
            && let Some(id) = self.0.read_until(b'\n')?
        {
            ids.push(trimmed(&id));
        }
        Ok(ids)
    }
}

/// A `git log` that is being told which commits to read.
pub(crate) struct Asking(Running);

impl Asking {
    /// Asks for these commits, behind those that were asked for before.
    pub(crate) fn ask(&mut self, ids: &[String]) -> Result<(), GitError> {
        let Self(running) = self;
        let lines = ids.join("\n") + "\n";
        let asked = running.child.stdin.as_mut().map(|stdin| stdin.write_all(lines.as_bytes()));
        match asked {
            Some(Ok(())) => Ok(()),
            // Git ended early; it says why.
            Some(Err(_)) | None => running.finish().and_then(|()| Err(running.git.error("git stopped reading"))),
        }
    }

    /// The commits, one after the other in the order in which they were asked for.
    pub(crate) fn answer(self) -> Numstat<impl FnMut() -> Result<Option<Vec<u8>>, GitError>> {
        let Self(mut running) = self;
        drop(running.child.stdin.take());
        Numstat::new(move || running.read_until(0))
    }
}
