//! What the cases share.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Command;
use std::{fs, io};

use store_context::adapter::{Adapter, AdapterIdentity, OpenError, OpenRequest, Opened};

/// An adapter for cases that are compiled and not run.
#[derive(Clone, Copy, Debug)]
pub struct Dummy;

impl Adapter for Dummy {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new("nothing")
    }

    fn open(&self, _: OpenRequest) -> Pin<Box<dyn Future<Output = Result<Opened, OpenError>> + Send>> {
        Box::pin(std::future::pending())
    }
}

/// A crate of its own, beside the workspace's, compiled by cargo as a user's is.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    target: PathBuf,
}

impl Scratch {
    /// An empty crate of this name below a test's folder for temporary files, which is in the target folder.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn new(temporary: &str, name: &str) -> io::Result<Self> {
        let temporary = Path::new(temporary);
        let (folder, target) = (temporary.join(name), temporary.parent().unwrap_or(temporary).to_owned());
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(folder.join("src/bin"))?,
        }
        let cases = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = cases.parent().unwrap_or(cases);
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let manifest = format!(
            "[package]\nname = {name:?}\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
             store-context = {{ path = {workspace:?}, default-features = false, features = [\"checked-sql\"] }}\n\
             store-context-ui-tests = {{ path = {cases:?} }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\n"
        );
        let scratch = Self { folder, target };
        scratch.write("Cargo.toml", &manifest)?;
        Ok(scratch)
    }

    /// Writes a file of the crate.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, file: &str, text: &str) -> io::Result<()> {
        fs::write(self.folder.join(file), text)
    }

    /// The text of a file of the crate.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(&self, file: &str) -> io::Result<String> {
        fs::read_to_string(self.folder.join(file))
    }

    /// `cargo check`, without a network.
    #[must_use]
    pub fn check(&self) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["check", "--quiet", "--offline", "--color=never", "--target-dir"]);
        cargo.arg(&self.target).current_dir(&self.folder);
        cargo
    }
}
