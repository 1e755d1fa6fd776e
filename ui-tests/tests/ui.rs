//! One misuse a file, its message beside it; the folders are themes.
//!
//! `TRYBUILD=overwrite cargo test -p store-context-ui-tests --test ui` takes the present messages over, and writes the
//! book's table of them: read every difference as somebody who meets it for the first time. With
//! `-- misuse trybuild=row/` after it, only the cases whose path holds `row/` are compiled.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The compiler whose messages are kept, without its patch version: the workspace's `rust-version`.
const COMPILER: &str = env!("CARGO_PKG_RUST_VERSION");
const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");
/// Names copies of the cases that have no messages beside them.
const COPIES: &str = "STORE_CONTEXT_UI_COPIES";

#[test]
fn a_misuse_is_refused_in_a_sentence_that_says_what_to_write() {
    if let Some(copies) = env::var_os(COPIES) {
        return compile(Path::new(&copies));
    }
    let compiler = compiler();
    let is_kept = compiler.starts_with(&format!("{COMPILER}.")) && !compiler.contains('-');
    if is_kept {
        compile(Path::new("tests"));
        if is_overwriting() {
            fs::write(book(), table()).expect("the book is writable");
        }
    } else {
        assert!(!is_overwriting(), "messages are kept as rustc {COMPILER} writes them, not {compiler}");
        compile_without_comparing();
    }
}

#[test]
fn each_mistake_is_one_error() {
    let miscounted: Vec<_> = cases()
        .iter()
        .filter(|case| case.mistakes() != case.errors().len())
        .map(|case| format!("{}/{}: {} errors", case.theme, case.name, case.errors().len()))
        .collect();
    assert!(miscounted.is_empty(), "a case has one mistake, or begins with `// errors: n`: {miscounted:#?}");
}

#[test]
fn the_book_lists_every_misuse_with_its_message() {
    // The test that compiles them writes it.
    if !is_overwriting() {
        assert_eq!(fs::read_to_string(book()).expect("the book is there"), table());
    }
}

#[test]
fn every_pass_case_is_a_target_of_its_own() {
    let manifest = fs::read_to_string(Path::new(PACKAGE).join("Cargo.toml")).expect("the manifest is there");
    let forgotten: Vec<_> = files(&Path::new(PACKAGE).join("tests/pass"), "rs")
        .into_iter()
        .filter(|path| !manifest.contains(&format!("path = \"tests/pass/{}.rs\"", stem(path))))
        .collect();
    assert!(forgotten.is_empty(), "Cargo.toml has no `[[test]]` for {forgotten:?}");
}

/// Such as `1.95.0`.
fn compiler() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    version.split(' ').nth(1).unwrap_or_default().to_owned()
}

fn is_overwriting() -> bool {
    env::var_os("TRYBUILD").is_some_and(|update| update == "overwrite") && env::var_os(COPIES).is_none()
}

/// Compiles the cases below a folder and compares what is said to them.
fn compile(folder: &Path) {
    let cases = trybuild::TestCases::new();
    for theme in themes() {
        cases.compile_fail(folder.join(theme).join("*.rs"));
    }
}

/// Another compiler has other words for some mistakes, and refuses the same ones.
fn compile_without_comparing() {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases");
    match fs::remove_dir_all(&copies) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => panic!("{}: {error}", copies.display()),
        _ => {}
    }
    for case in cases() {
        let folder = copies.join(&case.theme);
        fs::create_dir_all(&folder).expect("the target folder is writable");
        fs::copy(&case.source, folder.join(&case.name).with_extension("rs")).expect("the target folder is writable");
    }
    // Trybuild compares messages or writes them; here it writes them beside the copies.
    let status = Command::new(env::current_exe().expect("the test has a path"))
        .args(["--exact", "a_misuse_is_refused_in_a_sentence_that_says_what_to_write", "--nocapture"])
        .env(COPIES, copies)
        .env("TRYBUILD", "overwrite")
        .status()
        .expect("the test runs");
    assert!(status.success(), "a case compiles that should not");
}

/// The folders of cases.
fn themes() -> Vec<String> {
    let entries = fs::read_dir(Path::new(PACKAGE).join("tests")).expect("the tests are there");
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir());
    let mut themes: Vec<_> = folders.map(|path| stem(&path)).filter(|theme| theme != "pass").collect();
    themes.sort();
    themes
}

struct Case {
    theme: String,
    name: String,
    source: PathBuf,
}

fn cases() -> Vec<Case> {
    let of = |theme: String| {
        let sources = files(&Path::new(PACKAGE).join("tests").join(&theme), "rs");
        sources.into_iter().map(move |source| Case { theme: theme.clone(), name: stem(&source), source })
    };
    themes().into_iter().flat_map(of).collect()
}

impl Case {
    /// What the case says of itself.
    fn mistakes(&self) -> usize {
        let source = fs::read_to_string(&self.source).expect("the case is there");
        let count = source.lines().find_map(|line| line.strip_prefix("// errors: "));
        count.map_or(1, |count| count.parse().expect("`// errors: n`"))
    }

    /// The first line of each error.
    fn errors(&self) -> Vec<String> {
        let messages = fs::read_to_string(self.source.with_extension("stderr")).unwrap_or_default();
        let errors = messages.lines().filter(|line| line.starts_with("error:") || line.starts_with("error["));
        errors.map(|line| line.split_once(": ").unwrap_or_default().1.to_owned()).collect()
    }
}

fn book() -> PathBuf {
    Path::new(PACKAGE).join("../docs/src/compile-errors.md")
}

/// The page of the book that lists the cases.
fn table() -> String {
    let mut page = "# Compile errors\n\n\
        What is refused before the program runs, and what the compiler says to it. \
        The cases are files in `ui-tests/tests/`; this page is written from them.\n"
        .to_owned();
    for theme in themes() {
        page += &format!("\n## {}\n\n| case | the compiler says |\n| --- | --- |\n", theme.replace('-', " "));
        for case in cases().iter().filter(|case| case.theme == theme) {
            for (index, error) in case.errors().iter().enumerate() {
                let name = if index == 0 { case.name.replace('-', " ") } else { String::new() };
                let message = error.trim_start_matches("evaluation panicked: ").replace('|', "\\|");
                writeln!(page, "| {name} | {message} |").expect("a text takes everything");
            }
        }
    }
    page
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
