//! The stores of a directory: list, ask, delete, restore, import. A store that is open is left alone.

use std::fs;
use std::io::{BufRead, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;
use store_context_runtime::{LoggedEvent, StoreContext, StoreId, StoreKey};

use crate::file;
use crate::lock::FileLock;
use crate::log;
use crate::open::{APPLICATION_ID, make_log};
use crate::settings::Place;
use crate::sqlite::Sqlite;
use crate::stores_error::StoresError;

fn failed(path: &Path, error: impl std::fmt::Display) -> StoresError {
    StoresError::Io { path: path.to_path_buf(), message: error.to_string() }
}

/// What SQLite and this engine keep beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

impl Sqlite {
    fn directory(&self) -> Result<PathBuf, StoresError> {
        match &self.place {
            Place::Directory(directory) => Ok(file::canonical(directory)),
            _ => Err(StoresError::InMemory),
        }
    }

    /// The ids of the stores of a schema that the directory has, sorted. None where there is no directory yet.
    ///
    /// # Errors
    /// When the directory cannot be read, or the stores are in memory.
    pub fn stores<S: StoreContext>(&self) -> Result<Vec<StoreId>, StoresError> {
        let directory = self.directory()?;
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&directory, error)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| failed(&directory, error))?.file_name();
            let id = name
                .to_str()
                .and_then(|name| name.strip_suffix(".db")?.strip_prefix(S::SCHEMA.name)?.strip_prefix('@'));
            ids.extend(id.and_then(|id| id.parse::<StoreId>().ok()));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Whether the directory has this store.
    ///
    /// # Errors
    /// When the directory cannot be read, or the stores are in memory.
    pub fn has<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<bool, StoresError> {
        let path = self.path(key)?;
        path.try_exists().map_err(|error| failed(&path, error))
    }

    fn path<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<PathBuf, StoresError> {
        let store = key.name();
        file::database(&self.directory()?, &store).map_err(|cause| StoresError::Open { store, cause })
    }

    /// The lock of a store that nobody has open, and where its file is.
    async fn lock<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<(PathBuf, FileLock), StoresError> {
        let (path, directory, store) = (self.path(key)?, self.directory()?, key.name());
        let opened = |cause| StoresError::Open { store: store.clone(), cause };
        file::prepare_directory(&directory).map_err(opened)?;
        let lock = FileLock::acquire(&path, self.settings.wait_for_lock).await.map_err(opened)?;
        Ok((path, lock))
    }

    /// The lock of a store that is not there yet.
    async fn lock_new<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<(PathBuf, FileLock), StoresError> {
        // Said before the lock is asked for: whether it is open does not matter then.
        if self.has(key)? {
            return Err(StoresError::Exists { path: self.path(key)? });
        }
        let (path, lock) = self.lock(key).await?;
        // Somebody may have made it meanwhile, and nobody can from here on.
        if path.exists() {
            return Err(StoresError::Exists { path });
        }
        Ok((path, lock))
    }

    /// Deletes a store with all its files. It waits for a close that is under way in this process. The files are removed on
    /// the thread that polls; in an async server, that is one that may wait.
    ///
    /// # Errors
    /// When there is no such store, it is open, or a file cannot be removed.
    pub async fn delete<S: StoreContext>(&self, key: &StoreKey<S>) -> Result<(), StoresError> {
        if !self.has(key)? {
            return Err(StoresError::NotFound { store: key.name(), directory: self.directory()? });
        }
        let (path, lock) = self.lock(key).await?;
        // The log first: without it, what is left is an older state, and never half of a newer one.
        for file in COMPANIONS.map(|suffix| file::beside(&path, suffix)).into_iter().chain([path.clone()]) {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(&file, error)),
                _ => {}
            }
        }
        lock.remove();
        Ok(())
    }

    /// Makes a store of a file that `Store::backup` wrote. The file stays as it is.
    ///
    /// # Errors
    /// When the store is there already, or the file is not a whole backup of a store of this schema.
    pub async fn restore<S: StoreContext>(
        &self,
        key: &StoreKey<S>,
        backup: impl AsRef<Path>,
    ) -> Result<(), StoresError> {
        let (backup, schema) = (backup.as_ref(), S::SCHEMA.name);
        check_backup(backup, schema).map_err(|message| StoresError::NotABackup {
            path: backup.to_path_buf(),
            schema,
            message,
        })?;
        let (path, _lock) = self.lock_new(key).await?;
        file::put(&path, failed, |part| fs::copy(backup, part).map(|_| ()).map_err(|error| failed(part, error)))
    }

    /// Makes a store of the log that `Store::export` wrote: opening it materializes the events. Returns how many there are.
    ///
    /// # Errors
    /// When the store is there already, or a line is not an event. Events that the schema does not know are kept, as ever.
    pub async fn import<S: StoreContext>(&self, key: &StoreKey<S>, from: impl BufRead) -> Result<u64, StoresError> {
        let (path, _lock) = self.lock_new(key).await?;
        let mut count = 0;
        file::put(&path, failed, |part| {
            let events = from.lines().zip(1..).map(|(line, number)| {
                let line = line.map_err(|error| error.to_string());
                let event = line.and_then(|line| LoggedEvent::from_line(&line));
                event.map_err(|message| StoresError::Line { line: number, message })
            });
            count = write_log(part, S::SCHEMA.name, events)?;
            Ok(())
        })?;
        Ok(count)
    }
}

/// Says what is wrong with a backup, if anything is.
fn check_backup(backup: &Path, schema: &str) -> Result<(), String> {
    // SQLite says of a file that is not there no more than that it cannot open it.
    fs::File::open(backup).map_err(|error| error.to_string())?;
    let text = |error: rusqlite::Error| error.to_string();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sqlite = rusqlite::Connection::open_with_flags(backup, flags).map_err(text)?;
    let pragma = |name: &str| sqlite.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).map_err(text);
    if pragma("application_id")? != i64::from(APPLICATION_ID) {
        return Err("it is a database of another program".to_owned());
    }
    let found: Option<String> = log::meta(&sqlite, "schema").map_err(text)?;
    if let Some(found) = found.filter(|found| found != schema) {
        return Err(format!("it is a store of the schema `{found}`"));
    }
    let whole: String = sqlite.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(text)?;
    if whole == "ok" { Ok(()) } else { Err(whole) }
}

/// Writes a database with a log and no tables.
fn write_log(
    path: &Path,
    schema: &str,
    events: impl Iterator<Item = Result<LoggedEvent, StoresError>>,
) -> Result<u64, StoresError> {
    let error = |error: rusqlite::Error| failed(path, error);
    let mut sqlite = rusqlite::Connection::open(path).map_err(error)?;
    let transaction = sqlite.transaction().map_err(error)?;
    make_log(&transaction, schema).map_err(error)?;
    let mut count = 0;
    for event in events {
        let event = event?;
        count += 1;
        let line = |message: rusqlite::Error| StoresError::Line { line: count, message: message.to_string() };
        log::insert_logged(&transaction, &event).map_err(line)?;
    }
    transaction.commit().map_err(error)?;
    sqlite.close().map_err(|(_, cause)| error(cause))?;
    Ok(count)
}
