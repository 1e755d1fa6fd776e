//! [`serve`]: the routes, and the order in which a server ends.

use std::{error::Error, sync::Arc, time::Duration};

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::{Json, Router, body::Body, http::StatusCode, response::IntoResponse, routing::get, routing::put};
use futures::{FutureExt, StreamExt, executor::block_on, stream};
use store_context::prelude::*;
use tokio::sync::{RwLock, watch};
use tokio::{fs::File, net::TcpListener, task::spawn_blocking, time::sleep};
use tokio_util::io::ReaderStream;

use crate::problem::Problem;
use crate::tenant::{Note, Tenant, TenantEvent, TenantKey, TenantProvider, TenantStore};

#[derive(Clone)]
struct Server {
    registry: StoreRegistry,
    data: Sqlite,
    /// Written while a tenant is made or deleted, read while one is opened.
    tenants: Arc<RwLock<()>>,
    stopping: watch::Receiver<bool>,
}

/// Serves until `asked` ends. When this returns, all files are closed, with every commit that was acknowledged.
pub(crate) async fn serve(
    listener: TcpListener,
    registry: StoreRegistry,
    data: Sqlite,
    asked: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (stop, stopping) = watch::channel(false);
    let server = Server { registry: registry.clone(), data, tenants: Arc::default(), stopping: stopping.clone() };
    let routes = Router::new()
        .route("/tenants", get(list))
        .route("/tenants/{id}", put(create).delete(delete))
        .route("/tenants/{id}/notes", get(notes).post(take_note))
        .route("/tenants/{id}/live", get(live))
        .route("/tenants/{id}/backup", get(backup))
        .with_state(server);
    // No new connections and the end of live ones; then the requests that are under way; the stores last.
    let asked = asked.map(move |()| _ = stop.send(true));
    tokio::select! {
        served = axum::serve(listener, routes).with_graceful_shutdown(asked).into_future() => served?,
        () = stopped(stopping).then(|()| sleep(Duration::from_secs(10))) => eprintln!("slow requests were cut off"),
    }
    Ok(registry.dispose().await?)
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
}

type Answer<T> = Result<T, Problem>;

/// Runs what waits for a disk or a lock on a thread that may wait.
async fn blocking<T: Send + 'static, E: Into<Problem> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Answer<T> {
    spawn_blocking(work).await?.map_err(Into::into)
}

/// The key of a tenant in an address. An id cannot leave the directory; in lower case, no two are one file.
fn key(id: &str) -> Answer<TenantKey> {
    match id.contains(|c: char| c.is_ascii_uppercase()) {
        true => Err(Problem(StatusCode::BAD_REQUEST, "the id of a tenant has no capital letters".to_owned())),
        false => Ok(id.parse()?),
    }
}

/// The store, which stays open as long as somebody has the handle, and for the cache time after that.
async fn open(server: Server, id: &str) -> Answer<TenantStore> {
    let (key, _nobody_deletes) = (key(id)?, server.tenants.clone().read_owned().await);
    let provider = TenantProvider::new().adapter(server.data.existing_only()).store_id(key.name().id);
    let mounted = blocking(move || provider.mount(&server.registry)).await?;
    // Without another load, the next request would get the same error. That a tenant is not there is not kept.
    let again = |error: &StoreError| error.is_retryable().then(|| mounted.retry());
    Ok(mounted.store().await.inspect_err(|error| _ = again(error))?)
}

async fn list(State(server): State<Server>) -> Answer<Json<Vec<String>>> {
    let ids = blocking(move || server.data.stores::<Tenant>()).await?;
    Ok(Json(ids.iter().map(ToString::to_string).collect()))
}

async fn create(State(server): State<Server>, Path(id): Path<String>) -> Answer<StatusCode> {
    let (key, _alone) = (key(&id)?, server.tenants.write().await);
    let provider = TenantProvider::new().adapter(server.data.clone()).store_id(key.name().id);
    provider.mount(&server.registry)?.store().await?;
    Ok(StatusCode::CREATED)
}

async fn delete(State(server): State<Server>, Path(id): Path<String>) -> Answer<StatusCode> {
    let (key, alone) = (key(&id)?, server.tenants.write_owned().await);
    if let Some(mounted) = server.registry.try_get(&key) {
        let _ = mounted.shutdown().await; // One that did not open cannot be shut down, and can be deleted.
    }
    // The guard goes along, since a client that hangs up ends this function, and not what it began.
    blocking(move || (block_on(server.data.delete(&key)), alone).0).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn notes(State(server): State<Server>, Path(id): Path<String>) -> Answer<Json<Vec<Note>>> {
    let store = open(server, &id).await?;
    let notes = blocking(move || store.notes().order_by(|n| n.id.asc()).get()).await?;
    Ok(Json(notes.to_vec()))
}

async fn take_note(State(server): State<Server>, Path(id): Path<String>, Json(note): Json<Note>) -> Answer<StatusCode> {
    let store = open(server, &id).await?;
    blocking(move || store.commit(TenantEvent::NoteTaken { id: note.id, text: note.text })).await?;
    Ok(StatusCode::CREATED)
}

/// How many notes there are, now and whenever that changes. A slow client misses numbers, and never the last one.
async fn live(State(server): State<Server>, Path(id): Path<String>) -> Answer<impl IntoResponse> {
    let (stopping, store) = (server.stopping.clone(), open(server, &id).await?);
    let (sender, counts) = watch::channel(None);
    let count = store.notes().count();
    // The last call gives an error: the store has ended, and so does the stream.
    let live = blocking(move || count.subscribe_now(move |count| _ = sender.send(count.ok()))).await?;
    // A subscription holds nothing: the handle keeps the store open.
    let events = stream::unfold((counts, live, store), async |(mut counts, live, store)| {
        counts.changed().await.ok()?;
        let event = Event::default().data((*counts.borrow_and_update())?.to_string());
        Some((Ok::<_, StoreError>(event), (counts, live, store)))
    });
    Ok(Sse::new(events.take_until(stopped(stopping))).keep_alive(KeepAlive::default()))
}

async fn backup(State(server): State<Server>, Path(id): Path<String>) -> Answer<impl IntoResponse> {
    let store = open(server, &id).await?;
    let folder = blocking(tempfile::tempdir).await?;
    let (path, copy) = (folder.path().join("copy.db"), folder.path().join("copy.db"));
    blocking(move || store.backup(path)).await?;
    let file = File::open(copy).await?;
    // The stream owns the folder, which is removed with it.
    Ok(Body::from_stream(ReaderStream::new(file).inspect(move |_| _ = &folder)))
}
