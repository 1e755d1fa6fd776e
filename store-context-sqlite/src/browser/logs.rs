//! [`BrowserLogs`]: the logs of an application.

use std::path::PathBuf;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use js_sys::{Promise, Reflect};
use send_wrapper::SendWrapper;
use store_context_runtime::{AdapterIdentity, OpenError, OpenRequest, Persistence, SessionError, StoreName};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

use crate::browser::database::{self, FORMAT, Missing, New};
use crate::browser::log::BrowserLog;
use crate::replica::shared_log::{OpenedLog, SharedLogs};

/// The logs of one application in a browser's IndexedDB.
#[derive(Clone, Debug)]
pub(crate) struct BrowserLogs {
    application: Arc<str>,
}

impl BrowserLogs {
    pub(crate) fn new(application: Arc<str>) -> Self {
        Self { application }
    }

    /// The name of a store's database.
    pub(super) fn database(&self, store: &StoreName) -> String {
        format!("{}/{store}", self.application)
    }
}

impl SharedLogs for BrowserLogs {
    fn identity(&self) -> AdapterIdentity {
        AdapterIdentity::new(format!("the browser's storage of {:?}", self.application))
    }

    fn open(&self, request: OpenRequest) -> BoxFuture<'static, Result<OpenedLog, OpenError>> {
        // A page has one thread, which the runtime cannot know.
        SendWrapper::new(open(self.database(&request.store), request)).boxed()
    }
}

async fn open(name: String, request: OpenRequest) -> Result<OpenedLog, OpenError> {
    let new = New { schema: request.schema.name, client: request.session, events: Vec::new() };
    match database::open(&name, Some(new)).await {
        Ok(opened) if opened.schema != request.schema.name => {
            opened.connection.close();
            Err(OpenError::OtherSchema { path: name.into(), found: opened.schema })
        }
        Ok(opened) => Ok(OpenedLog::Found(Arc::new(BrowserLog::new(name, opened, persistence().await)))),
        Err(Missing::Nowhere(reason)) => Ok(OpenedLog::Nowhere(reason)),
        Err(missing) => Err(open_error(name, missing)),
    }
}

/// Why a database cannot be opened.
pub(super) fn open_error(name: String, missing: Missing) -> OpenError {
    let path = PathBuf::from(&name);
    match missing {
        Missing::Absent => OpenError::NotFound { path },
        Missing::Newer(found) => OpenError::NewerFormat { path, found, supported: FORMAT.into() },
        Missing::Nowhere(_) => {
            OpenError::Inaccessible { path, message: "the browser gives this page no storage".to_owned() }
        }
        Missing::Failed(failure) if failure.name == "DataError" => {
            OpenError::Damaged { path, message: failure.message }
        }
        Missing::Failed(failure) => OpenError::Session(SessionError::Disk {
            message: format!("the browser does not open its database {name:?}: {}: {}", failure.name, failure.message),
        }),
    }
}

/// Whether the browser promised to keep what this site has.
async fn persistence() -> Persistence {
    let persisted = async || -> Result<JsValue, JsValue> {
        let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
        let storage = Reflect::get(&navigator, &"storage".into())?.dyn_into::<StorageManager>()?;
        JsFuture::from(Promise::from(storage.persisted()?)).await
    };
    match persisted().await.is_ok_and(|persisted| persisted.is_truthy()) {
        true => Persistence::Persistent,
        false => Persistence::Evictable,
    }
}
