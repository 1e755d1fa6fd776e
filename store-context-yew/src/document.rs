//! [`use_client_document`]: a client document's value and its setter.

use std::fmt;

use store_context_runtime::{Document, DocumentHandle, LiveDocument, Mounted, StoreContext, StoreError};
use yew::prelude::*;

use crate::changes;
use crate::provider::use_scope;

/// The document of the store that is mounted.
struct Opened<S: StoreContext, T: Document> {
    mounted: Option<Mounted<S>>,
    document: Result<LiveDocument<S, T>, StoreError>,
}

/// Writes a client document.
///
/// What is written before the store runs is shown at once, and committed in order when the store runs.
pub struct DocumentSetter<S: StoreContext, T: Document> {
    document: Result<LiveDocument<S, T>, StoreError>,
}

impl<S: StoreContext, T: Document> Clone for DocumentSetter<S, T> {
    fn clone(&self) -> Self {
        Self { document: self.document.clone() }
    }
}

impl<S: StoreContext, T: Document> fmt::Debug for DocumentSetter<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DocumentSetter").field(&T::NAME).finish()
    }
}

/// A client document of the nearest store of the schema `S`: its value, and its setter.
///
/// While the store does not run, the value is the default with what was written meanwhile. It does not suspend: what is
/// typed while the store loads is not lost. `document` is asked once for each store that is mounted.
#[hook]
pub fn use_client_document<S, T, F>(document: F) -> (T, DocumentSetter<S, T>)
where
    S: StoreContext,
    T: Document,
    F: Fn(&S::Handle) -> DocumentHandle<S, T> + Send + Sync + 'static,
{
    let (scope, update) = (use_scope(), use_force_update());
    let opened = use_mut_ref(|| None::<Opened<S, T>>);
    let found = match &*scope.0 {
        Ok(scope) => scope.nearest::<S>().cloned(),
        Err(error) => Err(error.clone()),
    };
    let name = found.as_ref().ok().map(|mounted| mounted.name().clone());
    {
        let mut opened = opened.borrow_mut();
        if opened.as_ref().is_none_or(|opened| opened.mounted.as_ref() != found.as_ref().ok()) {
            let mounted = found.as_ref().ok().cloned();
            *opened = Some(Opened { mounted, document: found.map(|mounted| mounted.document(document)) });
        }
    }
    {
        let opened = opened.clone();
        use_effect_with(name, move |_| {
            let document = opened.borrow().as_ref().and_then(|opened| opened.document.as_ref().ok().cloned());
            changes::follow(
                |tell| document.map(|document| document.changed(tell)),
                || true,
                move || update.force_update(),
            )
        });
    }
    let opened = opened.borrow();
    let document = opened.as_ref().map(|opened| opened.document.clone());
    let document = document.unwrap_or_else(|| unreachable!("it was set just now"));
    (document.as_ref().map_or_else(|_| T::default(), LiveDocument::get), DocumentSetter { document })
}

impl<S: StoreContext, T: Document> DocumentSetter<S, T> {
    /// Changes the document. Before the store runs, it may be called again, on the value that the store has.
    ///
    /// # Errors
    /// As [`DocumentHandle::update`], where the store runs; [`StoreError::NotProvided`].
    pub fn update(&self, change: impl Fn(&mut T) + Send + Sync + 'static) -> Result<(), StoreError> {
        self.document.as_ref().map_err(Clone::clone)?.update(change)
    }

    /// Replaces the document.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn set(&self, value: T) -> Result<(), StoreError> {
        self.document.as_ref().map_err(Clone::clone)?.set(value)
    }
}
