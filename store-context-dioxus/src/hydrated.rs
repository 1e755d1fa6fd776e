//! [`use_query_hydrated`]: a query whose result a server sends with its page.

use std::panic::Location;

use dioxus::prelude::*;
use dioxus_fullstack_core::serialize_context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store_context_runtime::{StoreContext, StoreError, Watchable, result_from_text, result_to_text};

use crate::query::{QuerySignal, use_live};
use crate::store::{Read, use_read};

/// As [`use_query_suspense`](crate::use_query_suspense), with the result that a server rendered: it is sent with the page, and
/// is the result there until the store runs. Hydration shows what was sent, and no fallback. For the feature `fullstack`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// # use dioxus::prelude::*;
/// # use store_context::dioxus::use_query_hydrated;
/// # #[allow(non_snake_case)]
/// fn Total() -> Element {
///     let total = use_query_hydrated(|project: &ProjectStore| project.total())?;
///     rsx! { "{total()?}" }
/// }
/// # fn main() { let _ = Total; }
/// ```
///
/// # Errors
/// As [`use_store`](crate::use_store): with `?`, it suspends while the store loads and no server sent a result.
#[track_caller]
pub fn use_query_hydrated<S, Q>(query: impl FnOnce(&S::Handle) -> Q) -> Result<QuerySignal<Q::Value>, RenderError>
where
    S: StoreContext,
    Q: Watchable<S> + PartialEq,
    Q::Value: Serialize + DeserializeOwned,
{
    let location = Location::caller();
    // The same on both sides: they number what they share in the order in which components are rendered first.
    let entry = use_hook(|| serialize_context().create_entry::<String>());
    let sent = use_hook(|| {
        let text = entry.get().ok()?;
        let result = result_from_text::<Q::Value>(&text)?;
        Some(SyncSignal::<Result<Q::Value, StoreError>>::new_maybe_sync(Ok(result)))
    });
    let read = use_read(|scope| scope.nearest::<S>().cloned());
    let live = use_live(if let Read::Ready(store) = &read { Some(query(store)) } else { None });
    match (read, live, sent) {
        (Read::Suspended(_), _, Some(sent)) => Ok(sent.into()),
        (Read::Ready(_), Some(live), _) => {
            if cfg!(not(target_family = "wasm"))
                && let Ok(result) = &*live.peek()
                && let Some(text) = result_to_text(result)
            {
                entry.insert(&text, location);
            }
            Ok(live)
        }
        (read, ..) => read.or_error().map(|_| unreachable!("a store that runs is queried")),
    }
}
