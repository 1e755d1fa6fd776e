//! [`FileLock`]: who may open a store's file.
//!
//! The lock is the system's, on the `.lock` file beside the database, and ends with the process, however that ends.
//! Beside it stands a table of the locks that this process holds: it knows which store a lock is held for, and whether
//! that store is closing.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use futures::channel::oneshot;
use store_context_runtime::OpenError;

use crate::file::{existing_id, io_error, refuse_other_case};

/// How long to pause between two attempts at a lock that is held.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// How long to wait for a store that this process is closing.
const OWN_CLOSE: Duration = Duration::from_secs(10);

/// How long to wait for another process in any case. One that was killed may have left the lock to a child process that
/// it was just starting, which has it until it runs its own program.
const KILLED: Duration = Duration::from_millis(500);

/// How often to take a lock anew whose file was removed meanwhile.
const REMOVALS: usize = 16;

/// A lock that this process holds.
struct Held {
    /// The file that it is held for, without `.db`.
    store: String,
    /// It is about to be released.
    is_ending: bool,
}

static HELD: Mutex<Option<HashMap<PathBuf, Held>>> = Mutex::new(None);

fn held() -> MutexGuard<'static, Option<HashMap<PathBuf, Held>>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry of the table, while it lives.
#[derive(Debug)]
struct Entry(PathBuf);

impl Drop for Entry {
    fn drop(&mut self) {
        held().as_mut().and_then(|held| held.remove(&self.0));
    }
}

/// Owns a store's file while it lives: no other process, registry or handle opens the store.
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
    entry: Entry,
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing the file alone would leave the lock to a child process that is being started just then.
        let _ = self.file.unlock();
    }
}

impl FileLock {
    /// Takes the lock, or waits for it on a thread of its own: many stores may wait at once. For a store that this
    /// process is closing it waits in any case, and for another process a moment.
    pub(crate) async fn acquire(database: &Path, wait: Duration) -> Result<Self, OpenError> {
        let place = LockPlace::of(database);
        let by = match place.try_take()? {
            Attempt::Taken(lock) => return lock.checked(&place),
            Attempt::Held(by) => by,
        };
        // In the lock file of a version before nothing says which store it is held for.
        refuse_other_case(database)?;
        if by.patience(wait).is_zero() {
            return Err(OpenError::InUse { path: place.database });
        }
        let (sender, locked) = oneshot::channel();
        let (path, database) = (place.path.clone(), place.database.clone());
        let waiting = thread::Builder::new().name("store-context-lock".to_owned()).spawn(move || {
            let goes_on = || !sender.is_canceled();
            // Another one may have been made while this waited.
            let locked = place.wait(wait, &goes_on).and_then(|lock| lock.checked(&place));
            // Where nobody waits any more, the lock is dropped, and so released.
            let _ = sender.send(locked);
        });
        waiting.map_err(|error| io_error(&path, &error))?;
        locked.await.unwrap_or_else(|_| Err(OpenError::InUse { path: database }))
    }

    /// Refuses a database beside one whose id differs only in case. A lock file that was held for this store last tells
    /// that this was looked at: looking costs by the number of files in the directory.
    fn checked(mut self, place: &LockPlace) -> Result<Self, OpenError> {
        if holder(&mut self.file) != place.store {
            refuse_other_case(&place.database)?;
            place.sign(&mut self.file);
        }
        Ok(self)
    }

    /// Removes the lock's own file with the lock: nothing of the store is left.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub(crate) fn remove(self) {
        let _ = fs::remove_file(&self.entry.0);
    }

    /// The store is about to close: whoever opens it in this process may wait for that.
    pub(crate) fn set_ending(&self) {
        if let Some(entry) = held().as_mut().and_then(|held| held.get_mut(&self.entry.0)) {
            entry.is_ending = true;
        }
    }
}

/// What became of an attempt at a lock.
enum Attempt {
    Taken(FileLock),
    Held(Holder),
}

/// Who has a lock.
enum Holder {
    /// This process, for a store that is open, or about to close.
    Here { is_ending: bool },
    /// Another process.
    Elsewhere,
}

impl Holder {
    /// How long to wait for it, where the user would wait so long.
    fn patience(&self, wait: Duration) -> Duration {
        match self {
            Self::Here { is_ending: false } => wait,
            Self::Here { is_ending: true } => wait.max(OWN_CLOSE),
            Self::Elsewhere => wait.max(KILLED),
        }
    }
}

/// Where a store's lock is.
struct LockPlace {
    database: PathBuf,
    path: PathBuf,
    store: String,
}

impl LockPlace {
    fn of(database: &Path) -> Self {
        let store = database.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // In lower case: two ids that differ only in case are one lock.
        let path = database.with_file_name(store.to_ascii_lowercase() + ".lock");
        Self { database: database.to_path_buf(), path, store }
    }

    /// Takes the lock where nobody has it.
    fn try_take(&self) -> Result<Attempt, OpenError> {
        let mut table = held();
        let table = table.get_or_insert_default();
        if let Some(held) = table.get(&self.path) {
            self.refuse_other_case(&held.store)?;
            return Ok(Attempt::Held(Holder::Here { is_ending: held.is_ending }));
        }
        // Under the table's lock, so that a thread beside this one finds the file's lock in the table, or free.
        let Some(file) = self.try_lock()? else { return Ok(Attempt::Held(Holder::Elsewhere)) };
        table.insert(self.path.clone(), Held { store: self.store.clone(), is_ending: false });
        Ok(Attempt::Taken(FileLock { file, entry: Entry(self.path.clone()) }))
    }

    /// Takes the system's lock on the file that has the name now; `None` where another process has it.
    fn try_lock(&self) -> Result<Option<File>, OpenError> {
        let failed = |error: io::Error| io_error(&self.path, &error);
        for _ in 0..REMOVALS {
            let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&self.path);
            let mut file = file.map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    self.refuse_other_case(&holder(&mut file))?;
                    return Ok(None);
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // A file that was removed after it was opened keeps nobody out.
            if is_named(&file, &self.path).map_err(failed)? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// Says in the lock's file for which store it is held. Where that fails, it only makes an error less exact.
    fn sign(&self, file: &mut File) {
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(self.store.as_bytes()));
    }

    fn refuse_other_case(&self, holder: &str) -> Result<(), OpenError> {
        if holder != self.store && holder.eq_ignore_ascii_case(&self.store) {
            return Err(OpenError::CaseConflict { existing: existing_id(holder, &self.store) });
        }
        Ok(())
    }

    /// Tries again until the lock is free, or its time is over.
    fn wait(&self, wait: Duration, goes_on: &dyn Fn() -> bool) -> Result<FileLock, OpenError> {
        let began = Instant::now();
        loop {
            let by = match self.try_take()? {
                Attempt::Taken(lock) => return Ok(lock),
                Attempt::Held(by) => by,
            };
            if began.elapsed() >= by.patience(wait) || !goes_on() {
                return Err(OpenError::InUse { path: self.database.clone() });
            }
            thread::sleep(LOCK_PAUSE);
        }
    }
}

/// The store that a lock's file names.
fn holder(file: &mut File) -> String {
    let mut holder = String::new();
    let read = file.rewind().and_then(|()| file.take(1024).read_to_string(&mut holder));
    read.map(|_| holder).unwrap_or_default()
}

/// Whether the path still names this file.
#[cfg(unix)]
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let mine = file.metadata()?;
    match fs::metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (mine.dev(), mine.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn is_named(_: &File, path: &Path) -> io::Result<bool> {
    fs::exists(path)
}
