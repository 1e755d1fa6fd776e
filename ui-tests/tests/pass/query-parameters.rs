//! Parameters of every kind.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Event, Clone, Serialize, Deserialize)]
enum ProjectEvent {
    Created,
}

type Every = (String, Vec<u8>, bool, Option<i64>, String);

#[derive(StoreContext)]
#[store(events = ProjectEvent)]
struct Project {
    #[query("SELECT :text, :bytes, :flag, :number, :owned")]
    every: Query<fn(text: &str, bytes: &[u8], flag: &bool, number: Option<u32>, owned: String) -> Option<Every>>,
    #[query("SELECT NULL")]
    nullable: Query<fn() -> Option<Option<i64>>>,
}

impl Materialize for Project {
    fn materialize(_: &ProjectEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {
    let _ = ProjectEvent::Created;
    let _ = |store: &ProjectStore| -> Result<(), StoreError> {
        let _: Option<Every> = store.every("a", b"b", &true, Some(1), String::new()).get()?;
        let _: Option<Option<i64>> = store.nullable().get()?;
        Ok(())
    };
}
