//! Where a store's file is, and who may open it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use store_context_runtime::{OpenError, StoreName};

/// How long to pause between two attempts at a lock that another process holds.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A directory as it is compared: without links and `..`, whether it exists yet or not.
pub(crate) fn canonical(directory: &Path) -> PathBuf {
    let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_path_buf());
    for existing in absolute.ancestors() {
        if let Ok(canonical) = existing.canonicalize() {
            return match absolute.strip_prefix(existing) {
                Ok(missing) if missing.as_os_str().is_empty() => canonical,
                Ok(missing) => canonical.join(missing),
                Err(_) => canonical,
            };
        }
    }
    absolute
}

fn inaccessible(path: &Path, error: &std::io::Error) -> OpenError {
    OpenError::Inaccessible { path: path.to_path_buf(), message: error.to_string() }
}

/// Makes the directory where it is missing.
pub(crate) fn prepare_directory(directory: &Path) -> Result<(), OpenError> {
    if directory.is_file() {
        return Err(OpenError::NotADirectory { path: directory.to_path_buf() });
    }
    fs::create_dir_all(directory).map_err(|error| inaccessible(directory, &error))
}

/// The store's file. Neither part of its name can leave the directory: see `StoreId`. A name such as `CON`, which
/// Windows keeps for a device, is none behind the schema's name and `@`.
pub(crate) fn database(directory: &Path, store: &StoreName) -> PathBuf {
    directory.join(format!("{store}.db"))
}

/// Refuses an id that a file system may confuse with one that is there.
pub(crate) fn refuse_case_conflict(directory: &Path, store: &StoreName) -> Result<(), OpenError> {
    let wanted = format!("{store}.db");
    let entries = fs::read_dir(directory).map_err(|error| inaccessible(directory, &error))?;
    for name in entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()) {
        if name != wanted && name.eq_ignore_ascii_case(&wanted) {
            let existing = name.trim_end_matches(".db").rsplit('@').next().unwrap_or_default().to_owned();
            return Err(OpenError::CaseConflict { existing });
        }
    }
    Ok(())
}

/// Owns a store's file while it lives: no other process, registry or handle opens the store.
///
/// The lock is the system's and ends with the process, however that ends.
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing the file alone would leave the lock to a child process that is being started just then.
        let _ = self.file.unlock();
    }
}

impl FileLock {
    pub(crate) fn acquire(database: &Path, wait: Duration) -> Result<Self, OpenError> {
        let path = database.with_extension("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| inaccessible(&path, &error))?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file }),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => std::thread::sleep(LOCK_PAUSE),
                Err(TryLockError::WouldBlock) => return Err(OpenError::InUse { path: database.to_path_buf() }),
                Err(TryLockError::Error(error)) => return Err(inaccessible(&path, &error)),
            }
        }
    }
}
