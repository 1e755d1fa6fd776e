//! Where a store's file is, and who may open it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use futures::channel::oneshot;
use store_context_runtime::{OpenError, StoreName};

/// How long to pause between two attempts at a lock that another process holds.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A directory as it is compared: without links and `..`, whether it exists yet or not.
pub(crate) fn canonical(directory: &Path) -> PathBuf {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_path_buf());
    let existing = absolute.ancestors().find_map(|path| path.canonicalize().ok().map(|canonical| (path, canonical)));
    let Some((existing, mut canonical)) = existing else { return absolute };
    for part in absolute.strip_prefix(existing).unwrap_or(Path::new("")).components() {
        match part {
            Component::ParentDir => drop(canonical.pop()),
            Component::Normal(name) => canonical.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    canonical
}

fn inaccessible(path: &Path, error: &std::io::Error) -> OpenError {
    OpenError::Inaccessible { path: path.to_path_buf(), message: error.to_string() }
}

/// Makes the directory where it is missing.
pub(crate) fn prepare_directory(directory: &Path) -> Result<(), OpenError> {
    if directory.is_file() {
        return Err(OpenError::NotADirectory { path: directory.to_path_buf() });
    }
    let missing: Vec<_> = directory.ancestors().take_while(|path| !path.exists()).collect();
    fs::create_dir_all(directory).map_err(|error| inaccessible(directory, &error))?;
    // A directory survives power loss once its parent is synced. Where a system cannot sync one, it need not.
    for made in missing.iter().filter_map(|path| path.parent()) {
        let _ = File::open(made).and_then(|parent| parent.sync_all());
    }
    Ok(())
}

/// The store's file, behind a link where it is one, so that two links to it are one file. Neither part of its name can
/// leave the directory: see `StoreId`. A name such as `CON`, which Windows keeps for a device, is none behind the
/// schema's name and `@`.
pub(crate) fn database(directory: &Path, store: &StoreName) -> Result<PathBuf, OpenError> {
    let path = directory.join(format!("{store}.db"));
    if path.is_symlink() {
        return path.canonicalize().map_err(|error| inaccessible(&path, &error));
    }
    Ok(path)
}

/// Where SQLite's file format keeps what is looked at: <https://www.sqlite.org/fileformat.html#the_database_header>.
const HEADER: usize = 100;

/// Refuses a file of another program before SQLite opens it: opening may already change a file that was left in the
/// middle of something.
pub(crate) fn refuse_foreign(path: &Path, application_id: u32) -> Result<(), OpenError> {
    let mut header = Vec::new();
    match File::open(path) {
        Ok(file) => {
            file.take(HEADER as u64).read_to_end(&mut header).map_err(|error| inaccessible(path, &error))?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(inaccessible(path, &error)),
    }
    // All zeros: power was lost while the first page was written; its journal undoes that.
    if header.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    if header.len() < HEADER || !header.starts_with(b"SQLite format 3\0") {
        return Err(OpenError::NotADatabase { path: path.to_path_buf() });
    }
    let number = |at: usize| header[at..].iter().take(4).fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
    let (pages, user_version, application) = (number(28), number(60), number(68));
    // A store whose first process was killed has its one page here and the rest in the write-ahead log.
    let may_be_begun = application == 0 && user_version == 0 && pages <= 1;
    if application != application_id && !may_be_begun {
        return Err(OpenError::ForeignDatabase { path: path.to_path_buf() });
    }
    Ok(())
}

/// Whether a process before left commits that are not in the database file yet.
pub(crate) fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|log| log.len() > 0)
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
    path: PathBuf,
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing the file alone would leave the lock to a child process that is being started just then.
        let _ = self.file.unlock();
    }
}

impl FileLock {
    /// Removes the lock's own file with the lock: nothing of the store is left.
    pub(crate) fn remove(self) {
        let _ = fs::remove_file(&self.path);
    }

    /// Takes the lock, or waits for it on a thread of its own: many stores may wait at once.
    pub(crate) async fn acquire(database: &Path, wait: Duration) -> Result<Self, OpenError> {
        // In lower case: two ids that differ only in case are one lock.
        let name = database.file_stem().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let path = database.with_file_name(name + ".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| inaccessible(&path, &error))?;
        let locked = match file.try_lock() {
            Err(TryLockError::WouldBlock) if !wait.is_zero() => wait_for(file, path, wait).await,
            locked => locked.map(|()| Self { file, path }),
        };
        locked.map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse { path: database.to_path_buf() },
            TryLockError::Error(error) => inaccessible(database, &error),
        })
    }
}

async fn wait_for(file: File, path: PathBuf, wait: Duration) -> Result<FileLock, TryLockError> {
    let (sender, locked) = oneshot::channel();
    let waiting = thread::Builder::new().name("store-context-lock".to_owned()).spawn(move || {
        let deadline = Instant::now().checked_add(wait);
        let goes_on = || deadline.is_none_or(|deadline| Instant::now() < deadline) && !sender.is_canceled();
        let locked = loop {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) if goes_on() => thread::sleep(LOCK_PAUSE),
                locked => break locked.map(|()| FileLock { file, path }),
            }
        };
        // Where nobody waits any more, the lock is dropped, and so released.
        let _ = sender.send(locked);
    });
    waiting.map_err(TryLockError::Error)?;
    locked.await.unwrap_or(Err(TryLockError::WouldBlock))
}
