//! Names in other cases, `Self` in a JSON field, a prelude that is not there: no warning, no error.

#![deny(warnings)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone, Debug, Serialize, Deserialize)]
#[row(table = "nodes")]
#[allow(non_snake_case)]
pub struct Node {
    #[row(primary_key)]
    pub nodeId: i64,
    #[row(json)]
    pub children: Vec<Self>,
}

#[allow(non_camel_case_types)]
#[derive(Row, Clone, Debug)]
#[row(table = "plain")]
pub struct plain_row {
    #[row(primary_key)]
    pub id: i64,
}

mod bare {
    #![no_implicit_prelude]

    #[derive(::store_context::Column, ::core::clone::Clone, ::core::fmt::Debug)]
    pub enum Status {
        Open,
    }

    #[derive(::store_context::Column, ::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Id(pub ::core::primitive::i64);
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum TreeEvent {
    Grown,
}

#[derive(StoreContext)]
#[store(events = TreeEvent)]
#[allow(non_snake_case)]
pub struct Tree {
    pub allNodes: Table<Node>,
    pub plain: Table<plain_row>,
}

impl Materialize for Tree {
    fn materialize(_: &TreeEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        tx.table::<Node>().update(|n| n.children.set(&vec![]))?;
        Ok(())
    }
}

fn main() {
    let _ = (bare::Status::Open, bare::Id(1));
}
