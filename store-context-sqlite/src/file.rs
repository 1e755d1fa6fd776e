//! Where a store's file is, and whether it is one.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use store_context_runtime::{OpenError, SessionError, StoreName};

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

/// What the system says of a file or directory.
pub(crate) fn io_error(path: &Path, error: &io::Error) -> OpenError {
    let (path, message) = (path.to_path_buf(), error.to_string());
    // Input or output failed; `ErrorKind` has no name for it.
    const EIO: i32 = 5;
    match error.kind() {
        _ if is_out_of_descriptors(error) => OpenError::TooManyOpenFiles { path, message },
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => OpenError::Session(SessionError::Disk { message }),
        _ if cfg!(unix) && error.raw_os_error() == Some(EIO) => OpenError::Session(SessionError::Disk { message }),
        _ => OpenError::Inaccessible { path, message },
    }
}

/// Whether the process, or the system, has as many files open as it may: ENFILE and EMFILE, or Windows' name for it.
fn is_out_of_descriptors(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(23 | 24) => cfg!(unix),
        Some(4) => cfg!(windows),
        _ => false,
    }
}

/// Whether no more files can be opened. SQLite does not tell it from other reasons why a file cannot be opened.
pub(crate) fn are_too_many_open() -> bool {
    /// The database, its log, its index, and what SQLite opens for a moment.
    const NEEDED: usize = 4;
    let open = |_| File::open(if cfg!(windows) { "NUL" } else { "/dev/null" });
    // All at once: one after the other would be the same descriptor.
    let opened: Vec<_> = (0..NEEDED).map(open).collect();
    opened.iter().any(|opened| opened.as_ref().is_err_and(is_out_of_descriptors))
}

/// Makes the directory where it is missing.
pub(crate) fn prepare_directory(directory: &Path) -> Result<(), OpenError> {
    if directory.is_file() {
        return Err(OpenError::NotADirectory { path: directory.to_path_buf() });
    }
    let missing: Vec<_> = directory.ancestors().take_while(|path| !path.exists()).collect();
    fs::create_dir_all(directory).map_err(|error| io_error(directory, &error))?;
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
        return path.canonicalize().map_err(|error| io_error(&path, &error));
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
            file.take(HEADER as u64).read_to_end(&mut header).map_err(|error| io_error(path, &error))?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io_error(path, &error)),
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
    fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// What stands beside a file: its name with more after it.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Writes a file beside its place, and moves it there when it is whole. Nothing is left of one that failed.
pub(crate) fn put<E>(
    path: &Path,
    failed: impl FnOnce(&Path, io::Error) -> E,
    write: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let part = beside(path, ".part");
    let _ = fs::remove_file(&part);
    let written = write(&part).and_then(|()| {
        let synced = File::open(&part).and_then(|file| file.sync_all());
        synced.and_then(|()| fs::rename(&part, path)).map_err(|error| failed(&part, error))
    });
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

/// Refuses a database beside which stands one that a file system may confuse with it: its id differs only in case.
pub(crate) fn refuse_other_case(database: &Path) -> Result<(), OpenError> {
    let directory = database.parent().unwrap_or(Path::new("."));
    let wanted = database.file_name().unwrap_or_default().to_string_lossy();
    let entries = fs::read_dir(directory).map_err(|error| io_error(directory, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| io_error(directory, &error))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name != wanted && name.eq_ignore_ascii_case(&wanted) {
            let stem = |name: &str| name[..name.len() - ".db".len()].to_owned();
            return Err(OpenError::CaseConflict { existing: existing_id(&stem(&name), &stem(&wanted)) });
        }
    }
    Ok(())
}

/// How an error calls a store that differs from another only in case: by its id, or by its whole name where the schemas
/// differ too.
pub(crate) fn existing_id(existing: &str, wanted: &str) -> String {
    match (existing.rsplit_once('@'), wanted.rsplit_once('@')) {
        (Some((schema, id)), Some((wanted, _))) if schema == wanted => id.to_owned(),
        _ => existing.to_owned(),
    }
}
