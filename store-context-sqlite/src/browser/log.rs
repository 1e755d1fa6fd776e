//! [`BrowserLog`]: the log of one store, as one page has it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use js_sys::Array;
use send_wrapper::SendWrapper;
use store_context_runtime::{Done, LoggedEvent, Persistence, SessionError, Uuid};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    BroadcastChannel, Event, EventTarget, IdbCursor, IdbCursorDirection, IdbDatabase, IdbKeyRange, IdbObjectStore,
    IdbTransaction, IdbTransactionMode, IdbVersionChangeEvent, MessageEvent,
};

use crate::browser::database::{self, Database, EVENTS, Missing};
use crate::browser::event_row::{decode, encode, number, read_number};
use crate::browser::failure::Failure;
use crate::browser::images;
use crate::browser::requests::{when_done, when_over};
use crate::replica::shared_log::{Image, LogPage, Rebase, SharedLog, TakeImage};

/// How many events are read at a time: some milliseconds of materializing.
const PAGE: u32 = 256;

type Hint = Arc<dyn Fn(u64) + Send + Sync>;

/// A page has one thread, which the runtime cannot know.
pub(crate) struct BrowserLog(SendWrapper<Rc<Log>>);

struct Log {
    name: String,
    client: Uuid,
    persistence: Persistence,
    /// `None` where the browser closed it: then it is opened again when it is needed.
    connection: RefCell<Option<Connection>>,
    /// Why it is not opened again.
    over: RefCell<Option<SessionError>>,
    /// Tells the other tabs how far the log is.
    channel: Option<BroadcastChannel>,
    listening: RefCell<Option<Listening>>,
}

/// A connection, and what the browser calls when it takes it away.
struct Connection {
    database: IdbDatabase,
    _closed: Closure<dyn FnMut()>,
    _version_changed: Closure<dyn FnMut(IdbVersionChangeEvent)>,
}

/// What the browser calls when there may be more.
struct Listening {
    hint: Hint,
    _message: Closure<dyn FnMut(MessageEvent)>,
    /// A page that comes back from where the browser kept it has missed what was told meanwhile.
    shown: Closure<dyn FnMut(Event)>,
}

impl BrowserLog {
    pub(super) fn new(name: String, opened: Database, persistence: Persistence) -> Self {
        // Without it other tabs hear of a commit when they commit themselves.
        let channel = BroadcastChannel::new(&format!("store-context:{name}")).ok();
        let log = Rc::new(Log {
            name,
            client: opened.client,
            persistence,
            connection: RefCell::default(),
            over: RefCell::default(),
            channel,
            listening: RefCell::default(),
        });
        log.connected(opened.connection);
        Self(SendWrapper::new(log))
    }
}

impl Log {
    fn connected(self: &Rc<Self>, database: IdbDatabase) {
        let (closed, changed) = (Rc::downgrade(self), Rc::downgrade(self));
        let closed = Closure::<dyn FnMut()>::new(move || {
            if let Some(log) = closed.upgrade() {
                log.lose();
            }
        });
        let version_changed = Closure::<dyn FnMut(_)>::new(move |event: IdbVersionChangeEvent| {
            if let Some(log) = changed.upgrade() {
                log.end(event.new_version().is_none());
            }
        });
        database.set_onclose(Some(closed.as_ref().unchecked_ref()));
        database.set_onversionchange(Some(version_changed.as_ref().unchecked_ref()));
        let connection = Connection { database, _closed: closed, _version_changed: version_changed };
        *self.connection.borrow_mut() = Some(connection);
    }

    /// The connection does not work any more.
    fn lose(&self) {
        if let Some(lost) = self.connection.take() {
            lost.database.set_onclose(None);
            lost.database.set_onversionchange(None);
            lost.database.close();
            // One of its closures may be what runs.
            spawn_local(async move { drop(lost) });
        }
    }

    /// The database is deleted, or brought to a newer form, and everybody has to let go of it.
    fn end(&self, is_deleted: bool) {
        let message = if is_deleted {
            format!("the browser's database {:?} was deleted; reload the page", self.name)
        } else {
            format!("a newer version of the application opened {:?}; reload the page", self.name)
        };
        self.over.replace(Some(SessionError::Broken { message }));
        self.lose();
        // Whoever has it finds out at the next step, which comes now.
        self.hint(u64::MAX);
    }

    fn hint(&self, head: u64) {
        let hint = self.listening.borrow().as_ref().map(|listening| Arc::clone(&listening.hint));
        if let Some(hint) = hint {
            hint(head);
        }
    }

    fn begin(&self, mode: IdbTransactionMode) -> Option<IdbTransaction> {
        let database = self.connection.borrow().as_ref()?.database.clone();
        let begun = database::transaction(&database, EVENTS, mode);
        if begun.is_err() {
            self.lose();
        }
        begun.ok()
    }

    /// Begins a transaction, at once or on a new connection, where the browser closed the one that there was.
    fn transaction(
        self: &Rc<Self>,
        mode: IdbTransactionMode,
        then: impl FnOnce(Result<IdbTransaction, SessionError>) + 'static,
    ) {
        if let Some(transaction) = self.begin(mode) {
            return then(Ok(transaction));
        }
        let log = Rc::clone(self);
        spawn_local(async move {
            let again = log.reconnect().await;
            let lost = || Failure::of(None).session_error();
            then(again.and_then(|()| log.begin(mode).ok_or_else(lost)));
        });
    }

    async fn reconnect(self: &Rc<Self>) -> Result<(), SessionError> {
        if let Some(over) = &*self.over.borrow() {
            return Err(over.clone());
        }
        match database::open(&self.name, None).await {
            Ok(opened) if opened.client == self.client => {
                self.connected(opened.connection);
                return Ok(());
            }
            Ok(other) => other.connection.close(),
            Err(Missing::Absent) => {}
            Err(Missing::Failed(failure)) => return Err(failure.session_error()),
            Err(Missing::Newer(_)) => {
                self.end(false);
                return self.over.borrow().clone().map_or(Ok(()), Err);
            }
            Err(Missing::Nowhere(_)) => return Err(Failure::of(None).session_error()),
        }
        // What is there now is another log than the one that this state is of.
        self.end(true);
        self.over.borrow().clone().map_or(Ok(()), Err)
    }

    /// A connection for what may fail without harm.
    async fn connection(self: &Rc<Self>) -> Option<IdbDatabase> {
        if self.connection.borrow().is_none() {
            self.reconnect().await.ok()?;
        }
        self.connection.borrow().as_ref().map(|connection| connection.database.clone())
    }

    /// What a transaction met with.
    fn failed(&self, failure: &Failure) -> SessionError {
        if failure.is_of_connection() {
            self.lose();
        }
        failure.session_error()
    }
}

fn after(sequence: u64) -> Result<JsValue, JsValue> {
    IdbKeyRange::lower_bound_with_open(&number(sequence), true).map(JsValue::from)
}

fn events(rows: &JsValue) -> Result<Vec<LoggedEvent>, SessionError> {
    let rows = Array::from(rows);
    rows.iter().map(|row| decode(&row).map_err(|message| SessionError::Corrupt { message })).collect()
}

/// Appends an event. Of a slot's events only the latest stays.
fn append(store: &IdbObjectStore, event: &LoggedEvent) -> Result<(), JsValue> {
    let Some(slot) = event.slot() else { return store.add(&encode(event, None)?).map(|_| ()) };
    let row = encode(event, Some(&slot))?;
    let older = store.index("slot")?.get_key(&slot.into())?;
    let store = store.clone();
    when_done(&older, move |key| {
        // What fails here fails the transaction.
        if let Ok(key) = key
            && (key.is_undefined() || store.delete(&key).is_ok())
            && store.add(&row).is_err()
        {
            _ = store.transaction().abort();
        }
    });
    Ok(())
}

impl SharedLog for BrowserLog {
    fn client(&self) -> Option<Uuid> {
        Some(self.0.client)
    }

    fn persistence(&self) -> Persistence {
        self.0.persistence
    }

    fn read(&self, from: u64, done: Done<LogPage>) {
        let log = Rc::clone(&self.0);
        self.0.transaction(IdbTransactionMode::Readonly, move |begun| {
            let transaction = match begun {
                Ok(transaction) => transaction,
                Err(error) => return done(Err(error)),
            };
            let found = Rc::new(Cell::new((JsValue::UNDEFINED, JsValue::UNDEFINED)));
            let asks = || -> Result<(), JsValue> {
                let store = transaction.object_store(EVENTS)?;
                let page = store.get_all_with_key_and_limit(&after(from)?, PAGE)?;
                let last = store.open_key_cursor_with_range_and_direction(&JsValue::NULL, IdbCursorDirection::Prev)?;
                let rows = Rc::clone(&found);
                when_done(&page, move |page| rows.set((page.unwrap_or(JsValue::UNDEFINED), JsValue::UNDEFINED)));
                let head = Rc::clone(&found);
                when_done(&last, move |last| head.set((head.take().0, last.unwrap_or(JsValue::UNDEFINED))));
                Ok(())
            };
            if asks().is_err() {
                _ = transaction.abort();
            }
            when_over(&transaction, move |over| {
                done(over.map_err(|failure| log.failed(&failure)).and_then(|()| {
                    let (rows, last) = found.take();
                    let last = last.dyn_into::<IdbCursor>().ok().and_then(|last| last.key().ok());
                    let head = last.and_then(|key| read_number(&key)).unwrap_or(0);
                    Ok(LogPage { events: events(&rows)?, head })
                }));
            });
        });
    }

    fn exchange(&self, from: u64, rebase: Rebase, done: Done<()>) {
        let log = Rc::clone(&self.0);
        self.0.transaction(IdbTransactionMode::Readwrite, move |begun| {
            let transaction = match begun {
                Ok(transaction) => transaction,
                Err(error) => return done(Err(error)),
            };
            // What went wrong on this side, and how far the log is if nothing did.
            let (wrong, reached) = (Rc::new(RefCell::new(None)), Rc::new(Cell::new(0)));
            let (told, reaches) = (Rc::clone(&wrong), Rc::clone(&reached));
            let exchanges = || -> Result<(), JsValue> {
                let store = transaction.object_store(EVENTS)?;
                let others = store.get_all_with_key(&after(from)?)?;
                let writes = transaction.clone();
                when_done(&others, move |others| {
                    // A failed request aborts its transaction by itself.
                    let Ok(others) = others else { return };
                    let exchanged = events(&others).and_then(|others| {
                        let appended = rebase(others);
                        reaches.set(appended.last().map_or(0, |event| event.meta.sequence));
                        let append = |event| append(&store, event);
                        appended.iter().try_for_each(append).map_err(|thrown| Failure::from(thrown).session_error())
                    });
                    if let Err(error) = exchanged {
                        told.replace(Some(error));
                        _ = writes.abort();
                    }
                });
                Ok(())
            };
            if exchanges().is_err() {
                _ = transaction.abort();
            }
            when_over(&transaction, move |over| {
                let over = match (over, wrong.take()) {
                    (_, Some(error)) => Err(error),
                    (Err(failure), None) => Err(log.failed(&failure)),
                    (Ok(()), None) => Ok(()),
                };
                if let (Ok(()), Some(channel), head @ 1..) = (&over, &log.channel, reached.get()) {
                    _ = channel.post_message(&number(head));
                }
                done(over);
            });
        });
    }

    fn listen(&self, hint: Hint) {
        let told = Arc::clone(&hint);
        let message = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
            if let Some(head) = read_number(&event.data()) {
                told(head);
            }
        });
        if let Some(channel) = &self.0.channel {
            channel.set_onmessage(Some(message.as_ref().unchecked_ref()));
        }
        let told = Arc::clone(&hint);
        let shown = Closure::<dyn FnMut(_)>::new(move |_: Event| told(u64::MAX));
        let page: EventTarget = js_sys::global().unchecked_into();
        _ = page.add_event_listener_with_callback("pageshow", shown.as_ref().unchecked_ref());
        self.0.listening.replace(Some(Listening { hint, _message: message, shown }));
        if self.0.over.borrow().is_some() {
            self.0.hint(u64::MAX);
        }
    }

    fn image(&self, schema_hash: u64) -> BoxFuture<'static, Option<Image>> {
        let log = Rc::clone(&self.0);
        let read = async move {
            let connection = log.connection().await?;
            match images::read(&connection, schema_hash).await {
                Ok(image) => image,
                Err(failure) => {
                    tracing::warn!(database = log.name, ?failure, "an image of the state could not be read");
                    None
                }
            }
        };
        SendWrapper::new(read).boxed()
    }

    fn keep_image(&self, schema_hash: u64, take: TakeImage) {
        let (log, name) = (Rc::downgrade(&self.0), self.0.name.clone());
        spawn_local(async move {
            let connection = async move || log.upgrade()?.connection().await;
            if let Err(failure) = images::keep(connection, schema_hash, take).await {
                tracing::warn!(database = name, ?failure, "an image of the state could not be kept");
            }
        });
    }

    fn drop_image(&self, schema_hash: u64) {
        let log = Rc::clone(&self.0);
        spawn_local(async move {
            if let Some(connection) = log.connection().await
                && let Err(failure) = images::delete(&connection, schema_hash).await
            {
                tracing::warn!(database = log.name, ?failure, "an image of the state could not be deleted");
            }
        });
    }

    fn close(&self, done: Done<()>) {
        let log = &self.0;
        if let Some(channel) = &log.channel {
            channel.close();
        }
        if let Some(Listening { hint: _, _message, shown }) = log.listening.take() {
            let page: EventTarget = js_sys::global().unchecked_into();
            _ = page.remove_event_listener_with_callback("pageshow", shown.as_ref().unchecked_ref());
            // The closures may be what runs.
            spawn_local(async move { drop((_message, shown)) });
        }
        log.over.replace(Some(SessionError::Closed));
        log.lose();
        done(Ok(()));
    }
}
