//! Parameters of every kind.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

// Clippy counts the parts of a function type, and no derive can answer for the struct that it stands in.
#[allow(clippy::type_complexity)]
#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Project {
    #[query("SELECT :text WHERE :flag AND :bytes")]
    borrowed: Query<fn(text: &str, bytes: &[u8], flag: &bool) -> Option<String>>,
    #[query("SELECT :number, :owned")]
    owned: Query<fn(number: Option<u32>, owned: String) -> Option<(i64, String)>>,
    #[query("SELECT NULL")]
    nullable: Query<fn() -> Option<Option<i64>>>,
}

impl Materialize for Project {
    fn materialize(_: ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {
    let _ = ProjectEvent::Created;
    let _ = |store: &ProjectStore| -> Result<(), StoreError> {
        let _: Option<String> = store.borrowed("a", b"b", &true).get()?;
        let _: Option<(i64, String)> = store.owned(Some(1), String::new()).get()?;
        let _: Option<Option<i64>> = store.nullable().get()?;
        Ok(())
    };
}
