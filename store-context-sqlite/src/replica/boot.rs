//! Bringing a replica to where its log is: from an image of the state, where there is one, and the log behind it.

use std::path::PathBuf;
use std::sync::Arc;

use futures::channel::oneshot;
use rusqlite::backup::Backup;
use store_context_runtime::{BootReport, BootStatus, OpenError, OpenRequest, Opened, SessionError, SkippedEvent};

use crate::error::open_error;
use crate::log;
use crate::open::{in_memory, prepare, refuse_unknown_log};
use crate::replica::outbox::{Outbox, ReplayError};
use crate::replica::session::{self, KeptImage};
use crate::replica::session_documents::SessionDocuments;
use crate::replica::shared_log::{Image, LogPage, SharedLog};
use crate::settings::Settings;

/// The state as it is before the log is read.
struct Start {
    outbox: Outbox,
    replayed: u64,
    image: KeptImage,
}

pub(crate) async fn open(
    log: Arc<dyn SharedLog>,
    settings: Settings,
    request: &OpenRequest,
) -> Result<Opened, OpenError> {
    (request.progress)(BootStatus::Kept(log.persistence()));
    let mut start = match from_image(&*log, settings, request).await {
        Some(start) => start,
        None => afresh(&*log, settings, request)?,
    };
    let mut page = read(&*log, start.outbox.head()).await?;
    if page.head < start.outbox.head() {
        tracing::warn!(store = %request.store, "an image of the state is newer than its log, and is thrown away");
        log.drop_image(request.schema_hash);
        start = afresh(&*log, settings, request)?;
        page = read(&*log, 0).await?;
    }
    let Start { mut outbox, mut replayed, image } = start;
    while !page.events.is_empty() {
        (request.progress)(BootStatus::Replaying { done: outbox.head(), total: page.head });
        if let Some(message) = request.replay.cancelled() {
            let (sequence, event) = (outbox.head(), String::new());
            return Err(OpenError::Replay { sequence, event, message });
        }
        replayed += page.events.len() as u64;
        outbox.rebase(&*request.replay, page.events).map_err(ReplayError::at_opening)?;
        page = read(&*log, outbox.head()).await?;
    }
    let sqlite = &outbox.connection.sqlite;
    refuse_unknown_log(sqlite, &PathBuf::from(request.store.to_string()), request)?;
    let report = BootReport { replayed, skipped: skipped(sqlite).map_err(|error| open_error(&error, None))? };
    let persistence = log.persistence();
    let session = session::run(outbox, log, image, request);
    Ok(Opened { session: Box::new(session), report, persistence })
}

fn skipped(sqlite: &rusqlite::Connection) -> rusqlite::Result<Vec<SkippedEvent>> {
    Ok(log::left_out(sqlite)?.into_iter().map(|left_out| left_out.event).collect())
}

async fn read(log: &dyn SharedLog, after: u64) -> Result<LogPage, OpenError> {
    let (sender, page) = oneshot::channel();
    log.read(after, Box::new(move |page| _ = sender.send(page)));
    page.await.unwrap_or(Err(SessionError::Closed)).map_err(OpenError::Session)
}

fn afresh(log: &dyn SharedLog, settings: Settings, request: &OpenRequest) -> Result<Start, OpenError> {
    let (mut writer, _) = prepare(in_memory(settings, request)?, request, settings.durability, None)?;
    if let Some(client) = log.client() {
        log::set_meta(&writer.connection.sqlite, "client", client.as_bytes())
            .map_err(|error| open_error(&error, None))?;
        writer.end.client = client;
    }
    let outbox = Outbox::new(writer.connection, SessionDocuments::of(request.schema), writer.end);
    Ok(Start { outbox, replayed: 0, image: KeptImage::default() })
}

/// An image saves time, and is no reason not to open.
async fn from_image(log: &dyn SharedLog, settings: Settings, request: &OpenRequest) -> Option<Start> {
    let image = log.image(request.schema_hash).await?;
    match taken_up(&image, settings, request) {
        Ok(start) => Some(start),
        Err(error) => {
            tracing::warn!(store = %request.store, %error, "an image of the state is damaged, and is thrown away");
            log.drop_image(request.schema_hash);
            None
        }
    }
}

fn taken_up(image: &Image, settings: Settings, request: &OpenRequest) -> Result<Start, OpenError> {
    let sqlite = in_memory_of(image).map_err(|error| open_error(&error, None))?;
    let connection = settings.connect(sqlite, request.schema).map_err(|error| open_error(&error, None))?;
    let (writer, report) = prepare(connection, request, settings.durability, None)?;
    if writer.end.sequence != image.head {
        let message = format!("it ends at event {}, and not {}", writer.end.sequence, image.head);
        return Err(OpenError::Session(SessionError::Corrupt { message }));
    }
    let outbox = Outbox::new(writer.connection, SessionDocuments::of(request.schema), writer.end);
    Ok(Start { outbox, replayed: report.replayed, image: KeptImage::of(image) })
}

/// Copied out of the bytes: SQLite writes to a database of its own twice as fast as to one that it was given.
fn in_memory_of(image: &Image) -> rusqlite::Result<rusqlite::Connection> {
    let mut given = rusqlite::Connection::open_in_memory()?;
    given.deserialize_read_exact("main", &*image.bytes, image.bytes.len(), true)?;
    let mut sqlite = rusqlite::Connection::open_in_memory()?;
    let copied = Backup::new(&given, &mut sqlite)?.step(-1)?;
    debug_assert_eq!(copied, rusqlite::backup::StepResult::Done);
    Ok(sqlite)
}
