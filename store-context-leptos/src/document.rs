//! [`use_client_document`]: a client document's value and its setter.

use std::fmt;
use std::sync::Arc;

use any_spawner::Executor;
use leptos::prelude::*;
use reactive_graph::signal::ArcTrigger;
use store_context_runtime::{Document, DocumentHandle, PendingUpdates, StoreContext, StoreError};

use crate::query::{ArcLive, same_or_new};
use crate::store::{Followed, UseStore, use_store};

/// The document of one store: its value while the store runs, and what was written before.
struct Opened<S: StoreContext, T: Document> {
    store: Option<Followed<S>>,
    live: Option<ArcLive<S, DocumentHandle<S, T>>>,
    pending: Arc<PendingUpdates<T>>,
    wrote: ArcTrigger,
}

impl<S: StoreContext, T: Document> Clone for Opened<S, T> {
    fn clone(&self) -> Self {
        let Self { store, live, pending, wrote } = self;
        Self { store: store.clone(), live: live.clone(), pending: Arc::clone(pending), wrote: wrote.clone() }
    }
}

impl<S: StoreContext, T: Document> Opened<S, T> {
    /// Commits what was written before the store ran. Where that fails, it is tried again with the next write.
    fn apply(&self, document: &DocumentHandle<S, T>) -> Result<(), StoreError> {
        let applied = self.pending.apply(document);
        self.wrote.notify();
        applied
    }
}

type Find<S, T> = Arc<dyn Fn(&<S as StoreContext>::Handle) -> DocumentHandle<S, T> + Send + Sync>;

/// Writes a client document. It is `Copy`, as signals are.
///
/// What is written before the store runs is shown at once, and committed in order when the store runs.
pub struct DocumentSetter<S: StoreContext, T: Document> {
    find: StoredValue<Find<S, T>>,
    opened: Memo<Opened<S, T>>,
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
/// While the store does not run, the value is the default with what was written meanwhile. `document` may read signals.
/// It does not suspend: what is typed while the store loads is not lost.
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
    let found = Arc::clone(&find);
    let opened = Memo::new_with_compare(
        move |before: Option<&Opened<S, T>>| open(store, &found, before),
        |before, now| match (before, now) {
            (Some(before), Some(now)) => {
                !Arc::ptr_eq(&before.pending, &now.pending)
                    || before.live.as_ref().map(Arc::as_ptr) != now.live.as_ref().map(Arc::as_ptr)
            }
            _ => true,
        },
    );
    let value = Signal::derive(move || {
        let opened = opened.get();
        opened.wrote.track();
        opened.pending.over(opened.live.map_or_else(T::default, |live| live.get().unwrap_or_default()))
    });
    (value, DocumentSetter { find: StoredValue::new(find), opened })
}

/// The document of the store that is mounted now; of the same store as before, with what was written.
fn open<S: StoreContext, T: Document>(
    store: UseStore<S>,
    find: &Find<S, T>,
    before: Option<&Opened<S, T>>,
) -> Opened<S, T> {
    let store = store.followed().ok();
    let is_same = |before: &&Opened<S, T>| match (&before.store, &store) {
        (Some(before), Some(now)) => before.is_same(now),
        (None, None) => true,
        _ => false,
    };
    let before = before.filter(is_same);
    let (pending, wrote) = match before {
        Some(before) => (Arc::clone(&before.pending), before.wrote.clone()),
        None => (Arc::default(), ArcTrigger::new()),
    };
    let running = store.as_ref().and_then(|store| store.mounted.read().ok()?.ready());
    let live = running.map(|running| same_or_new(before.and_then(|before| before.live.as_ref()), find(&running)));
    let opened = Opened { store, live, pending, wrote };
    if let Some(live) = &opened.live
        && !opened.pending.is_empty()
    {
        // Elsewhere: a commit tells signals, and this computes one.
        let (document, opened) = (live.query().clone(), opened.clone());
        Executor::spawn(async move { _ = opened.apply(&document) });
    }
    opened
}

impl<S: StoreContext, T: Document> DocumentSetter<S, T> {
    /// Changes the document. It may be called once more, on the value that the store has.
    ///
    /// # Errors
    /// As [`DocumentHandle::update`], where the store runs.
    pub fn update(&self, change: impl Fn(&mut T) + Send + Sync + 'static) -> Result<(), StoreError> {
        let opened = self.opened.get_untracked();
        if let Some(live) = &opened.live {
            opened.apply(live.query())?;
            return live.query().update(change).map(drop);
        }
        opened.pending.push(change);
        opened.wrote.notify();
        if let Some(store) = &opened.store {
            let (loading, find) = (store.mounted.store(), self.find.get_value());
            Executor::spawn(async move {
                // Where it fails, the next generation of the store has it.
                if let Ok(running) = loading.await {
                    let _ = opened.apply(&find(&running));
                }
            });
        }
        Ok(())
    }

    /// Replaces the document.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn set(&self, value: T) -> Result<(), StoreError> {
        self.update(move |document| *document = value.clone())
    }
}
