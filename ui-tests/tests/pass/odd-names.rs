//! Raw identifiers, and names that std or the handle have too.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]
#![deny(clippy::all, clippy::pedantic)]

use serde::{Deserialize, Serialize};
use store_context::Store;
use store_context::prelude::*;
use store_context::query::TableRow;

#[allow(clippy::struct_field_names)]
#[derive(Row, Clone)]
#[row(table = "type", index(r#type, r#match))]
struct r#Type {
    #[row(primary_key)]
    r#type: String,
    r#match: i64,
    row: i64,
    value: Option<Kind>,
    #[row(json)]
    r#struct: Option<Vec<i64>>,
}

#[derive(Column, Clone, Copy)]
enum Kind {
    r#Fn,
    Option,
    #[column(rename = "ok")]
    Ok,
    Err,
}

#[derive(Document, Clone, Default, Serialize, Deserialize)]
struct r#Match {
    r#in: String,
}

#[derive(Event, Clone, Serialize, Deserialize)]
enum r#Event {
    r#Loop { r#for: String },
}

#[derive(StoreContext)]
#[store(events = r#Event)]
struct r#Use {
    commit: Table<r#Type>,
    new: ClientDocument<r#Match>,
    #[query("SELECT type FROM type WHERE match = :match AND type <> :row")]
    clone: Query<fn(r#match: i64, row: &str) -> Option<String>>,
    #[query("SELECT 1")]
    deref: Query<fn() -> i64>,
    #[query("SELECT 2")]
    r#type: Query<fn() -> i64>,
    #[query("SELECT 3")]
    from: Query<fn() -> i64>,
    #[query("SELECT 4")]
    document: Query<fn() -> i64>,
}

impl Materialize for r#Use {
    fn materialize(event: r#Event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let r#Event::r#Loop { r#for } = event;
        tx.table::<r#Type>().filter(|t| t.r#type.eq(r#for)).update(|t| t.value.set(Kind::r#Fn))?;
        Ok(())
    }
}

fn read(store: &UseStore) -> Result<(), StoreError> {
    let _ = Store::commit(store, r#Event::r#Loop { r#for: String::new() })?;
    let _: Rows<r#Type> = store.commit().filter(|t| t.r#match.gt(1)).get()?;
    let _: Option<String> = store.clone(1, "x").get()?;
    let _: i64 = store.deref().get()? + store.r#type().get()? + store.from().get()? + store.document().get()?;
    let _: r#Match = store.new().get()?;
    let _: [Kind; 3] = [Kind::Option, Kind::Ok, Kind::Err];
    let _: UseStore = Clone::clone(store);
    Ok(())
}

fn main() {
    let _ = read;
    assert_eq!(<r#Type as TableRow>::TABLE.columns[0].name, "type");
    assert_eq!(r#Use::SCHEMA.name, "use");
    assert_eq!(r#Use::SCHEMA.documents[0].name, "match");
    assert_eq!(r#Use::SCHEMA.queries[0].parameters, ["match", "row"]);
}
