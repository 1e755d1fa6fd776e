//! [`Watch`]: a value that is kept current.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use futures::Stream;
use futures::task::AtomicWaker;

use crate::engine::live::subscription::Subscription;
use crate::error::StoreError;
use crate::host::current::Current;

/// A value that is kept current: the result of a query, a client document, or the phase of a store.
///
/// What every user interface needs: the present value without a wait, a call when there is another, and a stream.
/// Reading it runs no query and takes no lock that a commit holds. A watch holds no store open. Clones are the same
/// watch, and it ends with the last of them.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # fn main() -> Result<(), StoreError> {
/// # let store = example();
/// let total = store.total().watch()?;
/// let _redraws = total.changed(|| println!("draw again"));
/// assert_eq!(total.get()?, 1);
/// store.commit(ProjectEvent::IssueCreated { id: "2".into(), title: "Second".into() })?;
/// assert_eq!(total.get()?, 2);
/// # Ok(()) }
/// ```
pub struct Watch<T> {
    current: Arc<Current<T>>,
    /// What keeps it current: ended with the last clone.
    source: Arc<dyn Any + Send + Sync>,
    /// The version that the stream gave last; `None` before the first.
    seen: Option<u64>,
    woken: Option<Woken>,
}

/// Wakes who polls the stream.
struct Woken {
    waker: Arc<AtomicWaker>,
    _listens: Subscription,
}

impl<T> Clone for Watch<T> {
    /// The same watch. As a stream, the clone begins with the present value.
    fn clone(&self) -> Self {
        Self { current: Arc::clone(&self.current), source: Arc::clone(&self.source), seen: None, woken: None }
    }
}

impl<T> fmt::Debug for Watch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("version", &self.current.version()).finish_non_exhaustive()
    }
}

/// Tells a value that differs from the one before, or the error in its place.
pub type OnChange<T> = Box<dyn FnMut(Result<T, StoreError>) + Send>;

impl<T: Clone + Send + Sync + 'static> Watch<Result<T, StoreError>> {
    /// Kept current by a subscription, until the store ends.
    pub(crate) fn of_handle(
        subscribe_from: impl FnOnce(OnChange<T>) -> Result<(T, Subscription), StoreError>,
    ) -> Result<Self, StoreError> {
        let current = Arc::new(Current::new());
        let kept = Arc::downgrade(&current);
        let (first, live) = subscribe_from(Box::new(move |result| {
            let Some(kept) = Weak::upgrade(&kept) else { return };
            let is_last = matches!(&result, Err(StoreError::Shutdown { .. }));
            drop(kept.put(result));
            if is_last {
                kept.end();
            }
            kept.tell();
        }))?;
        current.begin(Ok(first));
        Ok(Self::new(current, live))
    }
}

impl<T: Clone + Send + Sync + 'static> Watch<T> {
    /// `current` has a value.
    pub(crate) fn new(current: Arc<Current<T>>, source: impl Any + Send + Sync) -> Self {
        Self { current, source: Arc::new(source), seen: None, woken: None }
    }

    /// The present value.
    #[must_use]
    pub fn get(&self) -> T {
        self.current.get().unwrap_or_else(|| unreachable!("a watch is made with a value"))
    }

    /// Calls `on_change` whenever there is another value, and not now, until the subscription is dropped.
    ///
    /// The call is made on any thread, with no lock held, after the commit or the transition that led to it; `get` gives
    /// the new value then, or a later one. A value that came before this call is not told: ask for [`get`](Self::get) after
    /// it.
    pub fn changed(&self, on_change: impl Fn() + Send + Sync + 'static) -> Subscription {
        Subscription::new(Box::new(self.current.listen(Arc::new(on_change))))
    }

    /// Counts the values: a [`get`](Self::get) after this gives the value of this number, or a later one.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.current.version()
    }

    /// Whether both are clones of one watch.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.current, &other.current)
    }
}

/// The present value, then each other one; of several in quick succession the last. It ends where no other value can come:
/// after the end of the store that a handle's query belongs to.
impl<T: Clone + Send + Sync + 'static> Stream for Watch<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        if self.woken.is_none() {
            let waker = Arc::new(AtomicWaker::new());
            let wakes = Arc::clone(&waker);
            let listens = self.changed(move || wakes.wake());
            self.woken = Some(Woken { waker, _listens: listens });
        }
        if let Some(woken) = &self.woken {
            // Before looking, so that a value that comes in between wakes.
            woken.waker.register(context.waker());
        }
        let is_over = self.current.is_over();
        let version = Some(self.current.version());
        if self.seen == version {
            return if is_over { Poll::Ready(None) } else { Poll::Pending };
        }
        self.seen = version;
        Poll::Ready(Some(self.get()))
    }
}
