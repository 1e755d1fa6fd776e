//! [`use_query`]: a query's result as a signal.

use std::cell::RefCell;
use std::rc::Rc;

use dioxus::prelude::*;
use dioxus_core::current_scope_id;
use store_context_runtime::{StoreContext, StoreError, Subscription, Watch, Watchable};

/// A query's result: a signal that may be set from any thread. It is `Copy`.
pub type QuerySignal<T> = ReadSignal<Result<T, StoreError>, SyncStorage>;

/// A query, and the signal of its result.
struct Live<Q, V: Send + Sync + 'static> {
    query: Q,
    signal: SyncSignal<Result<V, StoreError>>,
    _watch: Option<(Watch<Result<V, StoreError>>, Subscription)>,
}

impl<Q, V: Clone + Send + Sync + 'static> Live<Q, V> {
    fn new<S>(query: Q) -> Self
    where
        Q: Watchable<S, Value = V>,
    {
        let scope = current_scope_id();
        let watch = match query.watch() {
            Ok(watch) => watch,
            Err(error) => {
                return Self { query, signal: Signal::new_maybe_sync_in_scope(Err(error), scope), _watch: None };
            }
        };
        let signal = SyncSignal::new_maybe_sync_in_scope(watch.get(), scope);
        let read = watch.clone();
        let live = watch.changed(move || {
            let mut signal = signal;
            // Where the component is gone by now, nobody is to be told.
            if let Ok(mut value) = signal.try_write() {
                *value = read.get();
            }
        });
        Self { query, signal, _watch: Some((watch, live)) }
    }
}

impl<Q, V: Send + Sync + 'static> Drop for Live<Q, V> {
    fn drop(&mut self) {
        self._watch = None;
        self.signal.manually_drop();
    }
}

/// The result of a query, a table or a client document of a running store, as a signal: whoever reads it is rendered again
/// exactly when the result differs.
///
/// The query is built in each render, and may depend on anything: where it is another one, the subscription of the one
/// before ends, and the signal is another one too. For a value derived from the result, use `use_memo`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use dioxus::prelude::*;
/// # use store_context::dioxus::{use_query, use_store};
/// # #[allow(non_snake_case)]
/// fn Todo() -> Element {
///     let store = use_store::<Project>()?;
///     let todo = use_query(store.by_status(Status::Todo, 20));
///     let titles = todo()?.iter().map(|issue| issue.title.clone()).collect::<Vec<_>>();
///     rsx! { ul { for title in titles { li { "{title}" } } } }
/// }
/// # fn main() { let _ = Todo; }
/// ```
pub fn use_query<S, Q>(query: Q) -> QuerySignal<Q::Value>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
{
    let live = use_hook(|| Rc::new(RefCell::new(None::<Live<Q, Q::Value>>)));
    let mut live = live.borrow_mut();
    match &*live {
        Some(live) if live.query == query => {}
        _ => *live = Some(Live::new(query)),
    }
    let live = live.as_ref().unwrap_or_else(|| unreachable!("it was set just now"));
    live.signal.into()
}
