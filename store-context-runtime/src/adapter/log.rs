//! The log's events: [`LoggedEvent`] as it is kept, [`NewEvent`] as it is appended.

use uuid::Uuid;

use crate::host::clock;

/// An event of the log.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// Sequence number, time, origin.
    pub meta: EventMeta,
    /// Its name.
    pub name: String,
    /// Its arguments, JSON.
    pub arguments: String,
}

/// An event to append.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// Identifies the event everywhere.
    pub id: Uuid,
    /// Its name.
    pub name: &'a str,
    /// Its arguments, JSON.
    pub arguments: &'a str,
    /// When it is committed, in milliseconds since the Unix epoch.
    pub unix_ms: i64,
    /// For an event that never leaves this client and of which only the latest is kept: what it is the latest of.
    pub slot: Option<&'a str>,
}

impl<'a> NewEvent<'a> {
    /// An event that is committed at this time.
    pub(crate) fn at(unix_ms: i64, name: &'a str, arguments: &'a str, slot: Option<&'a str>) -> Self {
        Self { id: clock::new_id(unix_ms), name, arguments, unix_ms, slot }
    }
}

/// What the log knows of an event besides its name and arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventMeta {
    /// The position in the log, from 1.
    pub sequence: u64,
    /// The sequence number of the shared event before it, 0 for the first.
    pub parent: u64,
    /// Identifies the event everywhere.
    pub id: Uuid,
    /// When it was committed, in milliseconds since the Unix epoch.
    pub unix_ms: i64,
    /// The client that committed it.
    pub client: Uuid,
    /// The session that committed it: one opening of a store.
    pub session: Uuid,
}
