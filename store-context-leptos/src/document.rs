//! [`use_client_document`]: a client document's value and its setter.

use std::fmt;
use std::sync::Arc;

use leptos::prelude::*;
use store_context_runtime::{Document, DocumentHandle, LiveDocument, StoreContext, StoreError, Subscription};

use crate::derived::Derived;
use crate::store::{Followed, UseStore, use_store};
use crate::tracked::Changes;

/// The document of the store that is mounted, and what runs the reactive graph when it differs.
struct Opened<S: StoreContext, T: Document> {
    store: Followed<S>,
    document: LiveDocument<S, T>,
    changes: Changes,
    _tells: Subscription,
}

impl<S: StoreContext, T: Document> Opened<S, T> {
    fn new(store: Followed<S>, find: &Find<S, T>) -> Arc<Self> {
        let (find, changes) = (Arc::clone(find), Changes::new());
        let document = store.mounted.document(move |running| find(running));
        let tells = document.changed(changes.notify());
        Arc::new(Self { store, document, changes, _tells: tells })
    }
}

type Find<S, T> = Arc<dyn Fn(&<S as StoreContext>::Handle) -> DocumentHandle<S, T> + Send + Sync>;

/// Writes a client document. It is `Copy`, as signals are.
///
/// What is written before the store runs is shown at once, and committed in order when the store runs.
pub struct DocumentSetter<S: StoreContext, T: Document> {
    opened: Derived<Result<Arc<Opened<S, T>>, StoreError>>,
}

impl<S: StoreContext, T: Document> Clone for DocumentSetter<S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: StoreContext, T: Document> Copy for DocumentSetter<S, T> {}

impl<S: StoreContext, T: Document> fmt::Debug for DocumentSetter<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DocumentSetter").field(&T::NAME).finish()
    }
}

/// A client document of the nearest store of the schema `S`: its value, and its setter.
///
/// While the store does not run, the value is the default with what was written meanwhile. It does not
/// suspend: what is typed while the store loads is not lost.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use leptos::prelude::*;
/// # use store_context::leptos::*;
/// #[component]
/// fn Draft() -> impl IntoView {
///     let (view, set_view) = use_client_document(|project: &ProjectStore| project.view());
///     let typed = move |event| {
///         let draft = event_target_value(&event);
///         if let Err(error) = set_view.update(move |view| view.draft.clone_from(&draft)) {
///             leptos::logging::error!("{error}");
///         }
///     };
///     view! { <input prop:value=move || view.get().draft on:input=typed/> }
/// }
/// # fn main() {}
/// ```
pub fn use_client_document<S: StoreContext, T: Document>(
    document: impl Fn(&S::Handle) -> DocumentHandle<S, T> + Send + Sync + 'static,
) -> (Signal<T>, DocumentSetter<S, T>) {
    let (store, find): (UseStore<S>, Find<S, T>) = (use_store(), Arc::new(document));
    let opened = Derived::new(
        move |before: Option<&Result<Arc<Opened<S, T>>, StoreError>>| {
            let store = store.mounted()?;
            Ok(match before {
                Some(Ok(before)) if before.store.is_same(&store) => Arc::clone(before),
                _ => Opened::new(store, &find),
            })
        },
        |before, now| matches!((before, now), (Ok(before), Ok(now)) if Arc::ptr_eq(before, now)),
    );
    let value = Signal::derive(move || match opened.get() {
        Ok(opened) => {
            opened.changes.track();
            opened.document.get()
        }
        Err(_) => T::default(),
    });
    (value, DocumentSetter { opened })
}

impl<S: StoreContext, T: Document> DocumentSetter<S, T> {
    /// Changes the document. Before the store runs, it may be called again, on the value that the store has.
    ///
    /// # Errors
    /// As [`DocumentHandle::update`], where the store runs; [`StoreError::NotProvided`].
    pub fn update(&self, change: impl Fn(&mut T) + Send + Sync + 'static) -> Result<(), StoreError> {
        self.opened.get_untracked()?.document.update(change)
    }

    /// Replaces the document.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn set(&self, value: T) -> Result<(), StoreError> {
        self.opened.get_untracked()?.document.set(value)
    }
}
