//! The lock of events in a crate of its own, compiled by cargo as a user's is.

use store_context_ui_tests::Scratch;

const LOCK: &str = "project.events.lock";

const CODE: &str = r#"//! Strict, so that what the derives write brings no warning.
#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// What happens.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
#[event(lock = "project.events.lock")]
pub enum ProjectEvent {
    /// Created.
    #[event(name = "v1.IssueCreated")]
    IssueCreated {
        /// Its id.
        id: IssueId,
        /// Its title.
        title: String,
    },
    /// Moved.
    #[event(name = "v1.StatusChanged", alias = "v0.Moved")]
    StatusChanged(IssueId, Status),
}

/// Of an issue.
#[derive(Column, Clone, Debug, Serialize, Deserialize)]
#[column(lock = "project.events.lock")]
pub struct IssueId(pub String);

/// Of an issue.
#[derive(Column, Clone, Debug, Serialize, Deserialize)]
#[column(rename_all = "lowercase", lock = "project.events.lock")]
pub enum Status {
    /// To do.
    Todo,
    /// Done.
    Done,
}
"#;

const RECORDED: &str = "version 1

column IssueId newtype
    0: String

column Status
    Done
    Todo

enum ProjectEvent

event v1.IssueCreated
    id: IssueId
    title: String

event v1.StatusChanged (v0.Moved) tuple
    0: IssueId
    1: Status
";

/// A crate with a lock.
struct Crate(Scratch);

impl Crate {
    fn new() -> Self {
        Self(Scratch::new(env!("CARGO_TARGET_TMPDIR"), "locked").unwrap())
    }

    fn write(&self, file: &str, text: &str) {
        self.0.write(file, text).unwrap();
    }

    fn lock(&self) -> Option<String> {
        let text = self.0.read(LOCK).ok()?;
        let version = text.find("version 1").unwrap();
        Some(text[version..].to_owned())
    }

    /// What the compiler says, or nothing.
    fn check(&self, recording: Option<&str>) -> Result<(), String> {
        let mut cargo = self.0.check();
        cargo.env_remove("STORE_CONTEXT_EVENTS_LOCK").envs(recording.map(|name| ("STORE_CONTEXT_EVENTS_LOCK", name)));
        let output = cargo.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        if output.status.success() { Ok(()) } else { Err(said) }
    }

    /// The refusals, each with the place that it points to.
    fn refused(&self) -> Vec<(String, String)> {
        let said = self.check(None).unwrap_err();
        let code = self.0.read("src/lib.rs").unwrap();
        let errors = said.split("error: ").filter(|error| error.contains("--> "));
        let mut refused: Vec<_> = errors
            .map(|error| {
                let (message, rest) = error.split_once('\n').unwrap();
                let mut place = rest.lines().next().unwrap().rsplit(':').map(|n| n.parse::<usize>().unwrap_or(0));
                let (column, line) = (place.next().unwrap(), place.next().unwrap());
                let carets = rest.matches('^').count();
                let pointed = &code.lines().nth(line - 1).unwrap()[column - 1..][..carets];
                (message.to_owned(), pointed.to_owned())
            })
            .collect();
        refused.sort();
        refused
    }
}

#[test]
fn a_lock_is_recorded_when_told_and_holds_the_code_to_it_until_then() {
    let locked = Crate::new();
    locked.write("src/lib.rs", CODE);

    let missing = locked.refused();
    assert_eq!(missing.len(), 3, "{missing:#?}");
    for (message, pointed) in missing {
        assert_eq!(
            message,
            "there is no `project.events.lock` beside the manifest; write it with \
             `STORE_CONTEXT_EVENTS_LOCK=locked cargo check`"
        );
        assert_eq!(pointed, "\"project.events.lock\"");
    }

    locked.check(Some("another-package")).unwrap_err();
    assert_eq!(locked.lock(), None);
    locked.check(Some("locked")).unwrap();
    assert_eq!(locked.lock().unwrap(), RECORDED);
    locked.check(None).unwrap();

    // Nothing but the lock changes, and the crate is compiled anew.
    locked.write(LOCK, &RECORDED.replace("title: String", "title: u32"));
    let (message, pointed) = locked.refused().remove(0);
    assert!(
        message.starts_with("`title` is recorded as `u32` in `project.events.lock` and is `String` now"),
        "{message}"
    );
    assert_eq!(pointed, "String");
    locked.write(LOCK, &RECORDED.replace("version 1\n", "version 1\n<<<<<<< HEAD\n"));
    let (message, pointed) = locked.refused().remove(0);
    assert!(message.starts_with("`project.events.lock` does not read: line 2: a merge conflict"), "{message}");
    assert_eq!(pointed, "\"project.events.lock\"");
    locked.write(LOCK, RECORDED);
    locked.check(None).unwrap();

    // Adding is fine, and is recorded when told.
    let more = CODE.replace("    /// Moved.", "    /// Cleared.\n    Cleared,\n    /// Moved.");
    locked.write("src/lib.rs", &more);
    locked.check(None).unwrap();
    assert_eq!(locked.lock().unwrap(), RECORDED);
    locked.check(Some("locked")).unwrap();
    let recorded = RECORDED.replace("enum ProjectEvent\n", "enum ProjectEvent\n\nevent Cleared unit\n");
    assert_eq!(locked.lock().unwrap(), recorded);

    // What could not read the log is refused, all of it at once and where it is.
    let broken = CODE
        .replace("        /// Its title.\n        title: String,\n", "        /// Its name.\n        name: String,\n")
        .replace(", alias = \"v0.Moved\"", "")
        .replace("    /// Done.\n    Done,\n", "")
        .replace("IssueId(pub String)", "IssueId(pub i64)");
    locked.write("src/lib.rs", &broken);
    let expected = [
        ("\"Cleared\" is recorded", "ProjectEvent"),
        ("\"Done\" is recorded", "Status"),
        ("\"v0.Moved\" is recorded", "StatusChanged"),
        ("`0` is recorded as `String`", "i64"),
        ("`title` of `IssueCreated` is recorded", "name"),
    ];
    let refused = locked.refused();
    assert_eq!(refused.len(), expected.len(), "{refused:#?}");
    for ((message, pointed), (begins, at)) in refused.iter().zip(expected) {
        assert!(message.starts_with(begins) && pointed == at, "{refused:#?}");
    }

    // Recording refuses nothing, and keeps what belongs to another type.
    let others = "column Other\n    One\n\n";
    locked.write(LOCK, &recorded.replace("column Status", &format!("{others}column Status")));
    locked.check(Some("locked")).unwrap();
    let recorded = RECORDED
        .replace("title", "name")
        .replace(" (v0.Moved)", "")
        .replace("    Done\n", "")
        .replace("0: String", "0: i64")
        .replace("column Status", &format!("{others}column Status"));
    assert_eq!(locked.lock().unwrap(), recorded);
    locked.check(None).unwrap();
}
