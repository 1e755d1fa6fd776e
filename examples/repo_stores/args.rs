//! [`Args`]: what the program is asked for.

use std::path::PathBuf;

use clap::Parser;

/// Reads the history of git repositories into one store each, and shows who changed what, and when.
///
/// A second run reads only the commits that are new. Whatever ends a run, the next one goes on where it stopped.
#[derive(Parser)]
#[command(name = "repo_stores", version)]
pub(crate) struct Args {
    /// Repositories; without one, the repository you stand in
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Where the stores are kept
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,

    /// Shows two repositories side by side, by their store ids
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub(crate) compare: Option<Vec<String>>,

    /// Prints one JSON object a line and repository, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

impl Args {
    /// The two store ids of `--compare`.
    pub(crate) fn compared(&self) -> Option<(String, String)> {
        match self.compare.as_deref() {
            Some([left, right]) => Some((left.clone(), right.clone())),
            _ => None,
        }
    }
}
