//! The disk that fails, and the processes that use it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The shim, compiled once.
fn shim() -> &'static Path {
    static SHIM: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = SHIM.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&path).arg(source).arg("-ldl");
        assert!(compiler.status().expect("a C compiler, called `cc`").success());
        (dir, path)
    });
    path
}

/// What a process on the failing disk said, one line each, and how often the disk failed.
pub struct Said {
    pub lines: Vec<String>,
    pub faults: Vec<String>,
    /// Whether it ended by itself.
    pub ended: bool,
    pub errors: String,
}

const DIR: &str = "FAULT_DIR";

/// The directory on the failing disk, inside a process on it.
pub fn dir() -> Option<PathBuf> {
    std::env::var_os(DIR).map(PathBuf::from)
}

/// What was asked of this process.
pub fn asked() -> String {
    std::env::var("FAULT_ASKED").unwrap()
}

/// Says a line to the process that started this one.
pub fn say(line: impl std::fmt::Display) {
    println!("\nsaid {}", line.to_string().replace('\n', " "));
}

/// Tells the disk what to do next.
pub fn tell_disk(command: &str) {
    fs::remove_file(Path::new("/fault").join(command)).unwrap();
}

/// Runs the given test again, in a process on the failing disk.
pub fn run(test: &str, dir: &Path, disk: &str, asked: &str) -> Said {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("LD_PRELOAD", shim())
        .env(DIR, dir)
        .env("FAULT", format!("/fault/{disk}"))
        .env("FAULT_ASKED", asked)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = child.stderr.take().unwrap();
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        errors.read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    });
    // A line that is cut off was not said.
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let Some(whole) = line.strip_suffix('\n') else { break };
        lines.extend(whole.strip_prefix("said ").map(str::to_owned));
    }
    let ended = child.wait().unwrap().success();
    let errors = errors.join().unwrap();
    let faults = errors.lines().filter_map(|line| line.strip_prefix("fault ")).map(str::to_owned).collect();
    Said { lines, faults, ended, errors }
}
