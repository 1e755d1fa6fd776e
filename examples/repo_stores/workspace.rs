//! [`Workspace`]: the store that lists the repositories.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// What happens to the list.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub(crate) enum WorkspaceEvent {
    /// A repository was opened, for the first time or again.
    #[event(name = "v1.RepositoryOpened")]
    RepositoryOpened { store_id: String, path: String },
}

/// A repository and the id of its store.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "repositories")]
pub(crate) struct Listed {
    #[row(primary_key)]
    pub(crate) store_id: String,
    #[row(unique)]
    pub(crate) path: String,
    /// In milliseconds since the Unix epoch.
    pub(crate) last_opened: i64,
}

/// What was shown last, by store id.
#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct LastView {
    pub(crate) shown: Vec<String>,
    pub(crate) compared: Option<(String, String)>,
}

/// The repositories that were opened from one data directory.
#[derive(StoreContext)]
#[store(name = "workspace", events = WorkspaceEvent)]
pub(crate) struct Workspace {
    /// Every repository that was opened.
    pub(crate) repositories: Table<Listed>,
    /// What was shown last.
    pub(crate) last_view: ClientDocument<LastView>,
}

impl Materialize for Workspace {
    fn materialize(event: WorkspaceEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let WorkspaceEvent::RepositoryOpened { store_id, path } = event;
        let last_opened = tx.meta().unix_ms;
        let listed = Listed { store_id, path, last_opened };
        tx.insert_or_update(listed, |r| r.last_opened.set(last_opened))?;
        Ok(())
    }
}

/// A repository that is to be shown, and the store that is its.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) store_id: String,
    pub(crate) path: PathBuf,
}

impl Target {
    /// The path as the list keeps it.
    pub(crate) fn listed_path(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }
}

/// Gives each repository its store id: the one it had before, or a free one made from its folder's name.
pub(crate) struct Ids {
    listed: Vec<Listed>,
    /// The ids that have a file. A path that was no repository left one without being listed.
    stored: Vec<String>,
    targets: Vec<Target>,
}

impl Ids {
    pub(crate) fn new(workspace: &WorkspaceStore, data: &Path) -> Result<Self, StoreError> {
        let listed = workspace.repositories().order_by(|r| r.last_opened.desc()).get()?.to_vec();
        let files = std::fs::read_dir(data).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        let id = |name: String| Some(name.strip_prefix("repository@")?.strip_suffix(".db")?.to_owned());
        Ok(Self { listed, stored: names.filter_map(id).collect(), targets: Vec::new() })
    }

    /// Adds the repository in this folder, unless it is there already.
    pub(crate) fn add(&mut self, path: &Path) {
        // A folder that is missing has no canonical form; its store will say that it is missing.
        let path = path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf());
        if self.targets.iter().any(|target| target.path == path) {
            return;
        }
        let listed = self.listed.iter().find(|listed| Path::new(&listed.path) == path);
        let store_id = listed.map_or_else(|| self.free_id(&path), |listed| listed.store_id.clone());
        self.targets.push(Target { store_id, path });
    }

    /// Adds a repository by its id, and says whether there is one.
    pub(crate) fn add_by_id(&mut self, id: &str) -> bool {
        if self.targets.iter().any(|target| target.store_id == id) {
            return true;
        }
        let listed = self.listed.iter().find(|listed| listed.store_id == id);
        let target = listed.map(|listed| Target { store_id: id.to_owned(), path: PathBuf::from(&listed.path) });
        let found = target.is_some();
        self.targets.extend(target);
        found
    }

    /// Every id there is.
    pub(crate) fn all(&self) -> Vec<&str> {
        let added = self.targets.iter().map(|target| target.store_id.as_str());
        let listed = self.listed.iter().map(|listed| listed.store_id.as_str());
        let mut all: Vec<_> = added.chain(listed).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The path of a repository that was opened before.
    pub(crate) fn path_of(&self, id: &str) -> Option<&str> {
        self.listed.iter().find(|listed| listed.store_id == id).map(|listed| listed.path.as_str())
    }

    pub(crate) fn into_targets(self) -> Vec<Target> {
        self.targets
    }

    /// `name`, or `name-2` where another repository has that: compared without case, as some file systems do.
    fn free_id(&self, path: &Path) -> String {
        const LONGEST: usize = 120;
        let name = valid_id(path);
        let numbered = (1..).map(|number| {
            let suffix = if number == 1 { String::new() } else { format!("-{number}") };
            let kept = name.len().min(LONGEST - suffix.len());
            format!("{}{suffix}", &name[..kept])
        });
        let is_taken = |id: &String| {
            let is_given = self.all().iter().any(|other| other.eq_ignore_ascii_case(id));
            // The file of the very id has no events, or that id would be listed.
            is_given || self.stored.iter().any(|other| other != id && other.eq_ignore_ascii_case(id))
        };
        numbered.into_iter().find(|id| !is_taken(id)).unwrap_or(name)
    }
}

/// A store id from a folder's name. Always ASCII, so that it may be cut anywhere.
fn valid_id(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let valid: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    // A leading dash would make it an option on the command line.
    match valid.trim_matches('-') {
        "" => "repository".to_owned(),
        valid => valid.to_owned(),
    }
}
