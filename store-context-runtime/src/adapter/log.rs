//! The log's events: [`LoggedEvent`] as it is kept, [`NewEvent`] as it is appended.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::host::clock;
use crate::schema::document;
use crate::schema::event::{self, Event, EventError};

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

/// An event as a line of an exported log.
#[derive(Serialize, Deserialize)]
struct Line<N, A> {
    sequence: u64,
    parent: u64,
    id: Uuid,
    unix_ms: i64,
    client: Uuid,
    session: Uuid,
    name: N,
    arguments: A,
}

impl LoggedEvent {
    /// The event of an enum: what a store of a schema with these events materializes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = example();
    /// let first: ProjectEvent = store.events(1..)?[0].decode()?;
    /// assert!(matches!(first, ProjectEvent::IssueCreated { id, .. } if id == "1"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no variant has its name, or its arguments do not decode. A change of a client document is an event of the
    /// library's own, which no enum has.
    pub fn decode<E: Event>(&self) -> Result<E, EventError> {
        event::decode(&self.name, &self.arguments)
    }

    /// The event as one line of JSON: what [`from_line`](Self::from_line) reads.
    #[must_use]
    pub fn to_line(&self) -> String {
        let EventMeta { sequence, parent, id, unix_ms, client, session } = self.meta;
        let arguments = serde_json::from_str::<&RawValue>(&self.arguments);
        let line = arguments.and_then(|arguments| {
            let name = &self.name;
            serde_json::to_string(&Line { sequence, parent, id, unix_ms, client, session, name, arguments })
        });
        // The log holds JSON alone: the engine takes nothing else.
        line.unwrap_or_default()
    }

    /// The event of a line that [`to_line`](Self::to_line) wrote.
    ///
    /// # Errors
    /// Says what is wrong with the line.
    pub fn from_line(line: &str) -> Result<Self, String> {
        let Line { sequence, parent, id, unix_ms, client, session, name, arguments }: Line<String, Box<RawValue>> =
            serde_json::from_str(line).map_err(|error| error.to_string())?;
        let meta = EventMeta { sequence, parent, id, unix_ms, client, session };
        Ok(Self { meta, name, arguments: arguments.get().to_owned() })
    }

    /// For an event of which only the latest is kept: what it is the latest of.
    #[must_use]
    pub fn slot(&self) -> Option<String> {
        document::slot_of(&self.name, &self.arguments)
    }
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
