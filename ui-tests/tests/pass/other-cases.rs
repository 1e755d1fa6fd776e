//! Names in other cases, `Self` in a JSON field, a prelude that is not there: no warning, no error.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone, Debug, Serialize, Deserialize)]
#[row(table = "nodes")]
#[allow(non_snake_case)]
struct Node {
    #[row(primary_key)]
    nodeId: i64,
    #[row(json)]
    children: Vec<Self>,
}

#[allow(non_camel_case_types)]
#[derive(Row, Clone, Debug)]
#[row(table = "plain")]
struct plain_row {
    #[row(primary_key)]
    id: i64,
}

mod bare {
    #![no_implicit_prelude]

    #[derive(::store_context::Column, ::core::clone::Clone, ::core::fmt::Debug)]
    pub(super) enum Status {
        Open,
    }

    #[derive(::store_context::Column, ::core::clone::Clone, ::core::fmt::Debug)]
    pub(super) struct Id(pub(super) ::core::primitive::i64);
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum TreeEvent {
    Grown,
}

#[derive(StoreContext)]
#[store(events = TreeEvent)]
#[allow(non_snake_case)]
struct Tree {
    allNodes: Table<Node>,
    plain: Table<plain_row>,
}

impl Materialize for Tree {
    fn materialize(_: TreeEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        tx.table::<Node>().update(|n| n.children.set(&vec![]))?;
        Ok(())
    }
}

fn main() {
    let _ = (bare::Status::Open, bare::Id(1));
}
