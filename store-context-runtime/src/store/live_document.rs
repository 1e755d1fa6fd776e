//! [`LiveDocument`]: a client document for user interfaces, which are used while its store loads.

use std::fmt;
use std::sync::Arc;

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::host::current::{Current, Listener};
use crate::host::threads::{Mutex, lock};
use crate::schema::document::Document;
use crate::store::context::StoreContext;
use crate::store::document_handle::DocumentHandle;
use crate::store::follow::Watched;
use crate::store::mounted::Mounted;
use crate::store::watch::Watch;

/// A client document of a mounted store, through all its generations. What is written before the store runs is shown at
/// once, and committed in order when the store runs.
///
/// Clones are the same. It holds the store, as the guard does that it is made of.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> { futures::executor::block_on(async {
/// let registry = StoreRegistry::new();
/// let mounted = ProjectProvider::new().adapter(Sqlite::in_memory()).mount(&registry)?;
/// let view = mounted.document(|store| store.view());
/// view.update(|view| view.draft.push_str("typed while it loads"))?;
/// assert_eq!(view.get().draft, "typed while it loads");
/// # mounted.store().await?;
/// # Ok(()) }) }
/// ```
pub struct LiveDocument<S: StoreContext, T: Document> {
    shared: Arc<Shared<S, T>>,
    /// Commits what is pending when the store runs.
    _applies: Arc<Subscription>,
}

struct Shared<S: StoreContext, T> {
    mounted: Mounted<S>,
    find: Find<S, T>,
    stored: Watch<Watched<T>>,
    pending: Mutex<Pending<T>>,
    /// Told when something is pending, or is no more.
    wrote: Arc<Current<()>>,
}

/// What was written before the store ran.
struct Pending<T> {
    updates: Vec<Update<T>>,
    /// Those that are being committed, and the value that they are made of: they are no more pending, and not yet stored.
    committing: Option<(T, Vec<Update<T>>)>,
}

type Find<S, T> = Box<dyn Fn(&<S as StoreContext>::Handle) -> DocumentHandle<S, T> + Send + Sync>;
type Update<T> = Arc<dyn Fn(&mut T) + Send + Sync>;

impl<S: StoreContext, T: Document> Clone for LiveDocument<S, T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), _applies: Arc::clone(&self._applies) }
    }
}

impl<S: StoreContext, T: Document> fmt::Debug for LiveDocument<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveDocument").field("store", &self.shared.mounted).field("document", &T::NAME).finish()
    }
}

impl<S: StoreContext> Mounted<S> {
    /// A client document, kept current through all generations of the store, which may be written before it runs.
    #[must_use = "what is written is committed as long as it lives"]
    pub fn document<T: Document>(
        &self,
        find: impl Fn(&S::Handle) -> DocumentHandle<S, T> + Send + Sync + 'static,
    ) -> LiveDocument<S, T> {
        let find = Arc::new(find);
        let found = Arc::clone(&find);
        let stored = self.watch(move |store| found(store));
        let shared = Arc::new(Shared {
            mounted: self.clone(),
            find: Box::new(move |store| find(store)),
            stored: stored.clone(),
            pending: Mutex::new(Pending { updates: Vec::new(), committing: None }),
            wrote: Arc::new(Current::new()),
        });
        let weak = Arc::downgrade(&shared);
        let applies = stored.changed(move || {
            if let Some(shared) = weak.upgrade()
                && let Some(document) = shared.running()
                && let Err(error) = shared.apply(&document)
            {
                // Nobody is here to be told; it stays pending, and the next write tells.
                tracing::warn!(store = %shared.mounted.name(), %error, "what was written before the store ran is still pending");
            }
        });
        LiveDocument { shared, _applies: Arc::new(applies) }
    }
}

impl<S: StoreContext, T: Document> LiveDocument<S, T> {
    /// The present value: the store's while it runs, else the default; with what is pending.
    #[must_use]
    pub fn get(&self) -> T {
        self.shared.get()
    }

    /// Calls `on_change` whenever the value may be another one, and not now, until the subscription is dropped. As
    /// [`Watch::changed`].
    pub fn changed(&self, on_change: impl Fn() + Send + Sync + 'static) -> Subscription {
        let on_change = Arc::new(on_change);
        let wrote = self.shared.wrote.listen(Arc::clone(&on_change) as Listener);
        let stored = self.shared.stored.changed(move || on_change());
        Subscription::new(Box::new((wrote, stored)))
    }

    /// Changes the document. Before the store runs, the change is kept, and may be called again, on the store's own value.
    ///
    /// # Errors
    /// As [`DocumentHandle::update`], where the store runs.
    pub fn update(&self, change: impl Fn(&mut T) + Send + Sync + 'static) -> Result<(), StoreError> {
        let document = self.shared.running();
        {
            let mut pending = lock(&self.shared.pending);
            match document {
                Some(document) if pending.updates.is_empty() && pending.committing.is_none() => {
                    drop(pending);
                    return document.update(change).map(drop);
                }
                // In its turn.
                _ => pending.updates.push(Arc::new(change)),
            }
        }
        self.shared.wrote.tell();
        // It may run by now, and have told so before there was anything pending.
        self.shared.running().map_or(Ok(()), |document| self.shared.apply(&document))
    }

    /// Replaces the document.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn set(&self, value: T) -> Result<(), StoreError> {
        self.update(move |document| *document = value.clone())
    }
}

impl<S: StoreContext, T: Document> Shared<S, T> {
    fn running(&self) -> Option<DocumentHandle<S, T>> {
        let store = self.mounted.read().ok()?.ready()?;
        Some((self.find)(&store))
    }

    fn get(&self) -> T {
        let (before, updates) = {
            let pending = lock(&self.pending);
            let (before, committing) = pending.committing.clone().unzip();
            (before, [committing.unwrap_or_default(), pending.updates.clone()].concat())
        };
        let mut value = before.unwrap_or_else(|| self.stored());
        updates.iter().for_each(|update| update(&mut value));
        value
    }

    /// The value in the store; the default while it does not run.
    fn stored(&self) -> T {
        self.stored.get().ready().unwrap_or_default()
    }

    /// Commits what is pending, in order. Where that fails, it stays.
    fn apply(&self, document: &DocumentHandle<S, T>) -> Result<(), StoreError> {
        loop {
            let before = self.stored();
            let updates = {
                let mut pending = lock(&self.pending);
                // Whoever commits now goes on with these.
                if pending.committing.is_some() || pending.updates.is_empty() {
                    return Ok(());
                }
                let updates = std::mem::take(&mut pending.updates);
                pending.committing = Some((before, updates.clone()));
                updates
            };
            let applied = document.update(|value| updates.iter().for_each(|update| update(value)));
            let committed = {
                let mut pending = lock(&self.pending);
                if applied.is_err() {
                    // In front of those that came meanwhile.
                    pending.updates.splice(0..0, updates);
                }
                pending.committing.take()
            };
            drop(committed);
            self.wrote.tell();
            applied?;
        }
    }
}
