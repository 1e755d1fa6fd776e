//! The lock: a file beside the manifest that records what the log's events look like, and refuses a change of the
//! code that could not read them.
//!
//! Each derive that names a file compares its own blocks, or replaces them and keeps the others'. The generated code
//! mentions the file and the variable, so that a change of either compiles anew.

mod reader;
mod text;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

pub(crate) use reader::Reader;
pub(crate) use text::{Block, Field, Form, Owner, Text};

use crate::errors::Errors;

/// The package whose locks are written, in place of being compared.
const VARIABLE: &str = "STORE_CONTEXT_EVENTS_LOCK";

/// A lock, as messages speak of it.
pub(crate) struct Lock<'a> {
    /// The path as the user wrote it.
    pub(crate) file: String,
    /// What records today's code.
    pub(crate) command: String,
    pub(crate) owner: &'a Owner,
}

/// Compares the owner's blocks with those of the file, or records them. Returns what the generated code needs.
pub(crate) fn hold(
    at: &LitStr,
    owner: &Owner,
    errors: &mut Errors,
    record: impl FnOnce(&[Block]) -> Vec<Block>,
    compare: impl FnOnce(&[Block], &Lock<'_>, &mut Errors),
) -> TokenStream {
    let (Some(manifest), Ok(package)) = (std::env::var_os("CARGO_MANIFEST_DIR"), std::env::var("CARGO_PKG_NAME"))
    else {
        errors.push(at, "the lock is looked for beside the manifest that cargo compiles; compile with cargo");
        return TokenStream::new();
    };
    let path = Path::new(&manifest).join(at.value());
    let lock = Lock { file: at.value(), command: format!("{VARIABLE}={package} cargo check"), owner };
    let held = if std::env::var(VARIABLE).is_ok_and(|value| value == package) {
        write(&path, owner, record).map_err(|error| format!("`{}` cannot be written: {error}", lock.file))
    } else {
        read(&path, &lock).and_then(|text| match text.blocks(owner) {
            Some(blocks) => {
                compare(blocks, &lock, errors);
                Ok(())
            }
            None => Err(lock.without_owner()),
        })
    };
    if let Err(message) = held {
        errors.push(at, message);
    }
    let variable = quote!(
        const _: ::core::option::Option<&::core::primitive::str> = ::core::option_env!(#VARIABLE);
    );
    match path.to_str().filter(|_| path.is_file()) {
        Some(path) => quote!(#variable const _: &::core::primitive::str = ::core::include_str!(#path);),
        None => variable,
    }
}

impl Lock<'_> {
    fn without_owner(&self) -> String {
        let (header, of) = match self.owner {
            Owner::Enum(name) => (format!("enum {name}"), "enum"),
            Owner::Column(name) => (format!("column {name}"), "type"),
        };
        format!(
            "`{}` has no `{header}`; where the {of} was renamed, rename it there too, otherwise record it with `{}`",
            self.file, self.command
        )
    }
}

fn read(path: &Path, lock: &Lock<'_>) -> Result<Text, String> {
    let Lock { file, command, .. } = lock;
    match fs::read_to_string(path) {
        Ok(text) => Text::parse(&text).map_err(|wrong| format!("`{file}` does not read: {wrong}")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(format!("there is no `{file}` beside the manifest; write it with `{command}`"))
        }
        Err(error) => Err(format!("`{file}` cannot be read: {error}")),
    }
}

/// Replaces the owner's blocks. Other targets of the package may do the same at the same time.
fn write(path: &PathBuf, owner: &Owner, record: impl FnOnce(&[Block]) -> Vec<Block>) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
    // A file system without locks has to do without.
    let _ = file.lock();
    let mut before = String::new();
    file.read_to_string(&mut before)?;
    let mut text = match before.trim().is_empty() {
        true => Text::default(),
        false => Text::parse(&before).map_err(io::Error::other)?,
    };
    let blocks = record(text.blocks(owner).unwrap_or_default());
    text.replace(owner.clone(), blocks);
    let after = text.to_string();
    if after != before {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(after.as_bytes())?;
    }
    Ok(())
}
