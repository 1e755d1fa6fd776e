//! [`use_client_document`]: a client document's value and its setter.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use dioxus::prelude::*;
use store_context_runtime::{Document, DocumentHandle, LiveDocument, Mounted, StoreContext, StoreError};

use crate::kept::Kept;
use crate::provider::ScopeContext;

/// The document of the store that is mounted, and the signal of its value.
struct Opened<S: StoreContext, T: Document> {
    mounted: Option<Mounted<S>>,
    document: Result<LiveDocument<S, T>, StoreError>,
    value: Kept<T>,
}

impl<S: StoreContext, T: Document> Opened<S, T> {
    fn new(
        found: Result<Mounted<S>, StoreError>,
        find: impl Fn(&S::Handle) -> DocumentHandle<S, T> + Send + Sync + 'static,
    ) -> Self {
        let mounted = found.as_ref().ok().cloned();
        let document = found.map(|mounted| mounted.document(find));
        let read = document.clone();
        let value = Kept::new(
            move || read.as_ref().map_or_else(|_| T::default(), LiveDocument::get),
            |tell| Some(document.as_ref().ok()?.changed(tell)),
        );
        Self { mounted, document, value }
    }
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

/// A client document of the nearest store of the schema `S`: a signal of its value, and its setter.
///
/// While the store does not run, the value is the default with what was written meanwhile. It does not suspend: what is
/// typed while the store loads is not lost. `document` is asked once for each store that is mounted.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use dioxus::prelude::*;
/// # use store_context::dioxus::use_client_document;
/// # #[allow(non_snake_case)]
/// fn Draft() -> Element {
///     let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
///     rsx! {
///         input {
///             value: view().draft,
///             oninput: move |event| {
///                 let draft = event.value();
///                 set_view.update(move |view| view.draft.clone_from(&draft))?;
///                 Ok(())
///             },
///         }
///     }
/// }
/// # fn main() { let _ = Draft; }
/// ```
pub fn use_client_document<S: StoreContext, T: Document>(
    document: impl Fn(&S::Handle) -> DocumentHandle<S, T> + Send + Sync + 'static,
) -> (ReadSignal<T, SyncStorage>, DocumentSetter<S, T>) {
    let context = use_hook(ScopeContext::current);
    let opened = use_hook(|| Rc::new(RefCell::new(None::<Opened<S, T>>)));
    let found = context.scope.read().clone().and_then(|scope| scope.nearest::<S>().cloned());
    let mut opened = opened.borrow_mut();
    match &*opened {
        Some(opened) if opened.mounted.as_ref() == found.as_ref().ok() => {}
        _ => *opened = Some(Opened::new(found, document)),
    }
    let opened = opened.as_ref().unwrap_or_else(|| unreachable!("it was set just now"));
    (opened.value.signal.into(), DocumentSetter { document: opened.document.clone() })
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
